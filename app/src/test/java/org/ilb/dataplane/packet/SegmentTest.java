package org.ilb.dataplane.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.ilb.Endpoint;
import org.junit.jupiter.api.Test;
import org.onlab.packet.Data;
import org.onlab.packet.DeserializationException;
import org.onlab.packet.Ethernet;
import org.onlab.packet.IPv4;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onlab.packet.TCP;

/** Segments against ONOS's own packet classes, which serve as the oracle, and against bytes that are no segment. */
class SegmentTest {

    private static final MacAddress ILB = MacAddress.valueOf("02:49:0a:0a:01:01");
    private static final MacAddress SERVER = MacAddress.valueOf("00:00:00:00:00:0b");
    private static final int RUNS = 2000;

    @Test
    void readsWhatOnosWrote() {
        Random random = new Random(1);
        for (int run = 0; run < RUNS; run++) {
            Ethernet frame = frame(random);
            IPv4 ip = (IPv4) frame.getPayload();
            TCP tcp = (TCP) ip.getPayload();
            Segment segment = parse(frame.serialize());
            assertEquals(ip.getDestinationAddress(), segment.key().destinationAddress());
            assertEquals(ip.getSourceAddress(), segment.key().sourceAddress());
            assertEquals(tcp.getDestinationPort(), segment.key().destinationPort());
            assertEquals(tcp.getSourcePort(), segment.key().sourcePort());
            assertEquals(tcp.getSequence(), segment.sequence());
            assertEquals((tcp.getFlags() & 0x16) == 0x02, segment.isSyn());
            assertEquals((tcp.getFlags() & 0x04) != 0, segment.isReset());
            assertEquals(frame.getSourceMAC(), segment.sourceMac());
            assertEquals(frame.getDestinationMAC(), segment.destinationMac());
        }
    }

    @Test
    void rewritesAsAFullRecomputationDoes() {
        Random random = new Random(2);
        for (int run = 0; run < RUNS; run++) {
            Ethernet frame = frame(random);
            Segment segment = parse(withChecksums(frame.serialize()));
            Endpoint server = Endpoint.of(IpAddress.valueOf(random.nextInt()), 1 + random.nextInt(65535));

            IPv4 ip = (IPv4) frame.getPayload();
            TCP tcp = (TCP) ip.getPayload();
            frame.setSourceMACAddress(ILB);
            frame.setDestinationMACAddress(SERVER);
            ip.setDestinationAddress(server.address().getIp4Address().toInt());
            tcp.setDestinationPort(server.port());
            ip.resetChecksum();
            tcp.resetChecksum();
            byte[] rewritten = bytes(segment.rewritten(ILB, SERVER, server));
            assertValidChecksums(rewritten, "run " + run);
            assertArrayEquals(withoutChecksums(frame.serialize()), withoutChecksums(rewritten), "run " + run);
        }
    }

    @Test
    void keepsAWrongChecksumWrongRatherThanHidingIt() {
        byte[] frame = frame(new Random(3)).serialize();
        frame[frame.length - 1] ^= 1;
        byte[] out = bytes(parse(frame).rewritten(ILB, SERVER, Endpoint.parse("10.0.0.11:8080")));
        long sum = InternetChecksum.add(out, 26, out.length, 6 + out.length - 34);
        assertFalse(InternetChecksum.finish(sum) == 0, "a damaged segment must stay recognisable");
    }

    @Test
    void refusesFragmentsAndOtherProtocols() {
        byte[] whole = frame(new Random(4)).serialize();
        assertTrue(Segment.parse(ByteBuffer.wrap(whole)).isPresent());
        assertRefused(with(whole, 20, 0x20));
        assertRefused(with(whole, 21, 0x01));
        assertRefused(with(whole, 23, 17));
        assertRefused(with(whole, 12, 0x86));
        assertRefused(with(whole, 14, 0x65));
        byte[] portZero = whole.clone();
        portZero[34] = 0;
        portZero[35] = 0;
        assertRefused(portZero);
    }

    @Test
    void neverThrowsOnBytesFromTheWire() {
        Random random = new Random(5);
        for (int run = 0; run < 50_000; run++) {
            byte[] bytes = frame(random).serialize();
            int length = random.nextInt(bytes.length + 1);
            byte[] damaged = new byte[length];
            System.arraycopy(bytes, 0, damaged, 0, length);
            for (int flips = random.nextInt(4); flips > 0 && length > 0; flips--) {
                damaged[random.nextInt(Math.min(length, 60))] = (byte) random.nextInt();
            }
            Optional<Segment> segment = Segment.parse(ByteBuffer.wrap(damaged));
            segment.ifPresent(s -> {
                assertEquals(
                        length,
                        s.rewritten(ILB, SERVER, Endpoint.parse("10.0.0.11:80")).remaining());
                assertTrue(s.sequenceLength() >= 0);
                Reset.answering(s);
            });
        }
    }

    @Test
    void resetsAsRfc9293Says() throws DeserializationException {
        Random random = new Random(6);
        for (int run = 0; run < RUNS; run++) {
            Ethernet frame = frame(random);
            IPv4 ip = (IPv4) frame.getPayload();
            TCP tcp = (TCP) ip.getPayload();
            Optional<ByteBuffer> answer = Reset.answering(parse(frame.serialize()));
            if ((tcp.getFlags() & 0x04) != 0) {
                assertFalse(answer.isPresent(), "a reset is never answered");
                continue;
            }
            byte[] bytes = bytes(answer.get());
            Ethernet reset = Ethernet.deserializer().deserialize(bytes, 0, bytes.length);
            IPv4 resetIp = (IPv4) reset.getPayload();
            TCP resetTcp = (TCP) resetIp.getPayload();
            assertEquals(frame.getSourceMAC(), reset.getDestinationMAC());
            assertEquals(frame.getDestinationMAC(), reset.getSourceMAC());
            assertEquals(ip.getSourceAddress(), resetIp.getDestinationAddress());
            assertEquals(ip.getDestinationAddress(), resetIp.getSourceAddress());
            assertEquals(tcp.getSourcePort(), resetTcp.getDestinationPort());
            assertEquals(tcp.getDestinationPort(), resetTcp.getSourcePort());
            if ((tcp.getFlags() & 0x10) != 0) {
                assertEquals(0x04, resetTcp.getFlags());
                assertEquals(tcp.getAcknowledge(), resetTcp.getSequence());
            } else {
                int length = tcp.getPayload().serialize().length + Integer.bitCount(tcp.getFlags() & 0x03);
                assertEquals(0x14, resetTcp.getFlags());
                assertEquals(tcp.getSequence() + length, resetTcp.getAcknowledge());
            }
            assertValidChecksums(bytes, "run " + run);
        }
    }

    /**
     * A receiver's check: the one's complement sum over what a checksum covers is all ones. ONOS's own classes cannot
     * judge, they fold the carry once only and are off by one now and then.
     */
    private static void assertValidChecksums(byte[] frame, String message) {
        int ipLength = (frame[14] & 0x0f) * 4;
        assertEquals(0xffff, onesComplementSum(frame, 14, 14 + ipLength, 0), message);
        int tcpLength = frame.length - 14 - ipLength;
        int addresses = onesComplementSum(frame, 26, 34, 6 + tcpLength);
        assertEquals(0xffff, onesComplementSum(frame, 14 + ipLength, frame.length, addresses), message);
    }

    private static int onesComplementSum(byte[] bytes, int from, int to, int start) {
        int sum = start;
        for (int i = from; i < to; i++) {
            sum += (bytes[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return sum;
    }

    private static byte[] withChecksums(byte[] frame) {
        byte[] copy = withoutChecksums(frame);
        int tcp = 14 + (frame[14] & 0x0f) * 4;
        Segment.putShort(copy, 24, ~onesComplementSum(copy, 14, tcp, 0));
        int addresses = onesComplementSum(copy, 26, 34, 6 + copy.length - tcp);
        Segment.putShort(copy, tcp + 16, ~onesComplementSum(copy, tcp, copy.length, addresses));
        return copy;
    }

    private static byte[] withoutChecksums(byte[] frame) {
        byte[] copy = frame.clone();
        int tcp = 14 + (frame[14] & 0x0f) * 4;
        copy[24] = copy[25] = copy[tcp + 16] = copy[tcp + 17] = 0;
        return copy;
    }

    private static void assertRefused(byte[] frame) {
        assertFalse(Segment.parse(ByteBuffer.wrap(frame)).isPresent());
    }

    private static byte[] with(byte[] frame, int at, int value) {
        byte[] changed = frame.clone();
        changed[at] = (byte) value;
        return changed;
    }

    private static Segment parse(byte[] frame) {
        return Segment.parse(ByteBuffer.wrap(frame)).get();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static Ethernet frame(Random random) {
        byte[] payload = new byte[random.nextInt(4) == 0 ? 0 : 100 + random.nextInt(1300)];
        random.nextBytes(payload);
        TCP tcp = new TCP();
        tcp.setSourcePort(1 + random.nextInt(65535))
                .setDestinationPort(1 + random.nextInt(65535))
                .setSequence(random.nextInt())
                .setAcknowledge(random.nextInt())
                .setFlags((short) random.nextInt(0x40))
                .setWindowSize((short) random.nextInt())
                .setPayload(new Data(payload));
        IPv4 ip = new IPv4();
        ip.setSourceAddress(random.nextInt())
                .setDestinationAddress(random.nextInt())
                .setProtocol(IPv4.PROTOCOL_TCP)
                .setTtl((byte) 64)
                .setPayload(tcp);
        Ethernet frame = new Ethernet();
        frame.setSourceMACAddress(MacAddress.valueOf(random.nextLong() & 0xffffffffffffL))
                .setDestinationMACAddress(MacAddress.valueOf(random.nextLong() & 0xffffffffffffL))
                .setEtherType(Ethernet.TYPE_IPV4)
                .setPayload(ip);
        return frame;
    }
}
