package org.ilb.connection;

import static com.google.common.base.Preconditions.checkNotNull;

import org.ilb.FlowKey;

/**
 * A sign that a connection ends: a FIN or an RST that a switch copied to the controller on its way (claim 14).
 *
 * <p>Immutable and thread-safe.
 */
public final class Ending {

    /** Who sent the segment. */
    public enum Side {
        /** The client, to the virtual address. */
        CLIENT,
        /** The server, in answer. */
        SERVER
    }

    private final FlowKey key;
    private final Side side;
    private final boolean reset;
    private final int clientSequence;
    private final boolean sequenced;

    private Ending(FlowKey key, Side side, boolean reset, int clientSequence, boolean sequenced) {
        this.key = checkNotNull(key);
        this.side = checkNotNull(side);
        this.reset = reset;
        this.clientSequence = clientSequence;
        this.sequenced = sequenced;
    }

    /**
     * A FIN or RST of the client.
     *
     * @param key the connection
     * @param reset true for an RST
     * @param sequence the segment's sequence number
     * @return the sign
     */
    public static Ending ofClient(FlowKey key, boolean reset, int sequence) {
        return new Ending(key, Side.CLIENT, reset, sequence, true);
    }

    /**
     * A FIN or RST of the server.
     *
     * @param key the connection, as the client sees it: to the virtual address
     * @param reset true for an RST
     * @param acknowledges whether the segment has an acknowledgement number
     * @param acknowledgement that number
     * @return the sign
     */
    public static Ending ofServer(FlowKey key, boolean reset, boolean acknowledges, int acknowledgement) {
        return new Ending(key, Side.SERVER, reset, acknowledgement, acknowledges);
    }

    /**
     * Returns the connection.
     *
     * @return the key
     */
    public FlowKey key() {
        return key;
    }

    /**
     * Returns who sent the segment.
     *
     * @return client or server
     */
    public Side side() {
        return side;
    }

    /**
     * Tells a reset from a FIN.
     *
     * @return true for an RST
     */
    public boolean isReset() {
        return reset;
    }

    /**
     * Tells whether this sign may belong to a connection that began with a SYN: an end of an older epoch ends nothing. A
     * reused 4-tuple starts above the sequence numbers of the one before (RFC 1122, 4.2.2.13), so that what lies below the
     * initial sequence number is older.
     *
     * @param initialSequence the sequence number of that connection's SYN
     * @return false if it is of an older connection for sure
     */
    public boolean belongsTo(int initialSequence) {
        return !sequenced || clientSequence - initialSequence >= 0;
    }

    @Override
    public String toString() {
        return (reset ? "RST" : "FIN") + " of the " + side + " of " + key;
    }
}
