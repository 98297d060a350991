package org.ilb.frontend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.Settings;
import org.ilb.connection.Lifetime;

/**
 * The lives of the connections that this node knows, and when each is to be judged again. A life is touched by its
 * connection's stripe only.
 */
final class Lives {

    /** ONOS asks switches for their counts this often, unless told otherwise. */
    private static final Duration POLL = Duration.ofSeconds(5);

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Map<FlowKey, Entry> lives = new ConcurrentHashMap<>();
    private final Wheel wheel;

    Lives(long nowNanos) {
        wheel = new Wheel(TICK_NANOS, nowNanos);
    }

    /** The life of a connection, null if it is not known. */
    Lifetime get(FlowKey key) {
        Entry entry = lives.get(key);
        return entry == null ? null : entry.life;
    }

    /** Begins a life, in place of the one that the connection had. */
    Lifetime begin(FlowKey key, Lifetime life, Settings settings, long nowNanos) {
        Entry entry = new Entry(life);
        Entry former = lives.put(key, entry);
        entry.noted = former != null && former.noted;
        schedule(key, entry, settings, nowNanos);
        return life;
    }

    /** Looks at a life again when it is time to, which may have changed. */
    void reschedule(FlowKey key, Settings settings, long nowNanos) {
        Entry entry = lives.get(key);
        if (entry != null) {
            schedule(key, entry, settings, nowNanos);
        }
    }

    private void schedule(FlowKey key, Entry entry, Settings settings, long nowNanos) {
        long at = entry.life.judgeAgainAt(nowNanos, POLL, settings);
        if (entry.life.state() == AssociationState.ESTABLISHED) {
            // Its rules may be idle; looked at twice in that time, they go soon after.
            at = nowNanos + Math.max(settings.ruleIdle().toNanos() / 2, POLL.toNanos() / 2);
        }
        entry.dueAt = at;
        wheel.add(key, at);
    }

    /**
     * Takes note of a connection, once in its life; one that takes its place counts as the same.
     *
     * @param note takes note of it, and says whether there was anything to
     */
    void note(FlowKey key, BooleanSupplier note) {
        Entry entry = lives.get(key);
        if (entry != null && !entry.noted) {
            entry.noted = note.getAsBoolean();
        }
    }

    /** Ends a life, if there is one; tells whether it had been noted. */
    boolean end(FlowKey key) {
        Entry gone = lives.remove(key);
        return gone != null && gone.noted;
    }

    /** Takes the connections that are to be judged now, so many at most. */
    List<FlowKey> takeDue(long nowNanos, int limit) {
        List<FlowKey> due = new ArrayList<>();
        for (Wheel.Entry taken : wheel.takeDue(nowNanos, limit)) {
            Entry entry = lives.get(taken.key());
            if (entry != null && entry.dueAt == taken.atNanos()) {
                due.add(taken.key());
            }
        }
        return due;
    }

    int size() {
        return lives.size();
    }

    /** A life and when it is due. */
    private static final class Entry {

        private final Lifetime life;
        private volatile long dueAt;
        private boolean noted;

        Entry(Lifetime life) {
            this.life = life;
        }
    }
}
