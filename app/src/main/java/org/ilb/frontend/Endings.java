package org.ilb.frontend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Settings;
import org.ilb.connection.Balancers;
import org.ilb.connection.Ending;
import org.ilb.connection.Lifetime;

/**
 * How connections end: by a FIN or an RST (claim 14), by a silence, with their server, or because somebody says so. Whatever it is,
 * {@link #end} is the one way out.
 *
 * <p>May be called from any thread and returns at once; what is to be done happens on the connection's stripe.
 */
final class Endings {

    private final Supplier<Enrolment> enrolment;
    private final Supplier<Balancers> balancers;
    private final BucketMap buckets;
    private final KnownConnections known;
    private final Lives lives;
    private final Pinning pinning;
    private final RuleBook rules;
    private final IdleAssociations idle;
    private final StoreClient store;
    private final Stripes stripes;
    private final Tally tally;
    private final LongSupplier nanoTime;
    private final Bereaved bereaved = new Bereaved();

    Endings(
            Supplier<Enrolment> enrolment,
            Supplier<Balancers> balancers,
            BucketMap buckets,
            KnownConnections known,
            Lives lives,
            Pinning pinning,
            RuleBook rules,
            IdleAssociations idle,
            StoreClient store,
            Stripes stripes,
            Tally tally,
            LongSupplier nanoTime) {
        this.enrolment = enrolment;
        this.balancers = balancers;
        this.buckets = buckets;
        this.known = known;
        this.lives = lives;
        this.pinning = pinning;
        this.rules = rules;
        this.idle = idle;
        this.store = store;
        this.stripes = stripes;
        this.tally = tally;
        this.nanoTime = nanoTime;
    }

    /** Takes note of a FIN or an RST that a switch copied (claim 14). */
    void copied(Ending ending) {
        tally.add(Count.ENDINGS);
        FlowKey key = ending.key();
        if (!stripes.offer(key, () -> note(ending))) {
            tally.add(Count.DROPPED_FULL);
        }
    }

    private void note(Ending ending) {
        FlowKey key = ending.key();
        Creation pending = known.creation(key);
        if (pending != null) {
            // A short connection is over before a slow store has confirmed it: its life begins then, and ends.
            if (pending.admits()) {
                pending.stands().thenRun(() -> stripes.execute(key, () -> note(ending)));
            } else {
                tally.add(Count.DROPPED_FULL);
            }
            return;
        }
        Lifetime life = lives.get(key);
        Optional<Association> association = life == null ? Optional.empty() : known.association(key);
        if (association.isPresent()
                && ending.belongsTo(association.get().initialSequence())
                && life.ending(ending, nanoTime.getAsLong())) {
            balancers.get().update(association.get().in(AssociationState.CLOSING));
            lives.reschedule(key);
        }
    }

    /** Judges the connections whose time has come, so many at most, by what their rules have counted. */
    void judgeDue(int limit) {
        for (FlowKey key : lives.takeDue(limit)) {
            List<RuleCount> counts = rules.counts(key);
            long packets = counts.stream().mapToLong(RuleCount::packets).sum();
            long sampledAt =
                    counts.stream().mapToLong(RuleCount::sampledAt).min().orElse(nanoTime.getAsLong());
            stripes.execute(key, () -> judge(key, packets, sampledAt));
        }
    }

    private void judge(FlowKey key, long packets, long sampledAt) {
        Lifetime life = lives.get(key);
        if (life == null) {
            return;
        }
        Optional<Association> association = known.confirmed(key);
        if (association.isPresent()) {
            Optional<Count> reason = reasonToEnd(association.get(), life, packets, sampledAt);
            if (reason.isPresent()) {
                end(association.get(), reason.get());
                return;
            }
        } else if (!known.isBeingCreated(key)) {
            lives.end(key);
            return;
        }
        lives.reschedule(key);
    }

    /** Judges a connection, and returns why it has ended, if it has. If it is idle its rules go, unless they must stand. */
    private Optional<Count> reasonToEnd(Association association, Lifetime life, long packets, long sampledAt) {
        Settings settings = settings();
        FlowKey key = association.key();
        AssociationState before = life.state();
        Lifetime.Fate fate = life.judge(packets, sampledAt, settings);
        boolean mayBeAnother = fate == Lifetime.Fate.ENDED
                && pinning.hidesSyns(association)
                && !isSilent(key, settings.associationIdle().toNanos());
        if (fate != Lifetime.Fate.LIVES && !mayBeAnother) {
            return Optional.of(fate == Lifetime.Fate.ENDED ? Count.CLOSED : Count.UNANSWERED);
        }
        if (life.state() != before || association.state() != life.state()) {
            balancers.get().update(association.in(life.state()));
        }
        if (life.state() == AssociationState.ESTABLISHED) {
            if (pinning.mustStand(key, association.server())) {
                if (isSilent(key, settings.associationIdle().toNanos())) {
                    return Optional.of(Count.EXPIRED);
                }
            } else {
                removeIdleRules(key, settings);
            }
        }
        return Optional.empty();
    }

    /** Whether no ILB's rule of a connection has counted anything for so long. */
    private boolean isSilent(FlowKey key, long nanos) {
        AtomicBoolean heard = new AtomicBoolean();
        rules.received().forEach(key, (ilb, connection) -> {
            if (!connection
                    .rule()
                    .map(rules::count)
                    .filter(count -> connection.silence(count) >= nanos)
                    .isPresent()) {
                heard.set(true);
            }
        });
        return !heard.get() && rules.received().anywhere(key);
    }

    private void removeIdleRules(FlowKey key, Settings settings) {
        List<IlbId> silent = new ArrayList<>();
        rules.received().forEach(key, (ilb, connection) -> connection
                .rule()
                .map(rules::count)
                .filter(count ->
                        connection.silence(count) >= settings.ruleIdle().toNanos())
                .ifPresent(count -> silent.add(ilb)));
        silent.forEach(ilb -> rules.remove(ilb, key));
    }

    /** Forgets a connection whose bucket's rules lead where its own do. */
    void letGo(FlowKey key) {
        stripes.execute(key, () -> known.confirmed(key).ifPresent(association -> end(association, Count.LET_GO)));
    }

    /** Ends a connection whose server failed; when its client next speaks, it is told. */
    void fail(Association association) {
        // First this, so that whoever speaks in between is told, and a SYN in between is taken for what it is.
        stripes.execute(association.key(), () -> {
            // A bucket's SYNs need not come up, so what is remembered here might be said of another connection.
            // Its rules lead to another server, which resets what it does not know.
            if (buckets.of(association.key()) == null) {
                bereaved.add(association.key(), nanoTime.getAsLong(), settings().maxAssociations());
            }
        });
        end(association, Count.SERVER_FAILED);
    }

    /** Whether a segment is of a connection whose server failed, so that its client is to be told; with a SYN another begins. */
    boolean isBereaved(Arrival arrival) {
        if (arrival.segment().isSyn()) {
            bereaved.remove(arrival.key());
            return false;
        }
        return bereaved.contains(arrival.key());
    }

    /** Forgets connections that ended by their servers' failing so long ago that their clients will not speak any more. */
    void expireBereaved() {
        bereaved.expire(settings().associationIdle().toNanos(), nanoTime.getAsLong());
    }

    /** Ends a connection: its rules, its association, all that is known of it. */
    void end(Association association, Count reason) {
        FlowKey key = association.key();
        stripes.execute(key, () -> {
            tally.add(reason);
            rules.removeAll(key);
            pinning.ended(key);
            lives.end(key);
            idle.stop(key);
            balancers.get().ended(association);
            store.remove(association);
        });
    }

    private Settings settings() {
        return enrolment.get().frontEnd().settings();
    }
}
