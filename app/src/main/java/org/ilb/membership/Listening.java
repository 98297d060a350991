package org.ilb.membership;

import java.util.HashMap;
import java.util.Map;
import org.ilb.IlbId;

/**
 * What one ILB hears of another.
 *
 * <p>Its silence counts only while the hearer goes on hearing others: they are its clock. A hearer whom nobody reaches, and
 * a controller that stands still, so have nothing to say about anyone. Times in nanoseconds. Not thread-safe.
 */
final class Listening {

    private final Map<IlbId, Integer> others = new HashMap<>();
    private boolean heard;
    private long heardAt;
    private long since;

    Listening(long now) {
        since = now;
    }

    /** The ILB was heard. */
    void heard(long now) {
        heard = true;
        heardAt = now;
        since = now;
        others.clear();
    }

    /** The hearer heard another one. */
    void heardOther(IlbId other) {
        others.merge(other, 1, Integer::sum);
    }

    /** Forgets what silence there was. */
    void restart(long now) {
        since = now;
        others.clear();
    }

    /** Whether the ILB was ever heard. */
    boolean wasHeard() {
        return heard;
    }

    /** Whether the ILB was heard so recently that there is nothing to miss. */
    boolean hears(long now, Patience patience) {
        return heard && now - heardAt < patience.nanos();
    }

    /** Whether the hearer misses the ILB, and can be believed. */
    boolean misses(long now, Patience patience) {
        long wait = heard ? patience.nanos() : Math.max(patience.nanos(), patience.firstNanos());
        return now - since >= wait && others.values().stream().anyMatch(count -> count >= patience.messages());
    }

    /** How long the ILB has been silent. */
    long silence(long now) {
        return now - since;
    }
}
