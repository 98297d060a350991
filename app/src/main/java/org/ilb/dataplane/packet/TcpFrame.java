package org.ilb.dataplane.packet;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Shorts;
import java.nio.ByteBuffer;
import org.ilb.Endpoint;
import org.onlab.packet.MacAddress;

/**
 * Writes a TCP segment of our own (RFC 9293, without options) in an untagged Ethernet frame with an IPv4 header, checksums and
 * all. Stateless and thread-safe.
 */
public final class TcpFrame {

    private static final int TTL = 64;
    private static final int TCP_AT = Segment.ETHERNET_LENGTH + Segment.IP_HEADER_LENGTH;
    private static final int PAYLOAD_AT = TCP_AT + Segment.TCP_HEADER_LENGTH;
    private static final int MAX_PAYLOAD = 1460;

    private final MacAddress sourceMac;
    private final MacAddress destinationMac;
    private final Endpoint source;
    private final Endpoint destination;

    /**
     * Begins a frame.
     *
     * @param sourceMac who sends it
     * @param destinationMac who is to take it
     * @param source IPv4 address and TCP port of the sender
     * @param destination IPv4 address and TCP port of the receiver
     */
    public TcpFrame(MacAddress sourceMac, MacAddress destinationMac, Endpoint source, Endpoint destination) {
        checkArgument(
                source.address().isIp4() && destination.address().isIp4(), "%s or %s is not IPv4", source, destination);
        this.sourceMac = sourceMac;
        this.destinationMac = destinationMac;
        this.source = source;
        this.destination = destination;
    }

    /**
     * Writes it.
     *
     * @param flags the flags, 8 bits
     * @param sequence the sequence number
     * @param acknowledgement the acknowledgement number, 0 where the flags have no ACK
     * @param window how much the sender is ready to take, 16 bits
     * @param payload what it carries, no more than an Ethernet frame has room for
     * @return the frame, ready to read
     * @throws IllegalArgumentException if the payload is too long
     */
    public ByteBuffer write(int flags, int sequence, int acknowledgement, int window, byte[] payload) {
        checkArgument(payload.length <= MAX_PAYLOAD, "%s bytes do not fit", payload.length);
        byte[] frame = new byte[PAYLOAD_AT + payload.length];
        put(frame, 0, destinationMac.toBytes());
        put(frame, MacAddress.MAC_ADDRESS_LENGTH, sourceMac.toBytes());
        Segment.putShort(frame, Segment.ETHERTYPE, Segment.ETHERTYPE_IPV4);

        frame[Segment.ETHERNET_LENGTH] = 0x45;
        Segment.putShort(frame, Segment.IP_LENGTH_AT, frame.length - Segment.ETHERNET_LENGTH);
        frame[Segment.ETHERNET_LENGTH + 8] = TTL;
        frame[Segment.IP_PROTOCOL_AT] = Segment.PROTOCOL_TCP;
        put(frame, Segment.IP_SOURCE_AT, source.address().toOctets());
        put(frame, Segment.IP_DESTINATION_AT, destination.address().toOctets());
        Segment.putShort(
                frame,
                Segment.IP_CHECKSUM_AT,
                InternetChecksum.finish(InternetChecksum.add(frame, Segment.ETHERNET_LENGTH, TCP_AT, 0)));

        put(frame, TCP_AT, Shorts.toByteArray((short) source.port()));
        put(frame, TCP_AT + 2, Shorts.toByteArray((short) destination.port()));
        put(frame, TCP_AT + 4, Ints.toByteArray(sequence));
        put(frame, TCP_AT + 8, Ints.toByteArray(acknowledgement));
        frame[TCP_AT + 12] = Segment.TCP_HEADER_LENGTH / Ints.BYTES << 4;
        frame[TCP_AT + 13] = (byte) flags;
        Segment.putShort(frame, TCP_AT + 14, window);
        put(frame, PAYLOAD_AT, payload);
        long pseudoHeader = InternetChecksum.add(
                frame,
                Segment.IP_SOURCE_AT,
                TCP_AT,
                (long) Segment.PROTOCOL_TCP + Segment.TCP_HEADER_LENGTH + payload.length);
        Segment.putShort(
                frame,
                TCP_AT + 16,
                InternetChecksum.finish(InternetChecksum.add(frame, TCP_AT, frame.length, pseudoHeader)));
        return ByteBuffer.wrap(frame);
    }

    private static void put(byte[] frame, int at, byte[] value) {
        System.arraycopy(value, 0, frame, at, value.length);
    }
}
