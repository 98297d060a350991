package org.ilb;

import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * What the function counted since it was activated, by name.
 *
 * <p>An immutable snapshot.
 */
public final class Counters {

    private final ImmutableSortedMap<String, Long> values;

    /**
     * Creates a snapshot.
     *
     * @param values the counts by name
     */
    public Counters(Map<String, Long> values) {
        this.values = ImmutableSortedMap.copyOf(values);
    }

    /**
     * Returns the counts.
     *
     * @return by name, in the names' order
     */
    public SortedMap<String, Long> values() {
        return values;
    }
}
