package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.MoreObjects;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;

/**
 * A server of a service's pool, as configured.
 *
 * <p>Immutable and thread-safe.
 */
public final class Server {

    /** The largest weight. */
    public static final int MAX_WEIGHT = 1000;

    private final Endpoint endpoint;
    private final int weight;
    private final MacAddress mac;
    private final ConnectPoint location;
    private final AdminState state;
    private final Instant deadline;

    /**
     * Creates a server.
     *
     * @param endpoint where it serves
     * @param weight its share of new connections, relative to the others; 0 takes none
     * @param mac its MAC address, or null to learn it by ARP
     * @param location the switch port that it is attached to, or null to learn it by ARP
     * @throws IllegalArgumentException if the weight is outside 0 to 1000
     */
    public Server(Endpoint endpoint, int weight, MacAddress mac, ConnectPoint location) {
        this(endpoint, weight, mac, location, AdminState.ENABLED, null);
    }

    private Server(
            Endpoint endpoint, int weight, MacAddress mac, ConnectPoint location, AdminState state, Instant deadline) {
        checkArgument(weight >= 0 && weight <= MAX_WEIGHT, "weight %s is not within 0 to 1000", weight);
        this.endpoint = checkNotNull(endpoint);
        this.weight = weight;
        this.mac = mac;
        this.location = location;
        this.state = checkNotNull(state);
        this.deadline = deadline;
    }

    /**
     * Returns this server as the operator wants it from now on.
     *
     * @param wanted what is wanted of it
     * @param drainUntil when a drain ends and the server is as if disabled, or null for never
     * @return the server in that state
     * @throws IllegalArgumentException if a server that is not drained gets a deadline
     */
    public Server in(AdminState wanted, Instant drainUntil) {
        checkArgument(drainUntil == null || wanted == AdminState.DRAINING, "only a drain has a deadline");
        return new Server(endpoint, weight, mac, location, wanted, drainUntil);
    }

    /**
     * Returns this server with another weight.
     *
     * @param other 0 to 1000
     * @return the server of that weight
     */
    public Server weighing(int other) {
        return new Server(endpoint, other, mac, location, state, deadline);
    }

    /**
     * Returns where the server serves; this also names it within its service.
     *
     * @return its address and port
     */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Returns the server's relative share of new connections.
     *
     * @return 0 to 1000; 0 takes no new connection
     */
    public int weight() {
        return weight;
    }

    /**
     * Returns the configured MAC address.
     *
     * @return the address, empty when it is learnt
     */
    public Optional<MacAddress> mac() {
        return Optional.ofNullable(mac);
    }

    /**
     * Returns the configured place of the server.
     *
     * @return the switch port, empty when it is learnt
     */
    public Optional<ConnectPoint> location() {
        return Optional.ofNullable(location);
    }

    /**
     * Returns what the operator wants of the server.
     *
     * @return enabled by default
     */
    public AdminState state() {
        return state;
    }

    /**
     * Returns when the server's drain ends; from then on it is as if disabled.
     *
     * @return the deadline, empty if it is not drained, or for as long as its connections take
     */
    public Optional<Instant> drainUntil() {
        return Optional.ofNullable(deadline);
    }

    @Override
    public int hashCode() {
        return Objects.hash(endpoint, weight, mac, location, state, deadline);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Server
                && endpoint.equals(((Server) other).endpoint)
                && weight == ((Server) other).weight
                && Objects.equals(mac, ((Server) other).mac)
                && Objects.equals(location, ((Server) other).location)
                && state == ((Server) other).state
                && Objects.equals(deadline, ((Server) other).deadline);
    }

    @Override
    public String toString() {
        return MoreObjects.toStringHelper(this)
                .addValue(endpoint)
                .add("weight", weight)
                .add("mac", mac)
                .add("location", location)
                .add("state", state == AdminState.ENABLED ? null : state)
                .add("drainUntil", deadline)
                .omitNullValues()
                .toString();
    }
}
