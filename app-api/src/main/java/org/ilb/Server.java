package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.MoreObjects;
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
        checkArgument(weight >= 0 && weight <= MAX_WEIGHT, "weight %s is not within 0 to 1000", weight);
        this.endpoint = checkNotNull(endpoint);
        this.weight = weight;
        this.mac = mac;
        this.location = location;
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

    @Override
    public int hashCode() {
        return Objects.hash(endpoint, weight, mac, location);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Server
                && endpoint.equals(((Server) other).endpoint)
                && weight == ((Server) other).weight
                && Objects.equals(mac, ((Server) other).mac)
                && Objects.equals(location, ((Server) other).location);
    }

    @Override
    public String toString() {
        return MoreObjects.toStringHelper(this)
                .addValue(endpoint)
                .add("weight", weight)
                .add("mac", mac)
                .add("location", location)
                .omitNullValues()
                .toString();
    }
}
