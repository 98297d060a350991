package org.ilb.frontend;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.ilb.Latencies;

/**
 * Counts how long something took by bounds that are the same for all, so that histograms can be added up. Thread-safe and
 * without contention; recording allocates nothing.
 */
final class LatencyMeter {

    /** From what a function call takes to what a client waits for before it sends its SYN again. */
    private static final ImmutableList<Duration> BOUNDS = ImmutableList.of(
            Duration.ofNanos(250_000),
            Duration.ofNanos(500_000),
            Duration.ofMillis(1),
            Duration.ofNanos(2_500_000),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2_500));

    private static final long[] BOUND_NANOS =
            BOUNDS.stream().mapToLong(Duration::toNanos).toArray();

    private final LongAdder[] counts = new LongAdder[BOUND_NANOS.length + 1];
    private final LongAdder nanos = new LongAdder();

    LatencyMeter() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Takes note that something took so long; a clock that went back counts as no time. */
    void record(long took) {
        int bound = 0;
        while (bound < BOUND_NANOS.length && took > BOUND_NANOS[bound]) {
            bound++;
        }
        counts[bound].increment();
        nanos.add(Math.max(0, took));
    }

    Latencies snapshot() {
        ImmutableList.Builder<Long> sums = ImmutableList.builder();
        for (LongAdder count : counts) {
            sums.add(count.sum());
        }
        List<Long> all = sums.build();
        return new Latencies(BOUNDS, all, Duration.of(nanos.sum(), TimeUnit.NANOSECONDS.toChronoUnit()));
    }
}
