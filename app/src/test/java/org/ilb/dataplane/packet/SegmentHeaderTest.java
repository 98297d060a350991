package org.ilb.dataplane.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.onlab.packet.Ethernet;
import org.onlab.packet.IPv4;
import org.onlab.packet.IpAddress;
import org.onlab.packet.TCP;

/** The headers of segments cut short, against ONOS's own packet classes, and against bytes that are none. */
class SegmentHeaderTest {

    private static final int RUNS = 2000;
    private static final int COPIED = 128;

    @Test
    void readsTheHeadersHoweverMuchOfTheRestIsMissing() {
        Random random = new Random(1);
        for (int run = 0; run < RUNS; run++) {
            Ethernet frame = SegmentTest.frame(random);
            TCP tcp = (TCP) ((IPv4) frame.getPayload()).getPayload();
            byte[] whole = frame.serialize();
            int least = whole.length - tcp.getPayload().serialize().length;
            int length = least + random.nextInt(whole.length - least + 1);
            SegmentHeader header = parse(Arrays.copyOf(whole, length)).orElseThrow();
            IPv4 ip = (IPv4) frame.getPayload();
            assertEquals(
                    IpAddress.valueOf(ip.getSourceAddress()), header.source().address());
            assertEquals(
                    IpAddress.valueOf(ip.getDestinationAddress()),
                    header.destination().address());
            assertEquals(tcp.getSourcePort(), header.source().port());
            assertEquals(tcp.getDestinationPort(), header.destination().port());
            assertEquals(tcp.getSequence(), header.sequence());
            assertEquals(tcp.getAcknowledge(), header.acknowledgement());
            assertEquals((tcp.getFlags() & 0x01) != 0, header.isFin());
            assertEquals((tcp.getFlags() & 0x04) != 0, header.isReset());
            assertEquals((tcp.getFlags() & 0x10) != 0, header.acknowledges());
        }
    }

    @Test
    void whatASwitchCopiesIsEnoughForAllUsualHeaders() {
        Random random = new Random(2);
        for (int run = 0; run < RUNS; run++) {
            byte[] whole = SegmentTest.frame(random).serialize();
            assertTrue(
                    parse(Arrays.copyOf(whole, Math.min(COPIED, whole.length))).isPresent());
        }
    }

    @Test
    void noBytesMakeItThrowAndACutSegmentIsNoWholeOne() {
        Random random = new Random(3);
        for (int run = 0; run < 20 * RUNS; run++) {
            byte[] bytes = SegmentTest.frame(random).serialize();
            for (int flips = random.nextInt(8); flips > 0; flips--) {
                bytes[random.nextInt(Math.min(COPIED, bytes.length))] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            Optional<SegmentHeader> header = parse(cut);
            if (header.isPresent()) {
                header.get().source();
                header.get().destination();
                header.get().acknowledgement();
            }
            if (Segment.parse(ByteBuffer.wrap(cut)).isPresent()) {
                assertTrue(header.isPresent());
                assertFalse(header.get().end() > cut.length);
            }
        }
    }

    private static Optional<SegmentHeader> parse(byte[] bytes) {
        return SegmentHeader.parse(ByteBuffer.wrap(bytes));
    }
}
