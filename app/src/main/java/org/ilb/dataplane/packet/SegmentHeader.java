package org.ilb.dataplane.packet;

import static org.ilb.dataplane.packet.Segment.ACK;
import static org.ilb.dataplane.packet.Segment.ETHERNET_LENGTH;
import static org.ilb.dataplane.packet.Segment.ETHERTYPE;
import static org.ilb.dataplane.packet.Segment.ETHERTYPE_IPV4;
import static org.ilb.dataplane.packet.Segment.FIN;
import static org.ilb.dataplane.packet.Segment.IP_DESTINATION_AT;
import static org.ilb.dataplane.packet.Segment.IP_FRAGMENT_AT;
import static org.ilb.dataplane.packet.Segment.IP_HEADER_LENGTH;
import static org.ilb.dataplane.packet.Segment.IP_LENGTH_AT;
import static org.ilb.dataplane.packet.Segment.IP_PROTOCOL_AT;
import static org.ilb.dataplane.packet.Segment.IP_SOURCE_AT;
import static org.ilb.dataplane.packet.Segment.PROTOCOL_TCP;
import static org.ilb.dataplane.packet.Segment.RST;
import static org.ilb.dataplane.packet.Segment.TCP_HEADER_LENGTH;

import com.google.common.primitives.Ints;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ilb.Endpoint;
import org.onlab.packet.IpAddress;

/**
 * The headers of a TCP segment in an untagged Ethernet frame with an IPv4 header, of which the rest may have been cut off: a
 * switch copies no more than the first bytes.
 *
 * <p>Immutable and thread-safe.
 */
public final class SegmentHeader {

    /** More-fragments bit and fragment offset: any of them set means a fragment. */
    static final int FRAGMENT_MASK = 0x3fff;

    private final byte[] frame;
    private final int tcp;

    private SegmentHeader(byte[] frame, int tcp) {
        this.frame = frame;
        this.tcp = tcp;
    }

    /**
     * Reads a frame.
     *
     * @param bytes the frame from its first byte; copied, its position stays where it is
     * @return the headers; empty if the frame begins with anything but those of an unfragmented IPv4 TCP segment
     */
    public static Optional<SegmentHeader> parse(ByteBuffer bytes) {
        byte[] frame = new byte[bytes.remaining()];
        bytes.duplicate().get(frame);
        return parse(frame);
    }

    static Optional<SegmentHeader> parse(byte[] frame) {
        if (frame.length < ETHERNET_LENGTH + IP_HEADER_LENGTH + TCP_HEADER_LENGTH
                || unsignedShort(frame, ETHERTYPE) != ETHERTYPE_IPV4
                || (frame[ETHERNET_LENGTH] & 0xf0) != 0x40
                || frame[IP_PROTOCOL_AT] != PROTOCOL_TCP
                || (unsignedShort(frame, IP_FRAGMENT_AT) & FRAGMENT_MASK) != 0) {
            return Optional.empty();
        }
        int ipHeader = (frame[ETHERNET_LENGTH] & 0x0f) * Ints.BYTES;
        SegmentHeader header = new SegmentHeader(frame, ETHERNET_LENGTH + ipHeader);
        if (ipHeader < IP_HEADER_LENGTH
                || header.tcp + TCP_HEADER_LENGTH > Math.min(header.end(), frame.length)
                || header.length() < TCP_HEADER_LENGTH
                || header.tcp + header.length() > header.end()) {
            return Optional.empty();
        }
        boolean reservedPort = unsignedShort(frame, header.tcp) == 0 || unsignedShort(frame, header.tcp + 2) == 0;
        return reservedPort ? Optional.empty() : Optional.of(header);
    }

    /**
     * Returns who sent the segment.
     *
     * @return IP source address and TCP source port
     */
    public Endpoint source() {
        return endpoint(IP_SOURCE_AT, tcp);
    }

    /**
     * Returns to whom it was sent.
     *
     * @return IP destination address and TCP destination port
     */
    public Endpoint destination() {
        return endpoint(IP_DESTINATION_AT, tcp + 2);
    }

    /**
     * Tells whether the sender has nothing more to say.
     *
     * @return true with FIN
     */
    public boolean isFin() {
        return (flags() & FIN) != 0;
    }

    /**
     * Tells whether this segment is a reset.
     *
     * @return true with RST
     */
    public boolean isReset() {
        return (flags() & RST) != 0;
    }

    /**
     * Tells whether the acknowledgement number means something.
     *
     * @return true with ACK
     */
    public boolean acknowledges() {
        return (flags() & ACK) != 0;
    }

    /**
     * Returns the sequence number.
     *
     * @return 32 bits
     */
    public int sequence() {
        return word(tcp + 4);
    }

    /**
     * Returns the acknowledgement number.
     *
     * @return 32 bits
     */
    public int acknowledgement() {
        return word(tcp + 8);
    }

    int flags() {
        return frame[tcp + 13] & 0xff;
    }

    /** Where the TCP header begins in the frame. */
    int tcp() {
        return tcp;
    }

    /** The length of the TCP header with its options. */
    private int length() {
        return (frame[tcp + 12] >> 4 & 0x0f) * Ints.BYTES;
    }

    /** Where the IP packet ends in the whole frame, as its header says. */
    int end() {
        return ETHERNET_LENGTH + unsignedShort(frame, IP_LENGTH_AT);
    }

    private Endpoint endpoint(int addressAt, int portAt) {
        return Endpoint.of(IpAddress.valueOf(word(addressAt)), unsignedShort(frame, portAt));
    }

    private int word(int at) {
        return Ints.fromBytes(frame[at], frame[at + 1], frame[at + 2], frame[at + 3]);
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
