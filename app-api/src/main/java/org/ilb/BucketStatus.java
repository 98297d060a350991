package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Optional;

/**
 * What is known of one bucket of a service at a moment.
 *
 * <p>An immutable snapshot.
 */
public final class BucketStatus {

    private final int index;
    private final BucketState state;
    private final Association association;
    private final Endpoint next;
    private final int pins;
    private final long packets;
    private final long bytes;

    /**
     * Creates a status.
     *
     * @param index the bucket's index in its service
     * @param state where it is between servers
     * @param association its association, or null while it has none
     * @param next the server that it moves to, or null
     * @param pins how many of its connections have exact rules
     * @param packets how many packets its wildcard rules counted, at all ILBs
     * @param bytes how many bytes these had
     */
    public BucketStatus(
            int index, BucketState state, Association association, Endpoint next, int pins, long packets, long bytes) {
        this.index = index;
        this.state = checkNotNull(state);
        this.association = association;
        this.next = next;
        this.pins = pins;
        this.packets = packets;
        this.bytes = bytes;
    }

    /**
     * Returns the bucket's index.
     *
     * @return 0 to the service's number of buckets - 1
     */
    public int index() {
        return index;
    }

    /**
     * Returns where it is between servers.
     *
     * @return its state
     */
    public BucketState state() {
        return state;
    }

    /**
     * Returns its association: its key, server, owner and backup.
     *
     * @return empty while it is unbound
     */
    public Optional<Association> association() {
        return Optional.ofNullable(association);
    }

    /**
     * Returns the server that it moves to.
     *
     * @return empty unless it moves
     */
    public Optional<Endpoint> next() {
        return Optional.ofNullable(next);
    }

    /**
     * Returns how many of its connections have exact rules.
     *
     * @return none unless it moves or has moved
     */
    public int pins() {
        return pins;
    }

    /**
     * Returns how many packets went by its wildcard rules.
     *
     * @return the sum over all ILBs, as of ONOS's last poll
     */
    public long packets() {
        return packets;
    }

    /**
     * Returns how many bytes went by its wildcard rules.
     *
     * @return the sum over all ILBs, as of ONOS's last poll
     */
    public long bytes() {
        return bytes;
    }
}
