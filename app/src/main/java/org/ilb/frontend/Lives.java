package org.ilb.frontend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.Settings;
import org.ilb.connection.Lifetime;
import org.ilb.server.Affinities;

/**
 * The lives of the connections that this node knows, and when each is to be judged again. Affinities hear of each that begins
 * and ends. A life is touched by its connection's stripe only.
 */
final class Lives {

    /** ONOS asks switches for their counts this often, unless told otherwise. */
    private static final Duration POLL = Duration.ofSeconds(5);

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Supplier<Enrolment> enrolment;
    private final Affinities affinities;
    private final LongSupplier nanoTime;
    private final Map<FlowKey, Entry> lives = new ConcurrentHashMap<>();
    private final Wheel wheel;

    Lives(Supplier<Enrolment> enrolment, Affinities affinities, LongSupplier nanoTime) {
        this.enrolment = enrolment;
        this.affinities = affinities;
        this.nanoTime = nanoTime;
        this.wheel = new Wheel(TICK_NANOS, nanoTime.getAsLong());
    }

    /** The life of a connection, null if it is not known. */
    Lifetime get(FlowKey key) {
        Entry entry = lives.get(key);
        return entry == null ? null : entry.life;
    }

    /** Begins the life of a connection whose client has yet to answer, in place of the one that its key had. */
    void born(Association association) {
        long now = nanoTime.getAsLong();
        begin(association, Lifetime.embryonic(now), now);
    }

    /** Begins the life of a connection that is older than what is known of it, in place of the one that its key had. */
    void found(Association association) {
        long now = nanoTime.getAsLong();
        begin(association, Lifetime.established(now), now);
    }

    private void begin(Association association, Lifetime life, long nowNanos) {
        Entry entry = new Entry(life);
        Entry former = lives.put(association.key(), entry);
        entry.noted = former != null && former.noted;
        schedule(association.key(), entry, nowNanos);
        note(association);
    }

    /** Looks at a life again when it is time to, which may have changed. */
    void reschedule(FlowKey key) {
        Entry entry = lives.get(key);
        if (entry != null) {
            schedule(key, entry, nanoTime.getAsLong());
        }
    }

    private void schedule(FlowKey key, Entry entry, long nowNanos) {
        Settings settings = enrolment.get().frontEnd().settings();
        long at = entry.life.judgeAgainAt(nowNanos, POLL, settings);
        if (entry.life.state() == AssociationState.ESTABLISHED) {
            // Its rules may be idle; looked at twice in that time, they go soon after.
            at = nowNanos + Math.max(settings.ruleIdle().toNanos() / 2, POLL.toNanos() / 2);
        }
        entry.dueAt = at;
        wheel.add(key, at);
    }

    /** Tells affinities of a connection's client, once in its life; a connection that takes its place counts as the same. */
    void note(Association association) {
        Entry entry = lives.get(association.key());
        if (entry != null && !entry.noted) {
            entry.noted = affinities.began(association);
        }
    }

    /** Ends a life, if there is one. */
    void end(FlowKey key) {
        Entry gone = lives.remove(key);
        if (gone != null && gone.noted) {
            affinities.ended(key);
        }
    }

    /** Takes the connections that are to be judged now, so many at most. */
    List<FlowKey> takeDue(int limit) {
        List<FlowKey> due = new ArrayList<>();
        for (Wheel.Entry taken : wheel.takeDue(nanoTime.getAsLong(), limit)) {
            Entry entry = lives.get(taken.key());
            if (entry != null && entry.dueAt == taken.atNanos()) {
                due.add(taken.key());
            }
        }
        return due;
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
