package org.ilb.frontend;

import java.util.concurrent.TimeUnit;

/**
 * How often something may be done: so many times a second, and as often at once after a second's rest. Thread-safe.
 */
final class Allowance {

    private final long costNanos;
    private final long mostNanos;
    private long savedNanos;
    private long at;

    Allowance(int perSecond, long nowNanos) {
        this.costNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.mostNanos = costNanos * perSecond;
        this.savedNanos = mostNanos;
        this.at = nowNanos;
    }

    /** Whether it may be done once more now. */
    synchronized boolean take(long nowNanos) {
        // Threads that read the clock in one order may come here in another.
        savedNanos = Math.min(mostNanos, savedNanos + Math.max(0, nowNanos - at));
        at = nowNanos - at > 0 ? nowNanos : at;
        if (savedNanos < costNanos) {
            return false;
        }
        savedNanos -= costNanos;
        return true;
    }
}
