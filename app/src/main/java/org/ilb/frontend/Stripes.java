package org.ilb.frontend;

import static org.onlab.util.Tools.groupedThreads;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.ilb.FlowKey;
import org.slf4j.Logger;

/**
 * Threads that share the connections among them: what concerns one connection is done one after the other, by one thread. A
 * task that throws is logged, and harms no other.
 *
 * <p>ONOS delivers a switch's packet-ins and its barrier replies on one thread, so nothing may take time there. What
 * comes in is bounded; what does not fit is refused, and TCP sends it again. Thread-safe.
 */
final class Stripes {

    private final ThreadPoolExecutor[] executors;
    private final Logger log;
    private volatile int bound = Tuning.QUEUED_SEGMENTS_DEFAULT;

    Stripes(int count, Logger log) {
        this.log = log;
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

    /**
     * Runs a task after the others of its connection, however many wait: for what must not be lost, and whose number is bounded
     * otherwise. Not after {@link #close()}.
     */
    void execute(FlowKey key, Runnable task) {
        execute(of(key), task);
    }

    /**
     * Does the same with a task that has a result.
     *
     * @return completes with it, on the connection's thread; fails if the task throws
     */
    <T> CompletableFuture<T> submit(FlowKey key, Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, running -> execute(key, running))
                .whenComplete((result, failure) -> {
                    if (failure != null) {
                        warn(failure);
                    }
                });
    }

    /** Returns what completes when everything that has been asked until now is done. */
    CompletableFuture<Void> barrier() {
        CompletableFuture<?>[] passed = new CompletableFuture<?>[executors.length];
        for (int i = 0; i < executors.length; i++) {
            passed[i] = CompletableFuture.runAsync(() -> {}, executors[i]);
        }
        return CompletableFuture.allOf(passed);
    }

    private boolean execute(ThreadPoolExecutor executor, Runnable task) {
        try {
            executor.execute(() -> guarded(task));
            return true;
        } catch (RejectedExecutionException e) {
            // Closed: the function is being stopped.
            return false;
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // One connection's trouble is not another's; its client sends the segment again.
            warn(e);
        }
    }

    private void warn(Throwable failure) {
        log.warn("A segment could not be handled", failure);
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
