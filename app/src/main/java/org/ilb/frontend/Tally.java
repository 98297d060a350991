package org.ilb.frontend;

import com.google.common.collect.ImmutableMap;
import java.util.concurrent.atomic.LongAdder;
import org.ilb.Counters;

/** Counts events, of the function as a whole and in {@link Meters} by what they concern. Thread-safe and without contention. */
final class Tally {

    private final Meters meters = new Meters();
    private final LongAdder[] adders = new LongAdder[Count.values().length];

    Tally() {
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
    }

    Meters meters() {
        return meters;
    }

    void add(Count count) {
        adders[count.ordinal()].increment();
    }

    void add(Count count, long number) {
        adders[count.ordinal()].add(number);
    }

    long get(Count count) {
        return adders[count.ordinal()].sum();
    }

    Counters snapshot() {
        ImmutableMap.Builder<String, Long> values = ImmutableMap.builder();
        for (Count count : Count.values()) {
            values.put(count.label(), get(count));
        }
        return new Counters(values.build());
    }
}
