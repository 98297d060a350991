package org.ilb.bench;

/** What a million associations weigh in the tables of the pure core. */
final class Weight {

    private static final int COLLECTIONS = 4;

    private Weight() {}

    /**
     * Measures by the difference that they make to the heap after garbage collection.
     *
     * @return bytes per association, keys, tables and caches of all eight ILBs included
     */
    static double bytesPerAssociation() {
        Front front = new Front();
        long empty = used();
        for (int number = 0; number < DecisionBenchmark.LIVE; number++) {
            front.syn(Front.receiver(number), Population.connection(number), number);
        }
        long full = used();
        // Whoever looks at the front after the last measurement keeps it alive until then.
        if (front.segment(0, Population.connection(0)) == null) {
            throw new IllegalStateException("the first connection is gone");
        }
        return (double) (full - empty) / DecisionBenchmark.LIVE;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            runtime.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
