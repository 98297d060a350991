package org.ilb.storebench;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/** Keeps a number of operations under way, and times each of them. */
final class Load {

    private static final int PATIENCE_SECONDS = 30;

    private Load() {}

    /**
     * Runs operations to the end of the last.
     *
     * @param from the number of the first
     * @param count how many
     * @param inFlight how many are under way at once
     * @param operation starts one, given its number
     * @return how long they took
     * @throws IllegalStateException if one failed, or did not end within half a minute
     * @throws InterruptedException if it was interrupted
     */
    static Latencies run(int from, int count, int inFlight, IntFunction<? extends CompletionStage<?>> operation)
            throws InterruptedException {
        Semaphore free = new Semaphore(inFlight);
        long[] nanos = new long[count];
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            acquire(free, 1);
            int number = i;
            long start = System.nanoTime();
            operation.apply(from + i).whenComplete((done, error) -> {
                nanos[number] = System.nanoTime() - start;
                if (error != null) {
                    failure.compareAndSet(null, error);
                }
                free.release();
            });
        }
        acquire(free, inFlight);
        long elapsed = System.nanoTime() - begin;
        if (failure.get() != null) {
            throw new IllegalStateException("an operation failed", failure.get());
        }
        return new Latencies(nanos, elapsed);
    }

    private static void acquire(Semaphore free, int permits) throws InterruptedException {
        if (!free.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("an operation did not end within " + PATIENCE_SECONDS + " s");
        }
    }
}
