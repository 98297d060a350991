package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What a service has had to do since activation.
 *
 * <p>An immutable snapshot. What left the configuration meanwhile counts no more: a server's share goes with it.
 */
public final class ServiceStatistics {

    private final String name;
    private final long packetIns;
    private final long refused;
    private final ImmutableList<ServerStatistics> servers;

    /**
     * Creates a snapshot.
     *
     * @param name the service's name
     * @param packetIns how many of its segments came up
     * @param refused how many of its SYNs found no server or no room
     * @param servers its servers, then its backups
     */
    public ServiceStatistics(String name, long packetIns, long refused, List<ServerStatistics> servers) {
        this.name = checkNotNull(name);
        this.packetIns = packetIns;
        this.refused = refused;
        this.servers = ImmutableList.copyOf(servers);
    }

    /**
     * Returns which service it is.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    /**
     * Returns how many of its segments switches punted.
     *
     * @return the number
     */
    public long packetIns() {
        return packetIns;
    }

    /**
     * Returns how many of its SYNs were refused.
     *
     * @return those that found no server to take them, or a bound reached; a SYN that is sent again counts again
     */
    public long refused() {
        return refused;
    }

    /**
     * Returns its servers.
     *
     * @return the pool, then the backups, in the order of the configuration
     */
    public List<ServerStatistics> servers() {
        return servers;
    }

    /**
     * Returns how many connections it has at this moment.
     *
     * @return the sum over its servers
     */
    public int active() {
        return servers.stream().mapToInt(ServerStatistics::active).sum();
    }

    /**
     * Returns how many connections got a server.
     *
     * @return the sum over its servers
     */
    public long opened() {
        return servers.stream().mapToLong(ServerStatistics::opened).sum();
    }

    /**
     * Returns what clients sent.
     *
     * @return the sum over its servers
     */
    public Traffic received() {
        return servers.stream().map(ServerStatistics::received).reduce(Traffic.NONE, Traffic::plus);
    }

    /**
     * Returns what clients were answered.
     *
     * @return the sum over its servers
     */
    public Traffic sent() {
        return servers.stream().map(ServerStatistics::sent).reduce(Traffic.NONE, Traffic::plus);
    }
}
