package org.ilb.dataplane.packet;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Shorts;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.onlab.packet.MacAddress;

/**
 * A TCP segment (RFC 9293) in an untagged Ethernet frame with an IPv4 header, as a switch punted it.
 *
 * <p>Immutable and thread-safe.
 */
public final class Segment {

    static final int ETHERNET_LENGTH = 14;
    static final int ETHERTYPE = 12;
    static final int ETHERTYPE_IPV4 = 0x0800;
    static final int IP_LENGTH_AT = ETHERNET_LENGTH + 2;
    static final int IP_FRAGMENT_AT = ETHERNET_LENGTH + 6;
    static final int IP_PROTOCOL_AT = ETHERNET_LENGTH + 9;
    static final int IP_CHECKSUM_AT = ETHERNET_LENGTH + 10;
    static final int IP_SOURCE_AT = ETHERNET_LENGTH + 12;
    static final int IP_DESTINATION_AT = ETHERNET_LENGTH + 16;
    static final int IP_HEADER_LENGTH = 20;
    static final int TCP_HEADER_LENGTH = 20;
    static final int PROTOCOL_TCP = 6;

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int ACK = 0x10;

    private final byte[] frame;
    private final int tcp;
    private final int end;
    private final FlowKey key;

    private Segment(byte[] frame, int tcp, int end) {
        this.frame = frame;
        this.tcp = tcp;
        this.end = end;
        this.key = FlowKey.of(word(IP_DESTINATION_AT), unsignedShort(tcp + 2), word(IP_SOURCE_AT), unsignedShort(tcp));
    }

    /**
     * Reads a frame.
     *
     * @param bytes the frame from its first to its last byte; copied, its position stays where it is
     * @return the segment; empty if the frame is anything but one whole IPv4 TCP segment (a fragment, for example)
     */
    public static Optional<Segment> parse(ByteBuffer bytes) {
        byte[] frame = new byte[bytes.remaining()];
        bytes.duplicate().get(frame);
        return parse(frame);
    }

    /**
     * Looks at where a frame goes, without reading more of it: for who is interested in few of many.
     *
     * @param bytes the frame; its position stays where it is
     * @param addresses which IPv4 addresses are of interest
     * @return false if it is no IPv4 packet to one of them; {@link #parse} may still find it to be no segment
     */
    public static boolean mayBeTo(ByteBuffer bytes, IntPredicate addresses) {
        int at = bytes.position();
        return bytes.remaining() >= ETHERNET_LENGTH + IP_HEADER_LENGTH
                && bytes.getShort(at + ETHERTYPE) == ETHERTYPE_IPV4
                && addresses.test(bytes.getInt(at + IP_DESTINATION_AT));
    }

    private static Optional<Segment> parse(byte[] frame) {
        return SegmentHeader.parse(frame)
                .filter(header -> header.end() <= frame.length)
                .map(header -> new Segment(frame, header.tcp(), header.end()));
    }

    /**
     * Returns the connection that this segment belongs to, if it goes to a service.
     *
     * @return the flow key of its addresses and ports
     */
    public FlowKey key() {
        return key;
    }

    /**
     * Tells whether this segment opens a connection.
     *
     * @return true for SYN without ACK and RST
     */
    public boolean isSyn() {
        return (flags() & (SYN | ACK | RST)) == SYN;
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
     * Returns the sequence number; the initial one in a SYN.
     *
     * @return 32 bits
     */
    public int sequence() {
        return word(tcp + 4);
    }

    /**
     * Returns the acknowledgement number, which means something with ACK only.
     *
     * @return 32 bits
     */
    public int acknowledgement() {
        return word(tcp + 8);
    }

    /**
     * Returns what the segment carries.
     *
     * @return a copy of its payload
     */
    public byte[] payload() {
        return Arrays.copyOfRange(frame, payloadAt(), end);
    }

    private int payloadAt() {
        return tcp + (frame[tcp + 12] >> 4 & 0x0f) * Ints.BYTES;
    }

    /**
     * Returns how much sequence space the segment takes: payload, SYN and FIN.
     *
     * @return SEG.LEN of RFC 9293
     */
    int sequenceLength() {
        int flags = flags();
        return end - payloadAt() + ((flags & SYN) != 0 ? 1 : 0) + ((flags & FIN) != 0 ? 1 : 0);
    }

    /**
     * Returns the flags of the TCP header.
     *
     * @return 8 bits
     */
    public int flags() {
        return frame[tcp + 13] & 0xff;
    }

    /**
     * Returns how long the frame is.
     *
     * @return in bytes, without its checksum
     */
    public int frameLength() {
        return frame.length;
    }

    /**
     * Returns the frame's source.
     *
     * @return the sender's MAC address, or that of the router before it
     */
    public MacAddress sourceMac() {
        return mac(MacAddress.MAC_ADDRESS_LENGTH);
    }

    /**
     * Returns the frame's destination.
     *
     * @return the MAC address
     */
    public MacAddress destinationMac() {
        return mac(0);
    }

    /**
     * Returns the frame as the exact rule of the connection rewrites it: to another destination, checksums kept right.
     *
     * @param sourceMac the new source, the ILB that sends it on
     * @param destinationMac the new destination, the server's
     * @param destination the server's IPv4 address and port
     * @return a new frame, ready to read
     * @throws IllegalArgumentException if the destination is not IPv4
     */
    public ByteBuffer rewritten(MacAddress sourceMac, MacAddress destinationMac, Endpoint destination) {
        checkArgument(destination.address().isIp4(), "%s is not IPv4", destination);
        byte[] out = frame.clone();
        System.arraycopy(destinationMac.toBytes(), 0, out, 0, MacAddress.MAC_ADDRESS_LENGTH);
        System.arraycopy(sourceMac.toBytes(), 0, out, MacAddress.MAC_ADDRESS_LENGTH, MacAddress.MAC_ADDRESS_LENGTH);
        System.arraycopy(destination.address().toOctets(), 0, out, IP_DESTINATION_AT, Ints.BYTES);
        System.arraycopy(Shorts.toByteArray((short) destination.port()), 0, out, tcp + 2, Shorts.BYTES);

        long addressBefore = InternetChecksum.add(frame, IP_DESTINATION_AT, IP_DESTINATION_AT + Ints.BYTES, 0);
        long addressAfter = InternetChecksum.add(out, IP_DESTINATION_AT, IP_DESTINATION_AT + Ints.BYTES, 0);
        putShort(
                out,
                IP_CHECKSUM_AT,
                InternetChecksum.update(unsignedShort(IP_CHECKSUM_AT), addressBefore, addressAfter));
        // The pseudo header makes the address part of the TCP checksum too (RFC 9293, 3.1).
        putShort(
                out,
                tcp + 16,
                InternetChecksum.update(
                        unsignedShort(tcp + 16),
                        addressBefore + unsignedShort(tcp + 2),
                        addressAfter + unsignedShort(out, tcp + 2)));
        return ByteBuffer.wrap(out);
    }

    private MacAddress mac(int at) {
        byte[] bytes = new byte[MacAddress.MAC_ADDRESS_LENGTH];
        System.arraycopy(frame, at, bytes, 0, bytes.length);
        return MacAddress.valueOf(bytes);
    }

    int word(int at) {
        return Ints.fromBytes(frame[at], frame[at + 1], frame[at + 2], frame[at + 3]);
    }

    private int unsignedShort(int at) {
        return unsignedShort(frame, at);
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }

    static void putShort(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 8);
        bytes[at + 1] = (byte) value;
    }

    @Override
    public String toString() {
        return key + " flags 0x" + Integer.toHexString(flags()) + " seq " + Integer.toUnsignedString(sequence());
    }
}
