package org.ilb.dataplane.fabric;

import static org.onlab.util.Tools.groupedThreads;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job on a thread of its own, done when somebody wakes it: however often that is while it waits, it is done once.
 *
 * <p>Thread-safe.
 */
final class Worker {

    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final long STOP_SECONDS = 10;

    private final String name;
    private final Runnable job;
    private ScheduledExecutorService thread;
    private ScheduledFuture<?> next;

    Worker(String name, Runnable job) {
        this.name = name;
        this.job = job;
    }

    /** Starts the thread; without it nothing happens. */
    synchronized void start() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, groupedThreads("ilb", name, log));
        executor.setRemoveOnCancelPolicy(true);
        thread = executor;
    }

    /**
     * Has the job done after a while, or sooner if that was asked for already.
     *
     * @param millis how long it can wait
     */
    synchronized void wake(long millis) {
        if (thread == null) {
            return;
        }
        if (next != null) {
            if (next.getDelay(TimeUnit.MILLISECONDS) <= millis) {
                return;
            }
            next.cancel(false);
        }
        try {
            next = thread.schedule(this::work, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("{} is stopped already", name, e);
        }
    }

    private void work() {
        synchronized (this) {
            next = null;
        }
        try {
            job.run();
        } catch (RuntimeException e) {
            log.error("{} failed; what it does is done again at the next change", name, e);
        }
    }

    /** Stops the thread and waits for what it is doing. */
    void stop() {
        ScheduledExecutorService stopped;
        synchronized (this) {
            stopped = thread;
            thread = null;
            next = null;
        }
        if (stopped == null) {
            return;
        }
        stopped.shutdownNow();
        try {
            if (!stopped.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("{} does not stop", name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
