package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import java.time.Instant;
import java.util.List;

/**
 * What the function has had to do since it was activated, by service and server and by ILB.
 *
 * <p>All counts only grow, but for those that say "at this moment"; who wants rates takes two snapshots. Packets and bytes are
 * what flow rules counted when ONOS asked the switches last, every few seconds, and what was sent on from the controller.
 *
 * <p>An immutable snapshot.
 */
public final class Statistics {

    private final Instant since;
    private final Instant at;
    private final ImmutableList<ServiceStatistics> services;
    private final ImmutableList<IlbStatistics> ilbs;
    private final Latencies storeWrites;
    private final int settingUp;

    /**
     * Creates a snapshot.
     *
     * @param since when counting began
     * @param at when it was taken
     * @param services by service, in the order of the configuration
     * @param ilbs by ILB, in the order of the configuration
     * @param storeWrites how long the store took to confirm new associations
     * @param settingUp how many connections are being set up
     */
    public Statistics(
            Instant since,
            Instant at,
            List<ServiceStatistics> services,
            List<IlbStatistics> ilbs,
            Latencies storeWrites,
            int settingUp) {
        this.since = checkNotNull(since);
        this.at = checkNotNull(at);
        this.services = ImmutableList.copyOf(services);
        this.ilbs = ImmutableList.copyOf(ilbs);
        this.storeWrites = checkNotNull(storeWrites);
        this.settingUp = settingUp;
    }

    /**
     * Returns when counting began.
     *
     * @return the moment of activation
     */
    public Instant since() {
        return since;
    }

    /**
     * Returns when this was taken.
     *
     * @return the moment
     */
    public Instant at() {
        return at;
    }

    /**
     * Returns what services have had to do.
     *
     * @return in the order of the configuration; none before the first
     */
    public List<ServiceStatistics> services() {
        return services;
    }

    /**
     * Returns what ILBs have had to do.
     *
     * @return in the order of the configuration; none before the first
     */
    public List<IlbStatistics> ilbs() {
        return ilbs;
    }

    /**
     * Returns how long the store took to confirm new associations: its lag.
     *
     * @return the histogram, by the controller's clock; what it has not confirmed is in {@link #settingUp}
     */
    public Latencies storeWrites() {
        return storeWrites;
    }

    /**
     * Returns how many connections are being set up at this moment.
     *
     * @return those whose association the store has not confirmed
     */
    public int settingUp() {
        return settingUp;
    }
}
