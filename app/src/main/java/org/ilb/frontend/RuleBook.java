package org.ilb.frontend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.dataplane.fabric.Fabric;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;

/**
 * The exact rules of connections, on all ILBs: puts them, replaces them, and keeps each ILB's number of them bounded by
 * evicting what was not used of late. An evicted rule costs its connection a packet-in for each segment until it has shown
 * itself busy again.
 *
 * <p>What concerns one connection is called on its stripe.
 */
final class RuleBook {

    /** Evictions begin this far below the bound, because removals are under way to the switch; a quarter of a small one. */
    private static final int SLACK = 16;

    /** Each step asks ONOS for a count; two for every rule that is put keep the hand going round. */
    private static final int HAND_STEPS = 16;

    /**
     * Open vSwitch acknowledges a change before its datapath's cache follows: for some milliseconds a segment may still go as a
     * removed rule said, or as a wildcard that a new rule overrides, and a server that does not know it would answer by a reset.
     */
    private static final int CACHES_MILLIS = 50;

    /**
     * The cache follows flow by flow, and what changes while it does so waits for the next time. With 5,000 flows of 4,000 connections one
     * time took up to 300 ms on two busy cores.
     */
    private static final int RULES_PER_MILLI = 10;

    /** Then the client's SYN comes again anyhow. */
    private static final int CACHES_MOST_MILLIS = 1_000;

    /** A rule that has counted nothing for so long since it stands was not used by a client that answered its server. */
    private static final long SURE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Supplier<Enrolment> enrolment;
    private final Fabric fabric;
    private final RuleInstaller installer;
    private final RuleCounts counts;
    private final Stripes stripes;
    private final Tally tally;
    private final LongSupplier nanoTime;
    private final ReceivedConnections received = new ReceivedConnections();
    private final Admission admission;

    private Standing standing = (ilb, key, held) -> {};
    private BiConsumer<IlbId, FlowKey> gone = (ilb, key) -> {};
    private Consumer<FlowKey> maybeUsed = key -> {};
    private Predicate<FlowKey> mustStay = key -> false;

    RuleBook(
            Supplier<Enrolment> enrolment,
            Fabric fabric,
            RuleInstaller installer,
            RuleCounts counts,
            Stripes stripes,
            Tally tally,
            LongSupplier nanoTime) {
        this.enrolment = enrolment;
        this.fabric = fabric;
        this.installer = installer;
        this.counts = counts;
        this.stripes = stripes;
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.admission = new Admission(nanoTime);
    }

    /**
     * Sets who is told.
     *
     * @param onStanding is told of a rule that nobody waited for and which now stands
     * @param onGone is told of an ILB that has no rule of a connection any more
     * @param onMaybeUsed is told of a connection whose rule went before anyone knew for sure that it had counted nothing
     * @param isToStay tells whether a connection's rules must not make room for others'
     */
    void tell(
            Standing onStanding,
            BiConsumer<IlbId, FlowKey> onGone,
            Consumer<FlowKey> onMaybeUsed,
            Predicate<FlowKey> isToStay) {
        this.mustStay = isToStay;
        this.maybeUsed = onMaybeUsed;
        this.standing = onStanding;
        this.gone = onGone;
    }

    ReceivedConnections received() {
        return received;
    }

    /** Tells whether an ILB's rule of a connection stands, or is on its way, and leads where it should. */
    boolean leads(IlbId ilb, FlowKey key, Route route) {
        ReceivedConnection connection = received.get(ilb, key);
        return connection != null && route.equals(connection.route());
    }

    /** Whether a rule was confirmed so lately that segments may have overtaken it. */
    boolean isFresh(IlbId ilb, FlowKey key, long withinNanos) {
        ReceivedConnection connection = received.get(ilb, key);
        return connection != null && connection.age(nanoTime.getAsLong()) < withinNanos;
    }

    /**
     * Tells whether a connection of which a segment came up is to have a rule at an ILB: at one that has no room, only if it has
     * shown itself busy. Else its segment is sent on without.
     */
    boolean admits(IlbId ilb, FlowKey key, boolean closing) {
        return received.get(ilb, key) != null || excess(ilb) < 0 || admission.admits(ilb, key, closing, bound());
    }

    /**
     * Puts the rules of a connection that an ILB receives: its own, and the owner's where that relays. Segments that come
     * up at the ILB are held until the caller, who may have to wait for more than the rules, says {@link #confirm} or
     * {@link #fail}.
     *
     * @return completes, on any thread, when all of them stand; empty if the way is not known
     */
    Optional<CompletableFuture<Void>> put(Ilb ilb, FlowKey key, Route route, PortNumber ingress) {
        Optional<Ilb> owner = route.owner().map(id -> enrolment.get().ilb(id));
        Optional<FlowRule> relay = owner.flatMap(to -> fabric.relay(ilb.device(), key, to.id(), ingress));
        if (relay.isPresent()) {
            Optional<CompletableFuture<Void>> behind = putAtOwner(owner.get(), key, route);
            if (behind.isPresent()) {
                return Optional.of(
                        CompletableFuture.allOf(behind.get(), putRule(ilb, key, relay.get(), route, ingress)));
            }
        }
        // Where there is no way through the owner, the connection's server matters more than its route.
        Route direct = Route.toServer(route.server());
        Optional<FlowRule> rule = fabric.exact(ilb.device(), key, route.server(), ingress);
        if (!rule.isPresent()) {
            tally.add(Count.DROPPED_UNPLACED);
            forget(ilb.id(), key);
            return Optional.empty();
        }
        return Optional.of(putRule(ilb, key, rule.get(), direct, ingress));
    }

    private Optional<CompletableFuture<Void>> putAtOwner(Ilb owner, FlowKey key, Route route) {
        Route toServer = Route.toServer(route.server());
        ReceivedConnection there = received.get(owner.id(), key);
        if (there != null && !there.isSettingUp() && toServer.equals(there.route())) {
            return Optional.of(CompletableFuture.completedFuture(null));
        }
        return fabric.exact(owner.device(), key, route.server(), PortNumber.ANY)
                .map(rule -> confirming(owner.id(), key, putRule(owner, key, rule, toServer, PortNumber.ANY)));
    }

    /**
     * Puts the rules of a connection without anybody asking {@link #confirm} or {@link #fail} for it.
     *
     * @return completes when all of them stand; fails if the way is not known or a switch refuses
     */
    CompletableFuture<Void> putBack(Ilb ilb, FlowKey key, Route route, PortNumber ingress) {
        return put(ilb, key, route, ingress)
                .map(ruled -> confirming(ilb.id(), key, ruled))
                .orElseGet(() -> CompletableFuture.failedFuture(
                        new IllegalStateException("no way from " + ilb.id() + " to " + route.server())));
    }

    private CompletableFuture<Void> confirming(IlbId ilb, FlowKey key, CompletableFuture<Void> ruled) {
        ruled.whenComplete((nothing, failure) -> stripes.execute(key, () -> {
            if (failure == null) {
                standing.stands(ilb, key, confirm(ilb, key));
            } else {
                fail(ilb, key);
            }
        }));
        return ruled;
    }

    private CompletableFuture<Void> putRule(Ilb ilb, FlowKey key, FlowRule rule, Route route, PortNumber ingress) {
        makeRoom(ilb.id());
        ReceivedConnection connection = received.getOrAdd(ilb.id(), key);
        Optional<FlowRule> former = connection.rule().filter(before -> !before.equals(rule));
        if (former.isPresent() && connection.hasStood()) {
            // What it has counted goes with it.
            maybeUsed.accept(key);
        }
        connection.putting(rule, route, ingress);
        CompletableFuture<Void> ruled = installer.put(rule);
        // A relaying rule and one to the server stand beside each other: the former goes when the new one stands.
        former.ifPresent(before -> ruled.thenRun(() -> stripes.execute(key, () -> {
            if (!connection.rule().filter(before::equals).isPresent()) {
                installer.removeSoon(key, before);
            }
        })));
        return ruled;
    }

    /** Notes that the rules stand, and returns the segments that waited for that. */
    List<Arrival> confirm(IlbId ilb, FlowKey key) {
        tally.add(Count.RULES);
        ReceivedConnection connection = received.get(ilb, key);
        return connection == null ? List.of() : connection.confirmed(nanoTime.getAsLong());
    }

    /** Notes that the rules were refused. */
    void fail(IlbId ilb, FlowKey key) {
        tally.add(Count.RULES_FAILED);
        forget(ilb, key);
    }

    /** What is held is dropped with the rule: the client sends it again. */
    private void forget(IlbId ilb, FlowKey key) {
        ReceivedConnection connection = received.get(ilb, key);
        if (connection != null) {
            // ONOS may still have the rule, for when its switch comes back; then nobody would know of it.
            connection.rule().ifPresent(rule -> installer.removeSoon(key, rule));
            if (connection.hasStood()) {
                maybeUsed.accept(key);
            }
            connection.failed();
            received.remove(ilb, key);
        }
        gone.accept(ilb, key);
    }

    private int bound() {
        return enrolment.get().frontEnd().settings().maxRules();
    }

    /** How many rules an ILB has too many to keep its slack; with 0 there is none left for another. */
    private int excess(IlbId ilb) {
        int bound = bound();
        return received.staying(ilb) - (bound - Math.min(Math.max(SLACK, bound / 50), bound / 4));
    }

    /** Whether some ILB has so many rules that others must make room for another. */
    boolean isCrowded() {
        int bound = bound();
        return enrolment.get().frontEnd().ilbs().stream().anyMatch(ilb -> received.staying(ilb.id()) >= bound);
    }

    private void makeRoom(IlbId ilb) {
        int excess = excess(ilb);
        if (excess < 0) {
            return;
        }
        List<FlowKey> victims = received.selectVictims(
                ilb,
                excess + 1,
                HAND_STEPS,
                connection -> connection.isSettingUp()
                        || connection
                                .rule()
                                .map(counts::of)
                                .map(connection::spare)
                                .orElse(true));
        for (FlowKey victim : victims) {
            stripes.execute(victim, () -> {
                received.victimGone(ilb);
                evict(ilb, victim);
            });
        }
    }

    private void evict(IlbId ilb, FlowKey key) {
        ReceivedConnection connection = received.get(ilb, key);
        if (connection != null && connection.rule().isPresent() && !mustStay.test(key)) {
            RuleCount count = counts.of(connection.rule().get());
            if (count.packets() > 0 || connection.age(count.sampledAt()) < SURE_NANOS) {
                maybeUsed.accept(key);
            }
            if (!connection.isSettingUp()) {
                tally.add(Count.EVICTED);
                remove(ilb, key);
                // Room is needed now.
                installer.flush();
            }
        }
    }

    /** Removes an ILB's rule of a connection; the connection lives on. Not while it is being put. */
    void remove(IlbId ilb, FlowKey key) {
        ReceivedConnection connection = received.get(ilb, key);
        if (connection != null && !connection.isSettingUp()) {
            connection.rule().ifPresent(rule -> installer.removeSoon(key, rule));
            received.remove(ilb, key);
            gone.accept(ilb, key);
        }
    }

    /**
     * Removes every rule of a connection now, because another connection takes its addresses and ports; those, too, that were
     * to be removed anyway.
     *
     * @param sameServer whether the other connection has the same server, so that a segment that still goes by one of them is right
     * @return completes when the switches have acknowledged it and no segment goes where it should not, or fails
     */
    CompletableFuture<Void> clear(FlowKey key, boolean sameServer) {
        List<FlowRule> all = received.forget(key);
        all.addAll(installer.leaving(key));
        return all.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : installer
                        .removeNow(all)
                        .thenCompose(gone -> sameServer ? CompletableFuture.completedFuture(null) : cachesFollow());
    }

    /** Completes when the switches' caches have followed what was just acknowledged; the more rules there are, the later. */
    CompletableFuture<Void> cachesFollow() {
        int rules = enrolment.get().frontEnd().ilbs().stream()
                .mapToInt(ilb -> received.count(ilb.id()))
                .sum();
        return new CompletableFuture<Void>().completeOnTimeout(null, cachesMillis(rules), TimeUnit.MILLISECONDS);
    }

    /** How long the caches of switches with so many rules may take. */
    static int cachesMillis(int rules) {
        return Math.min(CACHES_MILLIS + rules / RULES_PER_MILLI, CACHES_MOST_MILLIS);
    }

    /** Removes every rule of a connection that has ended. */
    void removeAll(FlowKey key) {
        received.forget(key).forEach(rule -> installer.removeSoon(key, rule));
    }

    /** Notes that a switch has lost the rule of a connection. */
    void lost(IlbId ilb, FlowKey key, FlowRule rule) {
        ReceivedConnection connection = received.get(ilb, key);
        if (connection != null
                && !connection.isSettingUp()
                && connection.rule().filter(rule::equals).isPresent()) {
            // What it had counted went with it.
            maybeUsed.accept(key);
            received.remove(ilb, key);
            gone.accept(ilb, key);
        }
    }

    /** What a connection's rules have counted. Any thread. */
    List<RuleCount> counts(FlowKey key) {
        List<RuleCount> all = new ArrayList<>();
        received.forEach(key, (ilb, connection) -> connection.rule().ifPresent(rule -> all.add(counts.of(rule))));
        return all;
    }

    /** The switch has this rule's count. Any thread. */
    RuleCount count(FlowRule rule) {
        return counts.of(rule);
    }

    /** Is told of a rule that now stands. */
    interface Standing {

        /**
         * A rule stands.
         *
         * @param ilb whose rule
         * @param key its connection
         * @param held the segments that came up meanwhile
         */
        void stands(IlbId ilb, FlowKey key, List<Arrival> held);
    }
}
