package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.base.MoreObjects;
import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
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
    private final HealthCheck health;
    private final ServerFailure onFailure;
    private final ImmutableList<Server> backups;
    private final Duration affinity;
    private final ReturnMode returnMode;

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
        this(name, endpoint, policy, handOff, unknown, direct, servers, new Options());
    }

    private Service(
            String name,
            Endpoint endpoint,
            String policy,
            HandOff handOff,
            UnknownConnection unknown,
            List<IpPrefix> direct,
            List<Server> servers,
            Options options) {
        this.name = checkNotNull(name);
        this.endpoint = checkNotNull(endpoint);
        this.policy = checkNotNull(policy);
        this.handOff = checkNotNull(handOff);
        this.unknown = checkNotNull(unknown);
        this.direct = ImmutableList.copyOf(direct);
        this.servers = ImmutableList.copyOf(servers);
        this.buckets = options.buckets;
        this.health = options.health;
        this.onFailure = checkNotNull(options.onFailure);
        this.backups = ImmutableList.copyOf(options.backups);
        this.affinity = options.affinity;
        this.returnMode = checkNotNull(options.returnMode);
    }

    /** What a service need not have, with its defaults. Never leaves this class. */
    private static final class Options {

        private Buckets buckets;
        private HealthCheck health;
        private ServerFailure onFailure = ServerFailure.RESET;
        private List<Server> backups = ImmutableList.of();
        private Duration affinity;
        private ReturnMode returnMode = ReturnMode.NAT;
    }

    private Service with(Consumer<Options> change) {
        return with(servers, change);
    }

    private Service with(List<Server> pool, Consumer<Options> change) {
        Options options = new Options();
        options.buckets = buckets;
        options.health = health;
        options.onFailure = onFailure;
        options.backups = backups;
        options.affinity = affinity;
        options.returnMode = returnMode;
        change.accept(options);
        return new Service(name, endpoint, policy, handOff, unknown, direct, pool, options);
    }

    /**
     * Returns this service with its connections gathered into buckets, or not.
     *
     * @param newBuckets how, or empty for each connection on its own
     * @return the service of that granularity
     */
    public Service inBuckets(Optional<Buckets> newBuckets) {
        return with(options -> options.buckets = newBuckets.orElse(null));
    }

    /**
     * Returns this service with its servers checked, or not.
     *
     * @param check how, or empty for servers that are taken to be up
     * @return the service whose servers are checked so
     */
    public Service checked(Optional<HealthCheck> check) {
        return with(options -> options.health = check.orElse(null));
    }

    /**
     * Returns this service with another fate for the connections of servers that fail.
     *
     * @param fate what happens to them
     * @return the service
     */
    public Service onFailure(ServerFailure fate) {
        return with(options -> options.onFailure = fate);
    }

    /**
     * Returns this service with servers that serve when none of its own does.
     *
     * @param pool the servers, perhaps none
     * @return the service
     */
    public Service backedUpBy(List<Server> pool) {
        return with(options -> options.backups = pool);
    }

    /**
     * Returns this service with its clients bound to their servers, or not.
     *
     * @param timeout for how long after its last connection ended a client keeps its server, or empty for not at all
     * @return the service
     */
    public Service affine(Optional<Duration> timeout) {
        return with(options -> options.affinity = timeout.orElse(null));
    }

    /**
     * Returns this service with another way of its answers.
     *
     * @param mode the way
     * @return the service
     */
    public Service returning(ReturnMode mode) {
        return with(options -> options.returnMode = mode);
    }

    /**
     * Returns this service with other servers.
     *
     * @param pool the servers
     * @return the service
     */
    public Service servedBy(List<Server> pool) {
        return with(pool, options -> {});
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
     * Returns how its servers are checked.
     *
     * @return empty if they are taken to be up
     */
    public Optional<HealthCheck> health() {
        return Optional.ofNullable(health);
    }

    /**
     * Returns what happens to the connections of a server that fails.
     *
     * @return their fate
     */
    public ServerFailure onFailure() {
        return onFailure;
    }

    /**
     * Returns the servers that take new connections while none of {@link #servers()} does.
     *
     * @return the backup pool, perhaps empty
     */
    public List<Server> backups() {
        return backups;
    }

    /**
     * Returns every server that may ever serve: the pool, then its backups.
     *
     * @return the servers, each once
     */
    public List<Server> allServers() {
        return backups.isEmpty()
                ? servers
                : ImmutableList.<Server>builder()
                        .addAll(servers)
                        .addAll(backups)
                        .build();
    }

    /**
     * Returns for how long a client keeps its server after its last connection ended.
     *
     * @return empty if each of a client's connections is on its own
     */
    public Optional<Duration> affinity() {
        return Optional.ofNullable(affinity);
    }

    /**
     * Returns the way of what servers answer.
     *
     * @return the mode
     */
    public ReturnMode returnMode() {
        return returnMode;
    }

    /**
     * Returns where segments are addressed to on their way to a server, and where its answers come from: the server's own
     * address and port, or with {@link ReturnMode#DSR} the virtual ones, which it holds beside its own. Health probes go there,
     * too. The server's MAC address says which server it is in either case.
     *
     * @param server one of this service's servers
     * @return the destination of the segments that it is sent
     */
    public Endpoint addressed(Endpoint server) {
        return returnMode == ReturnMode.DSR ? endpoint : server;
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
        return Objects.hash(
                name,
                endpoint,
                policy,
                handOff,
                unknown,
                direct,
                servers,
                buckets,
                health,
                onFailure,
                backups,
                affinity,
                returnMode);
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
                && Objects.equals(buckets, that.buckets)
                && Objects.equals(health, that.health)
                && onFailure == that.onFailure
                && backups.equals(that.backups)
                && Objects.equals(affinity, that.affinity)
                && returnMode == that.returnMode;
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
                .add("health", health)
                .add("onFailure", onFailure)
                .add("backups", backups.isEmpty() ? null : backups)
                .add("affinity", affinity)
                .add("returnMode", returnMode)
                .omitNullValues()
                .toString();
    }
}
