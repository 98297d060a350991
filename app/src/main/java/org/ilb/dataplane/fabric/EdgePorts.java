package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;

/**
 * The ports that requests of our own can be sent to: those that lead out of the network.
 *
 * <p>Which ports these are is only known when the links are. So a switch that has just come has its links found first, for a
 * few seconds; uplinks are configured and need no such wait. A request that went to a port between two switches would make
 * ONOS's host provider take its sender for a host there. Not thread-safe.
 */
final class EdgePorts {

    /** How long a switch is left alone that has a link already. */
    static final long LINKED_MILLIS = 1_000;

    /** How long a switch is left alone that has none. */
    static final long UNLINKED_MILLIS = 4_000;

    private final Map<DeviceId, Long> since = new HashMap<>();

    /**
     * Returns the ports that are up and lead out of the network, at switches that this node is to write to.
     *
     * @param situation what is known
     * @param network the switches' ports
     * @param now milliseconds of a clock that only goes forward
     * @return the ports, uplinks among them
     */
    Set<ConnectPoint> of(Situation situation, Network network, long now) {
        since.keySet().retainAll(situation.available());
        ImmutableSet.Builder<ConnectPoint> ports = ImmutableSet.builder();
        for (DeviceId device : situation.available()) {
            long age = now - since.computeIfAbsent(device, any -> now);
            boolean linked = situation.wiring().live().stream()
                    .anyMatch(cable -> cable.source().deviceId().equals(device));
            boolean settled = age >= (linked ? LINKED_MILLIS : UNLINKED_MILLIS);
            if (network.isMaster(device)) {
                for (ConnectPoint port : network.portsUp(device)) {
                    boolean uplink = situation.uplinks().contains(port);
                    if (uplink || settled && !situation.wiring().isFabric(port)) {
                        ports.add(port);
                    }
                }
            }
        }
        return ports.build();
    }
}
