package org.ilb.dataplane.packet;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Shorts;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ilb.FlowKey;
import org.onlab.packet.MacAddress;

/**
 * The reset that answers a segment of a connection that does not exist (RFC 9293, 3.10.7.1). Stateless and thread-safe.
 */
public final class Reset {

    private static final int TTL = 64;
    private static final int FRAME_LENGTH =
            Segment.ETHERNET_LENGTH + Segment.IP_HEADER_LENGTH + Segment.TCP_HEADER_LENGTH;
    private static final int TCP_AT = Segment.ETHERNET_LENGTH + Segment.IP_HEADER_LENGTH;

    private Reset() {}

    /**
     * Writes the answer to a segment.
     *
     * @param segment a segment of an unknown connection
     * @return the frame to send back to where it came from; empty for a reset, which is never answered
     */
    public static Optional<ByteBuffer> answering(Segment segment) {
        if (segment.isReset()) {
            return Optional.empty();
        }
        byte[] frame = new byte[FRAME_LENGTH];
        put(frame, 0, segment.sourceMac().toBytes());
        put(frame, MacAddress.MAC_ADDRESS_LENGTH, segment.destinationMac().toBytes());
        Segment.putShort(frame, Segment.ETHERTYPE, Segment.ETHERTYPE_IPV4);

        FlowKey key = segment.key();
        frame[Segment.ETHERNET_LENGTH] = 0x45;
        Segment.putShort(frame, Segment.IP_LENGTH_AT, FRAME_LENGTH - Segment.ETHERNET_LENGTH);
        frame[Segment.ETHERNET_LENGTH + 8] = TTL;
        frame[Segment.IP_PROTOCOL_AT] = Segment.PROTOCOL_TCP;
        put(frame, Segment.IP_SOURCE_AT, Ints.toByteArray(key.destinationAddress()));
        put(frame, Segment.IP_DESTINATION_AT, Ints.toByteArray(key.sourceAddress()));
        Segment.putShort(
                frame,
                Segment.IP_CHECKSUM_AT,
                InternetChecksum.finish(InternetChecksum.add(frame, Segment.ETHERNET_LENGTH, TCP_AT, 0)));

        put(frame, TCP_AT, Shorts.toByteArray((short) key.destinationPort()));
        put(frame, TCP_AT + 2, Shorts.toByteArray((short) key.sourcePort()));
        if ((segment.flags() & Segment.ACK) != 0) {
            put(frame, TCP_AT + 4, Ints.toByteArray(segment.acknowledgement()));
            frame[TCP_AT + 13] = Segment.RST;
        } else {
            put(frame, TCP_AT + 8, Ints.toByteArray(segment.sequence() + segment.sequenceLength()));
            frame[TCP_AT + 13] = Segment.RST | Segment.ACK;
        }
        frame[TCP_AT + 12] = Segment.TCP_HEADER_LENGTH / Ints.BYTES << 4;
        long pseudoHeader = InternetChecksum.add(
                frame, Segment.IP_SOURCE_AT, TCP_AT, (long) Segment.PROTOCOL_TCP + Segment.TCP_HEADER_LENGTH);
        Segment.putShort(
                frame,
                TCP_AT + 16,
                InternetChecksum.finish(InternetChecksum.add(frame, TCP_AT, FRAME_LENGTH, pseudoHeader)));
        return Optional.of(ByteBuffer.wrap(frame));
    }

    private static void put(byte[] frame, int at, byte[] value) {
        System.arraycopy(value, 0, frame, at, value.length);
    }
}
