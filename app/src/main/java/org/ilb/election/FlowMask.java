package org.ilb.election;

import org.ilb.FlowKey;

/**
 * Which bits of a connection id make its flow key, the unit that is scored, owned, backed up, stored and ruled.
 *
 * <p>Connections that are equal under the mask share all of that. The only mask so far keeps every bit, so that each
 * connection is on its own, as in claim 4.
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
