package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;

/**
 * How the switches are linked, and the way from each to each.
 *
 * <p>Ways are shortest paths, hop by hop: a switch's next hop is always strictly nearer to the destination, so following
 * them never loops whatever breaks ties. Ties break by {@link Rendezvous}, so destinations spread over links of equal
 * length and the loss of a link moves only what used it.
 *
 * <p>A <em>remembered</em> cable is one that ONOS lost sight of without knowing it to be cut, usually because a switch lost
 * its controller; it may well still forward. Ways use as few remembered cables as possible, but use them when there is
 * nothing else: a rule that points at a dead link does no more harm than no rule.
 *
 * <p>Immutable and thread-safe.
 */
final class Wiring {

    /** No links at all. */
    static final Wiring NONE = new Wiring(ImmutableSet.of(), ImmutableSet.of());

    /** Longer than any path over live cables. */
    private static final long REMEMBERED_LENGTH = 1L << 20;

    private final ImmutableSet<Cable> live;
    private final ImmutableSet<Cable> remembered;
    private final ImmutableListMultimap<DeviceId, Cable> outgoing;
    private final ImmutableListMultimap<DeviceId, Cable> incoming;
    private final ImmutableSet<ConnectPoint> ports;
    private final Map<DeviceId, Map<DeviceId, Long>> distances = new ConcurrentHashMap<>();

    /**
     * Creates a wiring.
     *
     * @param live the cables that ONOS sees
     * @param remembered the cables that may still be there
     */
    Wiring(Set<Cable> live, Set<Cable> remembered) {
        this.live = ImmutableSet.copyOf(live);
        this.remembered = ImmutableSet.copyOf(remembered);
        ImmutableListMultimap.Builder<DeviceId, Cable> out = ImmutableListMultimap.builder();
        ImmutableListMultimap.Builder<DeviceId, Cable> in = ImmutableListMultimap.builder();
        ImmutableSet.Builder<ConnectPoint> ends = ImmutableSet.builder();
        for (Collection<Cable> cables : ImmutableList.of(this.live, this.remembered)) {
            for (Cable cable : cables) {
                out.put(cable.source().deviceId(), cable);
                in.put(cable.destination().deviceId(), cable);
                ends.add(cable.source(), cable.destination());
            }
        }
        this.outgoing = out.build();
        this.incoming = in.build();
        this.ports = ends.build();
    }

    /**
     * Tells whether a port leads to another switch.
     *
     * @param port the port
     * @return true if a cable, live or remembered, ends there
     */
    boolean isFabric(ConnectPoint port) {
        return ports.contains(port);
    }

    /**
     * Tells whether no link is known.
     *
     * @return true without any cable
     */
    boolean isEmpty() {
        return ports.isEmpty();
    }

    Set<Cable> remembered() {
        return remembered;
    }

    Set<Cable> live() {
        return live;
    }

    /**
     * Returns the way from a switch to another.
     *
     * @param from where it starts
     * @param to where it ends
     * @param subject whose way it is; it breaks ties
     * @return the ports that it leaves each switch by, without one for the last; empty list if both are the same, empty
     *     optional if there is no way
     */
    Optional<List<ConnectPoint>> way(DeviceId from, DeviceId to, Object subject) {
        Map<DeviceId, Long> toEnd = distances.computeIfAbsent(to, this::distancesTo);
        if (!toEnd.containsKey(from)) {
            return Optional.empty();
        }
        List<ConnectPoint> way = new ArrayList<>();
        DeviceId at = from;
        while (!at.equals(to)) {
            Cable next = next(at, toEnd, subject);
            way.add(next.source());
            at = next.destination().deviceId();
        }
        return Optional.of(way);
    }

    private Cable next(DeviceId at, Map<DeviceId, Long> toEnd, Object subject) {
        long distance = toEnd.get(at);
        List<Cable> best = new ArrayList<>();
        for (Cable cable : outgoing.get(at)) {
            Long rest = toEnd.get(cable.destination().deviceId());
            if (rest != null && rest + length(cable) == distance) {
                best.add(cable);
            }
        }
        return Rendezvous.pick(subject, best, Cable::source).orElseThrow();
    }

    private Map<DeviceId, Long> distancesTo(DeviceId end) {
        Map<DeviceId, Long> settled = new HashMap<>();
        PriorityQueue<Map.Entry<DeviceId, Long>> queue =
                new PriorityQueue<>(Comparator.comparingLong(Map.Entry<DeviceId, Long>::getValue));
        queue.add(Map.entry(end, 0L));
        while (!queue.isEmpty()) {
            Map.Entry<DeviceId, Long> nearest = queue.remove();
            if (settled.putIfAbsent(nearest.getKey(), nearest.getValue()) == null) {
                for (Cable cable : incoming.get(nearest.getKey())) {
                    queue.add(Map.entry(cable.source().deviceId(), nearest.getValue() + length(cable)));
                }
            }
        }
        return settled;
    }

    private long length(Cable cable) {
        return live.contains(cable) ? 1 : REMEMBERED_LENGTH;
    }

    @Override
    public int hashCode() {
        return live.hashCode() * 31 + remembered.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Wiring
                && live.equals(((Wiring) other).live)
                && remembered.equals(((Wiring) other).remembered);
    }

    @Override
    public String toString() {
        return "live " + live + ", remembered " + remembered;
    }
}
