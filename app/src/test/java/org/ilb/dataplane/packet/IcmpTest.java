package org.ilb.dataplane.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;

/** ICMP messages made here byte by byte, with checksums computed from nothing. */
class IcmpTest {

    private static final MacAddress ILB = MacAddress.valueOf("02:49:0a:0a:01:01");
    private static final MacAddress SERVER_MAC = MacAddress.valueOf("00:00:00:00:00:0b");
    private static final Endpoint SERVICE = Endpoint.parse("10.100.0.1:80");
    private static final int ETHERNET = 14;

    private static Endpoint end(Random random) {
        return Endpoint.of(IpAddress.valueOf(random.nextInt()), 1 + random.nextInt(65535));
    }

    /** An IP packet with options, if any, and all checksums right. */
    private static byte[] ip(Random random, int protocol, IpAddress from, IpAddress to, byte[] payload) {
        int header = 20 + 4 * random.nextInt(3);
        byte[] packet = new byte[header + payload.length];
        random.nextBytes(packet);
        packet[0] = (byte) (0x40 | header / 4);
        Segment.putShort(packet, 2, packet.length);
        Segment.putShort(packet, 6, random.nextBoolean() ? 0x4000 : 0);
        packet[9] = (byte) protocol;
        System.arraycopy(from.toOctets(), 0, packet, 12, 4);
        System.arraycopy(to.toOctets(), 0, packet, 16, 4);
        System.arraycopy(payload, 0, packet, header, payload.length);
        sum(packet, 10, 0, header, 0);
        return packet;
    }

    private static void sum(byte[] bytes, int at, int from, int to, long start) {
        Segment.putShort(bytes, at, 0);
        Segment.putShort(bytes, at, InternetChecksum.finish(InternetChecksum.add(bytes, from, to, start)));
    }

    private static long pseudo(byte[] packet, int length) {
        return InternetChecksum.add(packet, 12, 20, 6L + length);
    }

    private static byte[] segment(Random random, Endpoint from, Endpoint to) {
        byte[] tcp = new byte[20 + random.nextInt(1400)];
        random.nextBytes(tcp);
        Segment.putShort(tcp, 0, from.port());
        Segment.putShort(tcp, 2, to.port());
        byte[] packet = ip(random, 6, from.address(), to.address(), tcp);
        int at = (packet[0] & 0x0f) * 4;
        sum(packet, at + 16, at, packet.length, pseudo(packet, tcp.length));
        return packet;
    }

    private static byte[] frame(Random random, byte[] packet) {
        // Short frames are padded.
        byte[] frame = new byte[ETHERNET + packet.length + (random.nextBoolean() ? random.nextInt(20) : 0)];
        random.nextBytes(frame);
        frame[12] = 0x08;
        frame[13] = 0;
        System.arraycopy(packet, 0, frame, ETHERNET, packet.length);
        return frame;
    }

    /** An error from a router about a segment, quoting this much of it. */
    private static byte[] error(Random random, byte[] segment, int quoted) {
        byte[] icmp = new byte[8 + quoted];
        random.nextBytes(icmp);
        icmp[0] = (byte) new int[] {3, 11, 12}[random.nextInt(3)];
        System.arraycopy(segment, 0, icmp, 8, quoted);
        sum(icmp, 2, 0, icmp.length, 0);
        IpAddress router = IpAddress.valueOf(random.nextInt());
        return frame(random, ip(random, 1, router, IcmpHeader.address(segment, 12), icmp));
    }

    private static int quotable(Random random, byte[] segment) {
        int least = (segment[0] & 0x0f) * 4 + 8;
        return least + random.nextInt(Math.min(segment.length, 548) - least + 1);
    }

    /** What is left of it when all that a rewriting must set right is taken out. */
    private static void check(byte[] packet, int from, int to, long start) {
        int sum = InternetChecksum.finish(InternetChecksum.add(packet, from, to, start));
        assertEquals(0, sum, () -> "checksum of " + from + " to " + to + " in " + Arrays.toString(packet));
    }

    @Property(tries = 1000)
    void theServerSeesAnErrorAboutWhatItSent(@ForAll long seed) {
        Random random = new Random(seed);
        Endpoint client = end(random);
        Endpoint server = end(random);
        byte[] segment = segment(random, SERVICE, client);
        int length = quotable(random, segment);
        byte[] before = error(random, segment, length);
        IcmpError read = IcmpError.parse(ByteBuffer.wrap(before)).orElseThrow();
        assertEquals(FlowKey.of(SERVICE, client), read.key());

        byte[] after = bytes(read.rewritten(ILB, SERVER_MAC, server));
        assertEquals(before.length, after.length);
        assertArrayEquals(SERVER_MAC.toBytes(), Arrays.copyOfRange(after, 0, 6));
        assertArrayEquals(ILB.toBytes(), Arrays.copyOfRange(after, 6, 12));
        int icmp = ETHERNET + (after[ETHERNET] & 0x0f) * 4;
        int end = ETHERNET + IcmpHeader.unsignedShort(after, 16);
        assertEquals(server.address(), IcmpHeader.address(after, 30));
        check(after, ETHERNET, icmp, 0);
        check(after, icmp, end, 0);
        int quoted = icmp + 8;
        int tcp = quoted + (after[quoted] & 0x0f) * 4;
        check(after, quoted, tcp, 0);
        assertEquals(server.address(), IcmpHeader.address(after, quoted + 12));
        assertEquals(server.port(), IcmpHeader.unsignedShort(after, tcp));

        // What the server sent is what is quoted, had it not been translated on its way.
        byte[] original = segment.clone();
        System.arraycopy(server.address().toOctets(), 0, original, 12, 4);
        int at = (original[0] & 0x0f) * 4;
        Segment.putShort(original, at, server.port());
        sum(original, 10, 0, at, 0);
        sum(original, at + 16, at, original.length, pseudo(original, original.length - at));
        byte[] quotation = Arrays.copyOfRange(after, quoted, quoted + length);
        if (length < at + 18) {
            // Half a checksum is nobody's.
            int comparable = Math.min(length, at + 16);
            assertArrayEquals(Arrays.copyOf(original, comparable), Arrays.copyOf(quotation, comparable));
        } else {
            // 0 and 0xffff are the same sum.
            long difference =
                    IcmpHeader.unsignedShort(original, at + 16) - IcmpHeader.unsignedShort(quotation, at + 16);
            assertTrue(difference % 0xffff == 0);
            Segment.putShort(quotation, at + 16, IcmpHeader.unsignedShort(original, at + 16));
            assertArrayEquals(Arrays.copyOf(original, length), quotation);
        }
        // Nothing else is different.
        assertArrayEquals(
                Arrays.copyOfRange(before, icmp + 4, icmp + 8), Arrays.copyOfRange(after, icmp + 4, icmp + 8));
        assertArrayEquals(Arrays.copyOfRange(before, end, before.length), Arrays.copyOfRange(after, end, after.length));
    }

    @Property(tries = 200)
    void aServerThatHoldsTheVirtualAddressGetsItAsItIs(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] segment = segment(random, SERVICE, end(random));
        byte[] before = error(random, segment, quotable(random, segment));
        byte[] after =
                bytes(IcmpError.parse(ByteBuffer.wrap(before)).orElseThrow().rewritten(ILB, SERVER_MAC, SERVICE));
        assertArrayEquals(Arrays.copyOfRange(before, 12, before.length), Arrays.copyOfRange(after, 12, after.length));
    }

    @Property(tries = 500)
    void anEchoIsAnsweredByTheSameMessage(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] icmp = new byte[8 + random.nextInt(1400)];
        random.nextBytes(icmp);
        icmp[0] = 8;
        icmp[1] = 0;
        sum(icmp, 2, 0, icmp.length, 0);
        IpAddress client = IpAddress.valueOf(random.nextInt());
        byte[] asked = frame(random, ip(random, 1, client, SERVICE.address(), icmp));
        EchoRequest request = EchoRequest.parse(ByteBuffer.wrap(asked)).orElseThrow();
        assertEquals(SERVICE.address(), request.destination());
        byte[] answer = bytes(request.answer());
        int at = ETHERNET + (answer[ETHERNET] & 0x0f) * 4;
        int end = ETHERNET + IcmpHeader.unsignedShort(answer, 16);
        assertEquals(client, IcmpHeader.address(answer, 30));
        assertEquals(SERVICE.address(), IcmpHeader.address(answer, 26));
        assertArrayEquals(Arrays.copyOfRange(asked, 6, 12), Arrays.copyOfRange(answer, 0, 6));
        check(answer, ETHERNET, at, 0);
        check(answer, at, end, 0);
        assertEquals(0, answer[at]);
        assertArrayEquals(
                Arrays.copyOfRange(asked, at + 4, asked.length), Arrays.copyOfRange(answer, at + 4, answer.length));
        assertTrue(EchoRequest.parse(ByteBuffer.wrap(answer)).isEmpty(), "an answer is not answered");
        assertTrue(IcmpError.parse(ByteBuffer.wrap(asked)).isEmpty());
    }

    @Property(tries = 500)
    void whatIsNotAboutOurOwnSegmentIsRefused(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] segment = segment(random, SERVICE, end(random));
        byte[] whole = error(random, segment, quotable(random, segment));
        int icmp = ETHERNET + (whole[ETHERNET] & 0x0f) * 4;
        int quoted = icmp + 8;
        assertRefused(with(whole, icmp, 5));
        assertRefused(with(whole, 23, 17));
        assertRefused(with(whole, 20, 0x20));
        assertRefused(with(whole, 21, 1));
        assertRefused(with(whole, quoted + 9, 17));
        assertRefused(with(whole, quoted + 7, 1));
        assertRefused(with(whole, quoted, 0x65));
        assertRefused(with(whole, quoted, 0x4f + 0x10));
        assertRefused(with(whole, 30, whole[30] + 1));
        assertRefused(Arrays.copyOf(whole, icmp + 8 + 27));
    }

    @Property(tries = 5000)
    void bytesFromTheWireNeverThrow(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] segment = segment(random, SERVICE, end(random));
        byte[] whole = error(random, segment, quotable(random, segment));
        byte[] damaged = Arrays.copyOf(whole, random.nextInt(3) == 0 ? random.nextInt(whole.length + 1) : whole.length);
        for (int flips = random.nextInt(6); flips > 0 && damaged.length > 0; flips--) {
            damaged[random.nextInt(Math.min(damaged.length, 120))] = (byte) random.nextInt();
        }
        Optional<IcmpError> error = IcmpError.parse(ByteBuffer.wrap(damaged));
        error.ifPresent(read -> {
            assertEquals(
                    damaged.length, read.rewritten(ILB, SERVER_MAC, end(random)).remaining());
            read.key();
        });
        EchoRequest.parse(ByteBuffer.wrap(damaged))
                .ifPresent(read -> assertEquals(damaged.length, read.answer().remaining()));
    }

    private static void assertRefused(byte[] frame) {
        assertFalse(IcmpError.parse(ByteBuffer.wrap(frame)).isPresent());
    }

    private static byte[] with(byte[] frame, int at, int value) {
        byte[] changed = frame.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
