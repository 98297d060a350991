package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Optional;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;

/**
 * What is known of a server at a moment.
 *
 * <p>An immutable snapshot.
 */
public final class ServerStatus {

    private final MacAddress mac;
    private final ConnectPoint location;
    private final int connections;
    private final ServerHealth health;

    /**
     * Creates a status.
     *
     * @param mac its MAC address, or null while unknown
     * @param location its switch port, or null while unknown
     * @param connections how many associations it has
     */
    public ServerStatus(MacAddress mac, ConnectPoint location, int connections) {
        this(mac, location, connections, ServerHealth.UNCHECKED);
    }

    /**
     * Creates a status.
     *
     * @param mac its MAC address, or null while unknown
     * @param location its switch port, or null while unknown
     * @param connections how many associations it has
     * @param health what its health check has found
     */
    public ServerStatus(MacAddress mac, ConnectPoint location, int connections, ServerHealth health) {
        this.mac = mac;
        this.location = location;
        this.connections = connections;
        this.health = checkNotNull(health);
    }

    /**
     * Returns the server's MAC address.
     *
     * @return configured or learnt, empty while unknown
     */
    public Optional<MacAddress> mac() {
        return Optional.ofNullable(mac);
    }

    /**
     * Returns where the server is attached.
     *
     * @return configured or learnt, empty while unknown
     */
    public Optional<ConnectPoint> location() {
        return Optional.ofNullable(location);
    }

    /**
     * Returns how many associations the server has.
     *
     * @return the number
     */
    public int connections() {
        return connections;
    }

    /**
     * Returns what the server's health check has found.
     *
     * @return its health
     */
    public ServerHealth health() {
        return health;
    }
}
