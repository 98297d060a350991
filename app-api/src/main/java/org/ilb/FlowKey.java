package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Ints;
import org.onlab.packet.IpAddress;

/**
 * What is scored, owned, backed up, stored and ruled: a connection id (claim 4), or what a {@link FlowMask} keeps of it.
 *
 * <p>The 12 bytes that are scored are, in network order: TCP destination port, IP destination address, TCP source port,
 * IP source address. They are kept as three words, so that a million keys cost little and comparing two is cheap.
 *
 * <p>Immutable and thread-safe.
 */
public final class FlowKey {

    /** How many bytes are scored. */
    public static final int LENGTH = 12;

    private final int destination;
    private final int source;
    private final int ports;

    private FlowKey(int destination, int source, int ports) {
        this.destination = destination;
        this.source = source;
        this.ports = ports;
    }

    /**
     * Returns the key of a connection, from the fields of a segment that goes to the service.
     *
     * @param destination the IPv4 destination address, as a big-endian word
     * @param destinationPort the TCP destination port
     * @param source the IPv4 source address, as a big-endian word
     * @param sourcePort the TCP source port
     * @return the key
     */
    public static FlowKey of(int destination, int destinationPort, int source, int sourcePort) {
        return new FlowKey(destination, source, destinationPort << 16 | (sourcePort & 0xffff));
    }

    /**
     * Returns the key of a connection.
     *
     * @param destination the service's end
     * @param source the client's end
     * @return the key
     * @throws IllegalArgumentException if an address is not IPv4
     */
    public static FlowKey of(Endpoint destination, Endpoint source) {
        return of(word(destination.address()), destination.port(), word(source.address()), source.port());
    }

    private static int word(IpAddress address) {
        checkArgument(address.isIp4(), "address %s is not IPv4", address);
        return address.getIp4Address().toInt();
    }

    /**
     * Returns the IPv4 destination address.
     *
     * @return a big-endian word
     */
    public int destinationAddress() {
        return destination;
    }

    /**
     * Returns the TCP destination port.
     *
     * @return 0 to 65535
     */
    public int destinationPort() {
        return ports >>> 16;
    }

    /**
     * Returns the IPv4 source address.
     *
     * @return a big-endian word
     */
    public int sourceAddress() {
        return source;
    }

    /**
     * Returns the TCP source port.
     *
     * @return 0 to 65535
     */
    public int sourcePort() {
        return ports & 0xffff;
    }

    /**
     * Tells whether this is the key of a bucket, not of one connection.
     *
     * @return true if it has no client's address
     */
    public boolean isBucket() {
        return source == 0;
    }

    /**
     * Returns the service's end of the connection.
     *
     * @return the virtual address and port
     */
    public Endpoint destination() {
        return Endpoint.of(IpAddress.valueOf(destination), destinationPort());
    }

    /**
     * Returns the client's end of the connection.
     *
     * @return the client's address and port
     */
    public Endpoint source() {
        return Endpoint.of(IpAddress.valueOf(source), sourcePort());
    }

    /**
     * Returns the bytes that are scored.
     *
     * @return 12 bytes in the order of claim 4
     */
    public byte[] toBytes() {
        byte[] bytes = new byte[LENGTH];
        bytes[0] = (byte) (ports >>> 24);
        bytes[1] = (byte) (ports >>> 16);
        System.arraycopy(Ints.toByteArray(destination), 0, bytes, 2, Ints.BYTES);
        bytes[6] = (byte) (ports >>> 8);
        bytes[7] = (byte) ports;
        System.arraycopy(Ints.toByteArray(source), 0, bytes, 8, Ints.BYTES);
        return bytes;
    }

    /**
     * Returns the key of 12 scored bytes.
     *
     * @param bytes what {@link #toBytes()} returned
     * @return the key
     * @throws IllegalArgumentException if there are not 12 bytes
     */
    public static FlowKey fromBytes(byte[] bytes) {
        checkArgument(bytes.length == LENGTH, "a flow key has %s bytes, not %s", LENGTH, bytes.length);
        return new FlowKey(
                Ints.fromBytes(bytes[2], bytes[3], bytes[4], bytes[5]),
                Ints.fromBytes(bytes[8], bytes[9], bytes[10], bytes[11]),
                Ints.fromBytes(bytes[0], bytes[1], bytes[6], bytes[7]));
    }

    @Override
    public int hashCode() {
        // Clients use sequential ports and addresses; multiplying spreads them over the buckets of a hash table.
        int hash = (source * 0x9e3779b9 ^ ports) * 0x85ebca6b ^ destination;
        return hash ^ hash >>> 15;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlowKey
                && ports == ((FlowKey) other).ports
                && source == ((FlowKey) other).source
                && destination == ((FlowKey) other).destination;
    }

    @Override
    public String toString() {
        return IpAddress.valueOf(source) + ":" + sourcePort() + ">" + IpAddress.valueOf(destination) + ":"
                + destinationPort();
    }
}
