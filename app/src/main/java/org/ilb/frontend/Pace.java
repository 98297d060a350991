package org.ilb.frontend;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets so many things a second happen, a tenth of that at once. Thread-safe, without a lock. */
final class Pace {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong nextAt;
    private volatile long interval;
    private volatile long burst;

    Pace(int perSecond, long nowNanos) {
        this.nextAt = new AtomicLong(nowNanos);
        perSecond(perSecond);
    }

    /** Sets how many. */
    void perSecond(int count) {
        interval = SECOND / count;
        // One at least, however seldom.
        burst = Math.max(SECOND / 10, interval) - interval;
    }

    /** Takes a turn; returns false if it is too soon for one. */
    boolean take(long now) {
        while (true) {
            long due = nextAt.get();
            // Compared by difference, as times may be of any sign.
            long from = due - now > 0 ? due : now;
            if (from - now > burst) {
                return false;
            }
            if (nextAt.compareAndSet(due, from + interval)) {
                return true;
            }
        }
    }
}
