package org.ilb.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.SplittableRandom;

/**
 * How long the processor waits for memory that none of its caches has: what decisions among a million associations are made
 * of, and several times as long on a machine whose neighbours are busy.
 */
final class MemoryLatency {

    private static final int WORDS = 1 << 26;
    private static final int READS = 3_000_000;

    private MemoryLatency() {}

    /**
     * Measures by following a chain that leads through 256 MB in random order.
     *
     * @return nanoseconds of processor time per read
     */
    static double nanoseconds() {
        int[] chain = randomCycle();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double best = Double.MAX_VALUE;
        int at = 0;
        for (int trial = 0; trial < 3; trial++) {
            long before = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < READS; i++) {
                at = chain[at];
            }
            best = Math.min(best, threads.getCurrentThreadCpuTime() - before);
        }
        // Looked at, so that it must be computed.
        return best / READS + (at < 0 ? 1 : 0);
    }

    private static int[] randomCycle() {
        int[] chain = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            chain[i] = i;
        }
        SplittableRandom random = new SplittableRandom(Population.SEED);
        for (int i = WORDS - 1; i > 0; i--) {
            int other = random.nextInt(i);
            int word = chain[i];
            chain[i] = chain[other];
            chain[other] = word;
        }
        return chain;
    }
}
