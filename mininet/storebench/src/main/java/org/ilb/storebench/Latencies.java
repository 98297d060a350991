package org.ilb.storebench;

import java.util.Arrays;

/** How long each of some operations took, and all of them together. Immutable. */
final class Latencies {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] sorted;
    private final long elapsed;

    /**
     * Creates latencies.
     *
     * @param nanos how long each took, at least one
     * @param elapsed how long it took from the start of the first to the end of the last
     */
    Latencies(long[] nanos, long elapsed) {
        this.sorted = nanos.clone();
        this.elapsed = elapsed;
        Arrays.sort(sorted);
    }

    /**
     * Returns the time that a fraction of the operations did not exceed.
     *
     * @param fraction from 0 to 1
     * @return milliseconds
     */
    double percentile(double fraction) {
        int rank = (int) Math.ceil(fraction * sorted.length) - 1;
        return sorted[Math.max(rank, 0)] / NANOS_PER_MILLI;
    }

    /**
     * Returns how many operations took longer than a time.
     *
     * @param millis the time, milliseconds
     * @return their number
     */
    long longerThan(double millis) {
        return Arrays.stream(sorted)
                .filter(nanos -> nanos / NANOS_PER_MILLI > millis)
                .count();
    }

    /**
     * Returns how many there were in a second.
     *
     * @return operations per second
     */
    double perSecond() {
        return sorted.length * NANOS_PER_SECOND / elapsed;
    }
}
