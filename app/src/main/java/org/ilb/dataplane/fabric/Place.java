package org.ilb.dataplane.fabric;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;

/**
 * Where a host is: its MAC address and the switch port that it is attached to.
 *
 * <p>Immutable and thread-safe.
 */
public final class Place {

    private final MacAddress mac;
    private final ConnectPoint location;

    /**
     * Creates a place.
     *
     * @param mac the host's MAC address
     * @param location the switch port
     */
    public Place(MacAddress mac, ConnectPoint location) {
        this.mac = checkNotNull(mac);
        this.location = checkNotNull(location);
    }

    /**
     * Returns the host's MAC address.
     *
     * @return the address
     */
    public MacAddress mac() {
        return mac;
    }

    /**
     * Returns the host's switch port.
     *
     * @return an edge port
     */
    public ConnectPoint location() {
        return location;
    }

    @Override
    public int hashCode() {
        return Objects.hash(mac, location);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Place && mac.equals(((Place) other).mac) && location.equals(((Place) other).location);
    }

    @Override
    public String toString() {
        return mac + " at " + location;
    }
}
