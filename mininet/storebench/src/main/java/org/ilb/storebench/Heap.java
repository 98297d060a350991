package org.ilb.storebench;

import java.lang.management.ManagementFactory;

/** How much of the heap is in use. */
final class Heap {

    private static final int COLLECTIONS = 4;
    private static final int PAUSE_MS = 400;

    private Heap() {}

    /**
     * Collects garbage and returns what is left.
     *
     * @return bytes in use: the least after some collections, because other threads of the controller go on
     * @throws InterruptedException if it was interrupted
     */
    static long used() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(PAUSE_MS);
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            least = Math.min(least, used);
        }
        return least;
    }
}
