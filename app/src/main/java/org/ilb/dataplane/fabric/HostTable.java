package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.onlab.packet.IpAddress;
import org.onosproject.net.ConnectPoint;

/**
 * Hosts that were heard of, a bounded number.
 *
 * <p>When it is full, the host that has been silent longest makes room, but not before a minute: whoever floods the table
 * with invented hosts must not push out the ones that talk. No port may fill more than a quarter of it. Not thread-safe.
 */
final class HostTable {

    /** How long a host keeps its place in a full table after it was last heard. */
    static final long SAFE_MILLIS = 60_000;

    private final int capacity;
    private final Map<IpAddress, Heard> hosts;

    /** A host and when it was heard last. */
    private static final class Heard {
        private final Place place;
        private final long at;

        private Heard(Place place, long at) {
            this.place = place;
            this.at = at;
        }
    }

    HostTable(int capacity) {
        this.capacity = capacity;
        // In the order in which they were heard last.
        this.hosts = new LinkedHashMap<>(16, 0.75f, false);
    }

    /**
     * Notes a host.
     *
     * @param address the host's address
     * @param place where it is
     * @param now milliseconds of a clock that only goes forward
     * @return true if that is news
     */
    boolean hear(IpAddress address, Place place, long now) {
        Heard former = hosts.remove(address);
        if (former == null && !hasRoom(place.location(), now)) {
            return false;
        }
        hosts.put(address, new Heard(place, now));
        return former == null || !former.place.equals(place);
    }

    private boolean hasRoom(ConnectPoint port, long now) {
        if (hosts.size() < capacity) {
            return hosts.size() < capacity / 4
                    || hosts.values().stream()
                                    .filter(heard -> heard.place.location().equals(port))
                                    .count()
                            < capacity / 4;
        }
        Iterator<Heard> eldest = hosts.values().iterator();
        if (now - eldest.next().at < SAFE_MILLIS) {
            return false;
        }
        eldest.remove();
        return true;
    }

    boolean contains(IpAddress address) {
        return hosts.containsKey(address);
    }

    /**
     * Forgets who has been silent for long.
     *
     * @param before the time before which a host must have been heard last
     * @return true if any host went
     */
    boolean forgetSilent(long before) {
        return hosts.values().removeIf(heard -> heard.at < before);
    }

    /**
     * Returns who has been silent for a while.
     *
     * @param before the time before which a host must have been heard last
     * @return those hosts
     */
    Map<IpAddress, Place> silent(long before) {
        ImmutableMap.Builder<IpAddress, Place> silent = ImmutableMap.builder();
        hosts.forEach((address, heard) -> {
            if (heard.at < before) {
                silent.put(address, heard.place);
            }
        });
        return silent.build();
    }

    /** Returns all hosts. */
    Map<IpAddress, Place> places() {
        ImmutableMap.Builder<IpAddress, Place> all = ImmutableMap.builder();
        hosts.forEach((address, heard) -> all.put(address, heard.place));
        return all.build();
    }

    void clear() {
        hosts.clear();
    }
}
