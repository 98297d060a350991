package org.ilb.dataplane.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.ilb.Endpoint;
import org.junit.jupiter.api.Test;
import org.onlab.packet.MacAddress;

class TcpFrameTest {

    private static final MacAddress FROM = MacAddress.valueOf("02:49:0a:00:00:fe");
    private static final MacAddress TO = MacAddress.valueOf("00:00:00:00:00:11");
    private static final Endpoint SOURCE = Endpoint.parse("10.0.0.254:50000");
    private static final Endpoint DESTINATION = Endpoint.parse("10.0.0.11:8080");

    @Test
    void whatIsWrittenIsReadAgainAndItsChecksumsAddUp() {
        Random random = new Random(9);
        for (int round = 0; round < 2_000; round++) {
            byte[] payload = new byte[random.nextInt(200)];
            random.nextBytes(payload);
            int flags = random.nextInt(256);
            int sequence = random.nextInt();
            int acknowledgement = random.nextInt();
            ByteBuffer frame =
                    new TcpFrame(FROM, TO, SOURCE, DESTINATION).write(flags, sequence, acknowledgement, 1024, payload);
            Segment read = Segment.parse(frame).orElseThrow();
            assertEquals(SOURCE, read.key().source());
            assertEquals(DESTINATION, read.key().destination());
            int to = DESTINATION.address().getIp4Address().toInt();
            assertTrue(Segment.mayBeTo(frame, address -> address == to));
            assertFalse(Segment.mayBeTo(frame, address -> address != to));
            assertEquals(FROM, read.sourceMac());
            assertEquals(TO, read.destinationMac());
            assertEquals(flags, read.flags());
            assertEquals(sequence, read.sequence());
            assertEquals(acknowledgement, read.acknowledgement());
            assertArrayEquals(payload, read.payload());
            byte[] bytes = frame.array();
            assertEquals(0, InternetChecksum.finish(InternetChecksum.add(bytes, 14, 34, 0)));
            long pseudoHeader = InternetChecksum.add(bytes, 26, 34, 6 + 20 + payload.length);
            assertEquals(0, InternetChecksum.finish(InternetChecksum.add(bytes, 34, bytes.length, pseudoHeader)));
        }
    }
}
