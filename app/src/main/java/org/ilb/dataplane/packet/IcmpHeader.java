package org.ilb.dataplane.packet;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Shorts;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;

/**
 * A whole ICMP message (RFC 792) in an untagged Ethernet frame with an IPv4 header: where it begins and ends.
 *
 * <p>Immutable and thread-safe.
 */
final class IcmpHeader {

    static final int LENGTH = 8;

    private static final int PROTOCOL_ICMP = 1;

    private final byte[] frame;
    private final int icmp;
    private final int end;

    private IcmpHeader(byte[] frame, int icmp, int end) {
        this.frame = frame;
        this.icmp = icmp;
        this.end = end;
    }

    /** Reads a frame; empty if it is anything but one whole message. */
    static Optional<IcmpHeader> parse(ByteBuffer bytes) {
        byte[] frame = new byte[bytes.remaining()];
        bytes.duplicate().get(frame);
        if (frame.length < Segment.ETHERNET_LENGTH + Segment.IP_HEADER_LENGTH + LENGTH
                || unsignedShort(frame, Segment.ETHERTYPE) != Segment.ETHERTYPE_IPV4
                || (frame[Segment.ETHERNET_LENGTH] & 0xf0) != 0x40
                || frame[Segment.IP_PROTOCOL_AT] != PROTOCOL_ICMP
                || (unsignedShort(frame, Segment.IP_FRAGMENT_AT) & SegmentHeader.FRAGMENT_MASK) != 0) {
            return Optional.empty();
        }
        int ipHeader = ipHeaderLength(frame, Segment.ETHERNET_LENGTH);
        int begin = Segment.ETHERNET_LENGTH + ipHeader;
        int end = Segment.ETHERNET_LENGTH + unsignedShort(frame, Segment.IP_LENGTH_AT);
        return ipHeader < Segment.IP_HEADER_LENGTH || begin + LENGTH > end || end > frame.length
                ? Optional.empty()
                : Optional.of(new IcmpHeader(frame, begin, end));
    }

    /** The frame, not to be changed. */
    byte[] frame() {
        return frame;
    }

    /** Where the message begins in the frame. */
    int icmp() {
        return icmp;
    }

    /** Where it ends. */
    int end() {
        return end;
    }

    int type() {
        return frame[icmp] & 0xff;
    }

    IpAddress destination() {
        return address(frame, Segment.IP_DESTINATION_AT);
    }

    static int ipHeaderLength(byte[] bytes, int at) {
        return (bytes[at] & 0x0f) * Ints.BYTES;
    }

    static IpAddress address(byte[] bytes, int at) {
        return IpAddress.valueOf(Ints.fromBytes(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]));
    }

    static int unsignedShort(byte[] bytes, int at) {
        return Shorts.fromBytes(bytes[at], bytes[at + 1]) & 0xffff;
    }

    static void putMacs(byte[] frame, MacAddress source, MacAddress destination) {
        System.arraycopy(destination.toBytes(), 0, frame, 0, MacAddress.MAC_ADDRESS_LENGTH);
        System.arraycopy(source.toBytes(), 0, frame, MacAddress.MAC_ADDRESS_LENGTH, MacAddress.MAC_ADDRESS_LENGTH);
    }

    /**
     * Corrects a checksum after some of the bytes that it covers were changed.
     *
     * @param before the frame as it was
     * @param after the frame as it is, whose checksum is still that of before
     * @param checksumAt where the checksum is
     * @param from the first of the bytes that may have changed, an even number of bytes from where the checksum's cover begins
     * @param to the byte after the last of them; the checksum itself is not among them
     */
    static void correct(byte[] before, byte[] after, int checksumAt, int from, int to) {
        Segment.putShort(
                after,
                checksumAt,
                InternetChecksum.update(
                        unsignedShort(after, checksumAt),
                        InternetChecksum.add(before, from, to, 0),
                        InternetChecksum.add(after, from, to, 0)));
    }
}
