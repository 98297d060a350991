package org.ilb.page;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.IlbService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows everybody who looks a snapshot each second; while nobody looks, none is taken.
 *
 * <p>Thread-safe. A snapshot that cannot be taken, because the application is starting or stopping, is left out.
 */
final class Feed implements AutoCloseable {

    /** How many pages may be open at once. */
    static final int MAX_VIEWERS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final long PERIOD_MILLIS = 1000;

    private final Supplier<IlbService> ilb;
    private final ScheduledExecutorService executor;
    private final LongSupplier clock;
    private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();

    private ScheduledFuture<?> ticking;
    private Snapshot last;
    private boolean closed;

    /**
     * Creates a feed.
     *
     * @param ilb finds whom to ask; fails while nobody is there
     * @param executor one thread that takes the snapshots; it is ended with the feed
     * @param clock the wall clock, in milliseconds
     */
    Feed(Supplier<IlbService> ilb, ScheduledExecutorService executor, LongSupplier clock) {
        this.ilb = ilb;
        this.executor = executor;
        this.clock = clock;
    }

    /**
     * Takes somebody in, who sees the first snapshot at once.
     *
     * @param viewer who looks
     * @return false if there is no room
     */
    synchronized boolean add(Viewer viewer) {
        if (closed || viewers.size() >= MAX_VIEWERS) {
            return false;
        }
        viewers.add(viewer);
        if (ticking == null) {
            ticking = executor.scheduleAtFixedRate(this::tick, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } else if (last != null) {
            viewer.show(last);
        }
        return true;
    }

    /**
     * Lets somebody go; nothing happens if he is gone.
     *
     * @param viewer who looks no more
     */
    synchronized void remove(Viewer viewer) {
        viewers.remove(viewer);
        if (viewers.isEmpty() && ticking != null) {
            ticking.cancel(false);
            ticking = null;
            last = null;
        }
    }

    private void tick() {
        try {
            Snapshot snapshot = Snapshot.take(ilb.get(), last(), clock.getAsLong());
            if (keep(snapshot)) {
                viewers.forEach(viewer -> viewer.show(snapshot));
            }
        } catch (RuntimeException e) {
            // Whatever it is, the next second is another chance; an exception that got out would be the end of them
            // all.
            LOG.debug("No snapshot", e);
        }
    }

    private synchronized Snapshot last() {
        return last;
    }

    private synchronized boolean keep(Snapshot snapshot) {
        last = ticking == null ? null : snapshot;
        return last != null;
    }

    /** Ends all streams. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        executor.shutdownNow();
        viewers.forEach(Viewer::close);
        viewers.clear();
    }
}
