package org.ilb.frontend;

import static org.onlab.util.Tools.groupedThreads;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ilb.FlowKey;
import org.slf4j.Logger;

/**
 * Threads that share the connections among them: what concerns one connection is done one after the other, by one thread.
 *
 * <p>ONOS delivers a switch's packet-ins and its barrier replies on one thread, so nothing may take time there. What
 * comes in is bounded; what does not fit is refused, and TCP sends it again. Thread-safe.
 */
final class Stripes {

    private final ThreadPoolExecutor[] executors;
    private volatile int bound = Tuning.QUEUED_SEGMENTS_DEFAULT;

    Stripes(int count, Logger log) {
        executors = new ThreadPoolExecutor[count];
        for (int i = 0; i < count; i++) {
            executors[i] = new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(),
                    groupedThreads("ilb/connections", "stripe-" + i, log));
        }
    }

    /** Sets how many tasks may wait for each thread. */
    void bound(int waiting) {
        bound = waiting;
    }

    /**
     * Runs a task after the others of its connection, unless too many wait already.
     *
     * @return false if the task is not run
     */
    boolean offer(FlowKey key, Runnable task) {
        ThreadPoolExecutor executor = of(key);
        if (executor.getQueue().size() >= bound) {
            return false;
        }
        return execute(executor, task);
    }

    /** Runs a task after the others of its connection, however many wait; not after {@link #close()}. */
    void execute(FlowKey key, Runnable task) {
        execute(of(key), task);
    }

    /** Returns what completes when everything that has been asked until now is done. */
    CompletableFuture<Void> barrier() {
        CompletableFuture<?>[] passed = new CompletableFuture<?>[executors.length];
        for (int i = 0; i < executors.length; i++) {
            passed[i] = CompletableFuture.runAsync(() -> {}, executors[i]);
        }
        return CompletableFuture.allOf(passed);
    }

    private static boolean execute(ThreadPoolExecutor executor, Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            // Closed: the function is being stopped.
            return false;
        }
    }

    private ThreadPoolExecutor of(FlowKey key) {
        // The high bits, because the low ones choose the bucket in hash tables.
        return executors[(key.hashCode() >>> 16) % executors.length];
    }

    void close() {
        for (ThreadPoolExecutor executor : executors) {
            executor.shutdownNow();
        }
    }
}
