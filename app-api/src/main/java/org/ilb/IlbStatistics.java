package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

/**
 * What an ILB has had to do since activation.
 *
 * <p>An immutable snapshot.
 */
public final class IlbStatistics {

    private final IlbId id;
    private final long packetIns;
    private final long opened;
    private final long refused;
    private final long handOffs;
    private final long cacheHits;
    private final Traffic received;
    private final Latencies decisions;

    /**
     * Creates a snapshot.
     *
     * @param id the ILB
     * @param packetIns how many segments came up at it
     * @param opened how many connections it received that got a server
     * @param refused how many SYNs it received that found no server or no room
     * @param handOffs how many segments it handed to their owner
     * @param cacheHits how many segments its cache knew the server of
     * @param received what it received of clients
     * @param decisions how long segments that came up took until they were sent on
     */
    public IlbStatistics(
            IlbId id,
            long packetIns,
            long opened,
            long refused,
            long handOffs,
            long cacheHits,
            Traffic received,
            Latencies decisions) {
        this.id = checkNotNull(id);
        this.packetIns = packetIns;
        this.opened = opened;
        this.refused = refused;
        this.handOffs = handOffs;
        this.cacheHits = cacheHits;
        this.received = checkNotNull(received);
        this.decisions = checkNotNull(decisions);
    }

    /**
     * Returns which ILB it is.
     *
     * @return its id
     */
    public IlbId id() {
        return id;
    }

    /**
     * Returns how many segments of services its switch punted.
     *
     * @return the number
     */
    public long packetIns() {
        return packetIns;
    }

    /**
     * Returns how many connections it received that got a server.
     *
     * @return without those that a bucket's rules led to one
     */
    public long opened() {
        return opened;
    }

    /**
     * Returns how many SYNs that it received were refused.
     *
     * @return those that found no server to take them, or a bound reached; a SYN that is sent again counts again
     */
    public long refused() {
        return refused;
    }

    /**
     * Returns how many segments it handed to their owner (claims 13 and 15).
     *
     * @return segments that came up and whose server it did not know
     */
    public long handOffs() {
        return handOffs;
    }

    /**
     * Returns how often its cache knew the server (claim 12).
     *
     * @return segments that came up, of connections that it neither owns nor backs up
     */
    public long cacheHits() {
        return cacheHits;
    }

    /**
     * Returns what it received of clients and what went on to a server.
     *
     * @return each packet counted once, here and not at the owner that relayed it
     */
    public Traffic received() {
        return received;
    }

    /**
     * Returns how long segments that came up took until they were sent on: from packet-in to packet-out.
     *
     * @return the histogram, by the controller's clock
     */
    public Latencies decisions() {
        return decisions;
    }
}
