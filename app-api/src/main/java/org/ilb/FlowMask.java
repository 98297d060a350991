package org.ilb;

/**
 * Which bits of a connection id make its flow key, the unit that is scored, owned, backed up, stored and ruled.
 *
 * <p>Connections that are equal under the mask share all of that. {@link #CONNECTION} keeps every bit, so that each connection
 * is on its own, as in claim 4; {@link #bucket} keeps some bits of the client's port and gathers connections into buckets.
 *
 * <p>Immutable and thread-safe.
 */
public final class FlowMask {

    /** Every bit: a flow key is one connection (claim 4). */
    public static final FlowMask CONNECTION = new FlowMask(FlowKey.of(-1, 0xffff, -1, 0xffff));

    private final FlowKey bits;

    private FlowMask(FlowKey bits) {
        this.bits = bits;
    }

    /**
     * Returns the mask of buckets: the service's end, and some bits of the client's port.
     *
     * @param portMask the bits of the client's port
     * @return the mask; keys under it have the source address 0.0.0.0, which no client has
     */
    public static FlowMask bucket(int portMask) {
        return new FlowMask(FlowKey.of(-1, 0xffff, 0, portMask));
    }

    /**
     * Returns the flow key of a connection.
     *
     * @param connection the connection id
     * @return the bits of it that this mask keeps, the others zero
     */
    public FlowKey key(FlowKey connection) {
        return this == CONNECTION
                ? connection
                : key(
                        connection.destinationAddress(),
                        connection.destinationPort(),
                        connection.sourceAddress(),
                        connection.sourcePort());
    }

    /**
     * Returns the flow key of a connection.
     *
     * @param destination the IPv4 destination address, as a big-endian word
     * @param destinationPort the TCP destination port
     * @param source the IPv4 source address, as a big-endian word
     * @param sourcePort the TCP source port
     * @return the bits of the connection id that this mask keeps, the others zero
     */
    public FlowKey key(int destination, int destinationPort, int source, int sourcePort) {
        return FlowKey.of(
                destination & bits.destinationAddress(),
                destinationPort & bits.destinationPort(),
                source & bits.sourceAddress(),
                sourcePort & bits.sourcePort());
    }

    @Override
    public String toString() {
        return bits.toString();
    }
}
