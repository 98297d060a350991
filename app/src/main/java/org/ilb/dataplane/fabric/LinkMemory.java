package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;

/**
 * Remembers links that ONOS dropped although nothing says that they are cut.
 *
 * <p>When a switch loses its controller, ONOS drops all its links, but the switch forwards on. A lost link is forgotten when
 * one of its ports leads elsewhere, or when both its switches have been there for a while and nobody found it again. Ports that
 * are reported down do not count: ONOS reports that of every port of a switch that it loses. Not thread-safe.
 */
final class LinkMemory {

    /** How long two switches that are there may take to find their link again; ONOS probes every three seconds. */
    static final long GRACE_MILLIS = 15_000;

    private final Map<Cable, Long> lost = new HashMap<>();
    private Set<Cable> live = ImmutableSet.of();

    /**
     * Takes what ONOS sees now.
     *
     * @param seen its links
     * @param available which switches are connected
     * @param now milliseconds of a clock that only goes forward
     * @return the wiring, with what is remembered
     */
    Wiring update(Set<Cable> seen, Predicate<DeviceId> available, long now) {
        for (Cable cable : live) {
            if (!seen.contains(cable)) {
                lost.putIfAbsent(cable, now);
            }
        }
        live = ImmutableSet.copyOf(seen);
        Set<ConnectPoint> used = new HashSet<>();
        for (Cable cable : seen) {
            lost.remove(cable);
            used.add(cable.source());
            used.add(cable.destination());
        }
        lost.keySet().removeIf(cable -> {
            Cable reverse = new Cable(cable.destination(), cable.source());
            return !seen.contains(reverse) && (used.contains(cable.source()) || used.contains(cable.destination()));
        });
        // The grace starts when both switches are there again.
        lost.replaceAll((cable, since) -> bothThere(cable, available) ? since : now);
        lost.values().removeIf(since -> now - since >= GRACE_MILLIS);
        return new Wiring(live, ImmutableSet.copyOf(lost.keySet()));
    }

    /**
     * Takes over links that a former run of the controller knew. They count as lost, until they are found again.
     *
     * @param cables its links
     * @param now milliseconds of a clock that only goes forward
     */
    void recall(Set<Cable> cables, long now) {
        cables.forEach(cable -> lost.putIfAbsent(cable, now));
    }

    private static boolean bothThere(Cable cable, Predicate<DeviceId> available) {
        return available.test(cable.source().deviceId())
                && available.test(cable.destination().deviceId());
    }
}
