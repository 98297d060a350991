package org.ilb.connection;

import static com.google.common.base.Preconditions.checkNotNull;

import org.ilb.FlowKey;

/**
 * A segment that its receiving ILB hands to the owner (claims 1, 13, 15): a message from ILB to ILB.
 *
 * <p>Immutable and thread-safe.
 */
public final class HandedOff {

    private final FlowKey key;
    private final boolean syn;
    private final int initialSequence;
    private final long view;

    private HandedOff(FlowKey key, boolean syn, int initialSequence, long view) {
        this.key = checkNotNull(key);
        this.syn = syn;
        this.initialSequence = initialSequence;
        this.view = view;
    }

    /**
     * Hands off a SYN (claim 13).
     *
     * @param key the connection
     * @param initialSequence the SYN's sequence number
     * @param view the number of the view in which the receiving ILB elected the owner
     * @return the message
     */
    public static HandedOff syn(FlowKey key, int initialSequence, long view) {
        return new HandedOff(key, true, initialSequence, view);
    }

    /**
     * Hands off another segment (claims 14 and 15).
     *
     * @param key the connection
     * @param view the number of the view in which the receiving ILB elected the owner
     * @return the message
     */
    public static HandedOff segment(FlowKey key, long view) {
        return new HandedOff(key, false, 0, view);
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
     * Tells whether the segment is a SYN.
     *
     * @return false for any other segment
     */
    public boolean isSyn() {
        return syn;
    }

    /**
     * Returns the sequence number of the SYN.
     *
     * @return the initial sequence number, meaningless for other segments
     */
    public int initialSequence() {
        return initialSequence;
    }

    /**
     * Returns the view in which the receiving ILB elected.
     *
     * @return the view's number
     */
    public long view() {
        return view;
    }

    @Override
    public String toString() {
        return (syn ? "SYN of " : "segment of ") + key + " in view " + view;
    }
}
