package org.ilb.dataplane.packet;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;

/**
 * An ICMP error (RFC 792) about a TCP segment that a service sent to a client: the destination is unreachable, above all because
 * the segment is too long for the way and must not be fragmented (RFC 1191); its time was exceeded; its header is wrong. It quotes the
 * beginning of that segment, which tells the connection.
 *
 * <p>Immutable and thread-safe.
 */
public final class IcmpError {

    /** Destination unreachable, time exceeded, parameter problem. */
    private static final Set<Integer> TYPES = ImmutableSet.of(3, 11, 12);

    private static final int OFFSET_MASK = 0x1fff;
    /** What every error quotes of the segment at least: ports and sequence number. */
    private static final int LEAST_QUOTED = 8;

    private static final int TCP_CHECKSUM_END = 18;

    private final IcmpHeader header;
    private final int quoted;
    private final int tcp;

    private IcmpError(IcmpHeader header, int quoted, int tcp) {
        this.header = header;
        this.quoted = quoted;
        this.tcp = tcp;
    }

    /**
     * Reads a frame.
     *
     * @param bytes the frame from its first to its last byte; copied, its position stays where it is
     * @return the error; empty if the frame is anything but one whole error that quotes a TCP segment which its receiver sent
     */
    public static Optional<IcmpError> parse(ByteBuffer bytes) {
        return IcmpHeader.parse(bytes)
                .filter(header -> TYPES.contains(header.type()))
                .flatMap(IcmpError::quoting);
    }

    private static Optional<IcmpError> quoting(IcmpHeader header) {
        byte[] frame = header.frame();
        int quoted = header.icmp() + IcmpHeader.LENGTH;
        if (quoted + Segment.IP_HEADER_LENGTH + LEAST_QUOTED > header.end() || (frame[quoted] & 0xf0) != 0x40) {
            return Optional.empty();
        }
        int tcp = quoted + IcmpHeader.ipHeaderLength(frame, quoted);
        boolean readable = tcp >= quoted + Segment.IP_HEADER_LENGTH
                && tcp + LEAST_QUOTED <= header.end()
                && frame[quoted + inIp(Segment.IP_PROTOCOL_AT)] == Segment.PROTOCOL_TCP
                && (IcmpHeader.unsignedShort(frame, quoted + inIp(Segment.IP_FRAGMENT_AT)) & OFFSET_MASK) == 0
                && IcmpHeader.address(frame, quoted + inIp(Segment.IP_SOURCE_AT))
                        .equals(header.destination())
                && IcmpHeader.unsignedShort(frame, tcp) != 0
                && IcmpHeader.unsignedShort(frame, tcp + 2) != 0;
        return readable ? Optional.of(new IcmpError(header, quoted, tcp)) : Optional.empty();
    }

    /** Where a field of the frame's IP header would be in an IP header at 0. */
    private static int inIp(int at) {
        return at - Segment.ETHERNET_LENGTH;
    }

    /**
     * Returns the connection that it is about.
     *
     * @return the flow key, as the client's segments have it
     */
    public FlowKey key() {
        byte[] frame = header.frame();
        IpAddress client = IcmpHeader.address(frame, quoted + inIp(Segment.IP_DESTINATION_AT));
        return FlowKey.of(
                Endpoint.of(header.destination(), IcmpHeader.unsignedShort(frame, tcp)),
                Endpoint.of(client, IcmpHeader.unsignedShort(frame, tcp + 2)));
    }

    /**
     * Returns the frame as the connection's server understands it: sent to it, about a segment that came from it. Checksums are kept
     * right, those in the quotation as far as they are in it; a wrong one stays wrong.
     *
     * @param sourceMac the new source, the ILB that sends it on
     * @param destinationMac the new destination, the server's
     * @param addressed the IPv4 address and port that the server sent the segment from
     * @return a new frame, ready to read
     * @throws IllegalArgumentException if the server's address is not IPv4
     */
    public ByteBuffer rewritten(MacAddress sourceMac, MacAddress destinationMac, Endpoint addressed) {
        checkArgument(addressed.address().isIp4(), "%s is not IPv4", addressed);
        byte[] before = header.frame();
        byte[] after = before.clone();
        IcmpHeader.putMacs(after, sourceMac, destinationMac);
        byte[] address = addressed.address().toOctets();
        System.arraycopy(address, 0, after, Segment.IP_DESTINATION_AT, Ints.BYTES);
        IcmpHeader.correct(
                before,
                after,
                Segment.IP_CHECKSUM_AT,
                Segment.IP_DESTINATION_AT,
                Segment.IP_DESTINATION_AT + Ints.BYTES);
        int source = quoted + inIp(Segment.IP_SOURCE_AT);
        System.arraycopy(address, 0, after, source, Ints.BYTES);
        IcmpHeader.correct(before, after, quoted + inIp(Segment.IP_CHECKSUM_AT), source, source + Ints.BYTES);
        Segment.putShort(after, tcp, addressed.port());
        if (tcp + TCP_CHECKSUM_END <= header.end()) {
            int checksum = tcp + TCP_CHECKSUM_END - 2;
            IcmpHeader.correct(before, after, checksum, source, source + Ints.BYTES);
            IcmpHeader.correct(before, after, checksum, tcp, tcp + 2);
        }
        IcmpHeader.correct(before, after, header.icmp() + 2, quoted, header.end());
        return ByteBuffer.wrap(after);
    }
}
