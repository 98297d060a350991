package org.ilb.dataplane.fabric;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import org.onlab.packet.MacAddress;

/**
 * What is known of an uplink: the router's MAC address there, and whether replies can be sent to it.
 *
 * <p>Immutable and thread-safe.
 */
final class NextHop {

    private final MacAddress mac;
    private final boolean live;

    /**
     * Creates what is known of an uplink.
     *
     * @param mac the router's MAC address
     * @param live whether the ILB's switch is connected, the port is up and the router answered not long ago
     */
    NextHop(MacAddress mac, boolean live) {
        this.mac = checkNotNull(mac);
        this.live = live;
    }

    MacAddress mac() {
        return mac;
    }

    boolean live() {
        return live;
    }

    @Override
    public int hashCode() {
        return Objects.hash(mac, live);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NextHop && mac.equals(((NextHop) other).mac) && live == ((NextHop) other).live;
    }

    @Override
    public String toString() {
        return mac + (live ? "" : " (not live)");
    }
}
