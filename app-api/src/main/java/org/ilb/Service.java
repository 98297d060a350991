package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.base.MoreObjects;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.onlab.packet.IpPrefix;

/**
 * A virtual IP address, a TCP port and the pool of servers behind it.
 *
 * <p>Immutable and thread-safe.
 */
public final class Service {

    private final String name;
    private final Endpoint endpoint;
    private final String policy;
    private final HandOff handOff;
    private final UnknownConnection unknown;
    private final ImmutableList<IpPrefix> direct;
    private final ImmutableList<Server> servers;
    private final Buckets buckets;

    /**
     * Creates a service each of whose connections is on its own.
     *
     * @param name its unique name
     * @param endpoint the virtual address and port
     * @param policy the name of its server selection policy
     * @param handOff how segments are handed to their owner
     * @param unknown what happens to segments of unknown connections
     * @param direct the prefixes whose hosts talk to the servers' own addresses, untranslated
     * @param servers the pool
     */
    public Service(
            String name,
            Endpoint endpoint,
            String policy,
            HandOff handOff,
            UnknownConnection unknown,
            List<IpPrefix> direct,
            List<Server> servers) {
        this(name, endpoint, policy, handOff, unknown, direct, servers, null);
    }

    private Service(
            String name,
            Endpoint endpoint,
            String policy,
            HandOff handOff,
            UnknownConnection unknown,
            List<IpPrefix> direct,
            List<Server> servers,
            Buckets buckets) {
        this.name = checkNotNull(name);
        this.endpoint = checkNotNull(endpoint);
        this.policy = checkNotNull(policy);
        this.handOff = checkNotNull(handOff);
        this.unknown = checkNotNull(unknown);
        this.direct = ImmutableList.copyOf(direct);
        this.servers = ImmutableList.copyOf(servers);
        this.buckets = buckets;
    }

    /**
     * Returns this service with its connections gathered into buckets, or not.
     *
     * @param newBuckets how, or empty for each connection on its own
     * @return the service of that granularity
     */
    public Service inBuckets(Optional<Buckets> newBuckets) {
        return new Service(name, endpoint, policy, handOff, unknown, direct, servers, newBuckets.orElse(null));
    }

    /**
     * Returns the name.
     *
     * @return the name, unique among services
     */
    public String name() {
        return name;
    }

    /**
     * Returns where clients find the service.
     *
     * @return the virtual address and port, unique among services
     */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Returns the name of the server selection policy.
     *
     * @return for example {@code weighted-round-robin}
     */
    public String policy() {
        return policy;
    }

    /**
     * Returns how segments reach their server through an ILB that does not own them.
     *
     * @return the mode of hand-off
     */
    public HandOff handOff() {
        return handOff;
    }

    /**
     * Returns what happens to segments of connections that nobody knows.
     *
     * @return the reaction
     */
    public UnknownConnection unknown() {
        return unknown;
    }

    /**
     * Returns the prefixes whose hosts reach the servers' own addresses untranslated.
     *
     * @return the prefixes, perhaps none
     */
    public List<IpPrefix> direct() {
        return direct;
    }

    /**
     * Returns the servers, in the order of the configuration.
     *
     * @return the pool, at least one
     */
    public List<Server> servers() {
        return servers;
    }

    /**
     * Returns how its connections are gathered into buckets.
     *
     * @return empty if each connection is on its own
     */
    public Optional<Buckets> buckets() {
        return Optional.ofNullable(buckets);
    }

    /**
     * Returns which bits of a connection id make its flow key.
     *
     * @return the mask of its granularity
     */
    public FlowMask mask() {
        return buckets == null ? FlowMask.CONNECTION : FlowMask.bucket(buckets.portMask());
    }

    /**
     * Returns the flow key of one of its buckets.
     *
     * @param index the bucket's index
     * @return the key that all connections of that bucket have
     * @throws IllegalStateException if it has no buckets
     */
    public FlowKey bucket(int index) {
        checkState(buckets != null, "service %s has no buckets", name);
        // No end point has such a port or such an address, which is why a bucket's key is no connection's.
        return FlowKey.of(endpoint.address().getIp4Address().toInt(), endpoint.port(), 0, buckets.port(index));
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, endpoint, policy, handOff, unknown, direct, servers, buckets);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Service)) {
            return false;
        }
        Service that = (Service) other;
        return name.equals(that.name)
                && endpoint.equals(that.endpoint)
                && policy.equals(that.policy)
                && handOff == that.handOff
                && unknown == that.unknown
                && direct.equals(that.direct)
                && servers.equals(that.servers)
                && Objects.equals(buckets, that.buckets);
    }

    @Override
    public String toString() {
        return MoreObjects.toStringHelper(this)
                .addValue(name)
                .addValue(endpoint)
                .add("policy", policy)
                .add("handOff", handOff)
                .add("unknown", unknown)
                .add("direct", direct)
                .add("servers", servers)
                .add("buckets", buckets)
                .omitNullValues()
                .toString();
    }
}
