package org.ilb.frontend;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.HandOff;
import org.ilb.IlbId;
import org.ilb.connection.Balancers;
import org.ilb.connection.Lifetime;

/**
 * How a segment of a connection with a server gets there (claim 14): at once where the connection's exact rule stands, else
 * behind it, and without one where the flow table has no room. What came up while a rule was under way follows when it stands.
 *
 * <p>To be called on the connection's stripe.
 */
final class Forwarding {

    /** Segments may race the rule for about as long as a packet-in is under way; after that the rule must be gone. */
    private static final long RACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Balancers> balancers;
    private final KnownConnections known;
    private final Lives lives;
    private final Routes routes;
    private final Pinning pinning;
    private final RuleBook rules;
    private final Departures departures;
    private final IdleAssociations idle;
    private final StoreClient store;
    private final Stripes stripes;
    private final Tally tally;
    private final LongSupplier nanoTime;
    private final Consumer<Arrival> anew;

    /** {@code anew} takes a segment as if it came up now, on its stripe. */
    Forwarding(
            Supplier<Balancers> balancers,
            KnownConnections known,
            Lives lives,
            Routes routes,
            Pinning pinning,
            RuleBook rules,
            Departures departures,
            IdleAssociations idle,
            StoreClient store,
            Stripes stripes,
            Tally tally,
            LongSupplier nanoTime,
            Consumer<Arrival> anew) {
        this.balancers = balancers;
        this.known = known;
        this.lives = lives;
        this.routes = routes;
        this.pinning = pinning;
        this.rules = rules;
        this.departures = departures;
        this.idle = idle;
        this.store = store;
        this.stripes = stripes;
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.anew = anew;
    }

    /** Sends a segment of a known connection on: at once where its rule stands, else behind its rule. */
    void send(Association association, Arrival arrival) {
        IlbId here = arrival.ilb().id();
        if (lives.get(arrival.key()) == null) {
            lives.found(association);
        }
        Association learnt = received(association, arrival);
        routes.learn(learnt, here);
        Route route = routes.of(learnt, here, arrival.service());
        // A SYN comes up in spite of the rule, by the flags rule; anything else only while it races the rule.
        if (rules.leads(here, arrival.key(), route)
                && (arrival.segment().isSyn() || rules.isFresh(here, arrival.key(), RACE_NANOS))) {
            departures.forward(arrival, route);
        } else if (arrival.segment().isSyn()
                || pinning.mustStand(arrival.key(), learnt.server())
                || rules.admits(here, arrival.key(), known.isClosing(arrival.key()))) {
            sendBehindRule(learnt, arrival);
        } else {
            sendWithoutRule(arrival, route);
        }
    }

    /** Takes note of the ILB that a connection comes in by now, for when its rule has to be put back. */
    private Association received(Association association, Arrival arrival) {
        IlbId here = arrival.ilb().id();
        if (arrival.isRelayed() || association.receiver().filter(here::equals).isPresent()) {
            return association;
        }
        Association moved = association.receivedBy(here);
        balancers.get().update(moved);
        if (association.receiver().isPresent()) {
            tally.add(Count.MOVED);
        }
        store.replace(moved);
        return moved;
    }

    /** The flow table has room for busier ones only: the connection lives on, and idles from now. */
    private void sendWithoutRule(Arrival arrival, Route route) {
        FlowKey key = arrival.key();
        long now = nanoTime.getAsLong();
        tally.add(Count.UNRULED);
        departures.forward(arrival, route);
        Lifetime life = lives.get(key);
        if (life != null) {
            life.uncounted(now);
        }
        ruleGone(arrival.ilb().id(), key);
    }

    /** Sends a segment on when the rule of its connection stands. */
    void sendBehindRule(Association association, Arrival arrival) {
        sendBehindRule(association, routes.of(association, arrival.ilb().id(), arrival.service()), arrival);
    }

    /** Sends a segment on when the rule of its connection, by a certain route, stands. */
    void sendBehindRule(Association association, Route route, Arrival arrival) {
        putRule(route, arrival)
                .ifPresent(ruled -> ruled.whenComplete((nothing, failure) -> stripes.execute(arrival.key(), () -> {
                    if (failure != null) {
                        rules.fail(arrival.ilb().id(), arrival.key());
                    } else {
                        ruleStands(association, route, arrival);
                    }
                })));
    }

    /**
     * Puts a connection's rule, and where its bucket moves at the other ILBs as well.
     *
     * @return completes, on any thread, when all stand, whereupon the caller says {@link #ruleStands}; empty if the way is not known
     */
    Optional<CompletableFuture<Void>> putRule(Route route, Arrival arrival) {
        Optional<CompletableFuture<Void>> here = rules.put(arrival.ilb(), arrival.key(), route, arrival.ingress());
        if (!here.isPresent() || !pinning.mustStand(arrival.key(), route.server())) {
            return here;
        }
        CompletableFuture<Void> everywhere = CompletableFuture.allOf(
                here.get(),
                pinning.pinElsewhere(arrival.key(), route, arrival.ilb().id()));
        // The client's answer must not go by the wildcard to the former server; what is older than its bucket's
        // move has that one.
        return Optional.of(
                arrival.segment().isSyn() ? everywhere.thenCompose(nothing -> rules.cachesFollow()) : everywhere);
    }

    /** The rule of a connection stands: the segment that it was put for goes on, and those that were held meanwhile. */
    void ruleStands(Association association, Route route, Arrival arrival) {
        FlowKey key = arrival.key();
        departures.forward(arrival, route);
        releaseHeld(key, rules.confirm(arrival.ilb().id(), key));
        if (known.isCurrent(association)) {
            routes.learn(association, arrival.ilb().id());
            if (arrival.service().handOff() == HandOff.RELAY) {
                // The view may have changed while the rule was under way.
                routes.repoint(arrival.ilb().id(), key);
            }
        } else if (!known.isBeingCreated(key)) {
            // It ended while its rule was under way.
            rules.remove(arrival.ilb().id(), key);
        }
    }

    /** A rule that was put back stands; what it should lead to may have changed again while it was under way. */
    void ruleIsBack(IlbId ilb, FlowKey key, List<Arrival> held) {
        releaseHeld(key, held);
        routes.repoint(ilb, key);
    }

    private void releaseHeld(FlowKey key, List<Arrival> held) {
        for (Arrival arrival : held) {
            if (arrival.segment().isSyn()) {
                // It may begin another connection than the one that the rule was put for.
                anew.accept(arrival);
                continue;
            }
            known.mayHaveAnswered(key);
            ReceivedConnection connection = rules.received().get(arrival.ilb().id(), key);
            if (connection != null && connection.route() != null) {
                departures.forward(arrival, connection.route());
            }
        }
    }

    /** An ILB has no rule of a connection any more; where none has, the connection idles. */
    void ruleGone(IlbId ilb, FlowKey key) {
        pinning.ruleGone(ilb, key);
        if (!rules.received().anywhere(key)) {
            idle.start(key, nanoTime.getAsLong());
        }
    }
}
