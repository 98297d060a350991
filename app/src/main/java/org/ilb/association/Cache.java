package org.ilb.association;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.FlowKey;

/**
 * A bounded table of associations that one ILB neither owns nor backs up (claim 12). When it is full the least recently
 * used goes. A cache of size 0 is no cache (claim 15).
 *
 * <p>Thread-safe; each call holds the cache of this one ILB for the time of a look-up, never longer.
 */
public final class Cache {

    private final int capacity;
    private final Recent recent;

    /**
     * Creates an empty cache.
     *
     * @param capacity how many associations it holds, 0 for none
     */
    public Cache(int capacity) {
        checkArgument(capacity >= 0, "capacity %s is negative", capacity);
        this.capacity = capacity;
        this.recent = new Recent(capacity);
    }

    /**
     * Looks a connection up, which makes it the most recently used.
     *
     * @param key the connection
     * @return its association, or null if this cache lacks it
     */
    public Association get(FlowKey key) {
        if (capacity == 0) {
            return null;
        }
        synchronized (recent) {
            return recent.get(key);
        }
    }

    /**
     * Caches an association as the most recently used.
     *
     * @param association the association
     */
    public void put(Association association) {
        if (capacity > 0) {
            synchronized (recent) {
                recent.put(association.key(), association);
            }
        }
    }

    /**
     * Corrects what this cache has of a connection, which counts as a use; caches nothing new.
     *
     * @param association what is known now
     */
    public void correct(Association association) {
        if (capacity > 0) {
            synchronized (recent) {
                recent.replace(association.key(), association);
            }
        }
    }

    /**
     * Drops an association unless what this cache has is of another epoch: has another initial sequence number.
     *
     * @param association what ended
     */
    public void remove(Association association) {
        if (capacity > 0) {
            synchronized (recent) {
                recent.computeIfPresent(
                        association.key(),
                        (key, cached) -> cached.initialSequence() == association.initialSequence() ? null : cached);
            }
        }
    }

    /**
     * Drops a connection, if this cache has it.
     *
     * @param key the connection
     */
    public void remove(FlowKey key) {
        if (capacity > 0) {
            synchronized (recent) {
                recent.remove(key);
            }
        }
    }

    /**
     * Drops the associations that a condition holds for.
     *
     * @param condition which to drop
     * @return what was dropped, least recently used first
     */
    public List<Association> removeIf(Predicate<Association> condition) {
        List<Association> removed = new ArrayList<>();
        synchronized (recent) {
            recent.values().removeIf(association -> condition.test(association) && removed.add(association));
        }
        return removed;
    }

    /**
     * Returns how many associations are cached.
     *
     * @return 0 to the capacity
     */
    public int size() {
        synchronized (recent) {
            return recent.size();
        }
    }

    /** A map in the order of use that forgets the eldest beyond its capacity. */
    private static final class Recent extends LinkedHashMap<FlowKey, Association> {

        private static final long serialVersionUID = 1;
        private static final float LOAD_FACTOR = 0.75f;

        private final int capacity;

        Recent(int capacity) {
            super(16, LOAD_FACTOR, true);
            this.capacity = capacity;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<FlowKey, Association> eldest) {
            return size() > capacity;
        }
    }
}
