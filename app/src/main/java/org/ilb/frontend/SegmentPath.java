package org.ilb.frontend;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.association.AssociationStore;
import org.ilb.connection.Balancers;
import org.ilb.connection.HandedOff;
import org.ilb.connection.LoadBalancer;
import org.ilb.connection.Verdict;
import org.ilb.dataplane.fabric.Fabric;
import org.ilb.server.SelectionPolicy;
import org.onosproject.net.flow.FlowRule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of a segment: from its arrival at an ILB, through the verdict, to the exact rule and its release to the server.
 *
 * <p>{@link #accept} may be called from any thread and returns at once; everything else happens on the connection's stripe,
 * to which the store's and the switches' answers come back. The set-up of a connection costs one packet-in: the durable
 * write and the rule go out together, and the SYN is released when both are acknowledged (the write is waited for only so
 * long). Every step may be repeated.
 */
final class SegmentPath {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentPath.class);

    /** Connections that are being set up at a time; each holds a few segments. */
    private static final int MAX_SETTING_UP = 20_000;

    /** Segments may race the rule for about as long as a packet-in is under way; after that the rule must be gone. */
    private static final long RACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int STORE_READ_SECONDS = 2;

    private final Supplier<Enrolment> enrolment;
    private final Supplier<Balancers> balancers;
    private final BooleanSupplier settled;
    private final AssociationStore store;
    private final Fabric fabric;
    private final RuleInstaller installer;
    private final Release release;
    private final Stripes stripes;
    private final Tally tally;
    private final LongSupplier nanoTime;

    private final ReceivedConnections received = new ReceivedConnections();
    private final IdleAssociations idle = new IdleAssociations();
    /** What owners proposed and the store has not answered: a SYN that comes again meanwhile gets the same proposal. */
    private final Map<FlowKey, Creation> creations = new ConcurrentHashMap<>();

    SegmentPath(
            Supplier<Enrolment> enrolment,
            Supplier<Balancers> balancers,
            BooleanSupplier settled,
            AssociationStore store,
            Fabric fabric,
            RuleInstaller installer,
            Release release,
            Stripes stripes,
            Tally tally,
            LongSupplier nanoTime) {
        this.enrolment = enrolment;
        this.balancers = balancers;
        this.settled = settled;
        this.store = store;
        this.fabric = fabric;
        this.installer = installer;
        this.release = release;
        this.stripes = stripes;
        this.tally = tally;
        this.nanoTime = nanoTime;
    }

    ReceivedConnections received() {
        return received;
    }

    IdleAssociations idle() {
        return idle;
    }

    /** Takes a segment from the packet thread. */
    void accept(Arrival arrival) {
        tally.add(Count.PACKET_INS);
        if (arrival.segment().isSyn()) {
            tally.add(Count.SYNS);
        }
        if (!stripes.offer(arrival.key(), () -> guarded(() -> arrived(arrival)))) {
            tally.add(Count.DROPPED_FULL);
        }
    }

    /** For what must not be lost: its number is bounded by the set-ups under way. */
    private void onStripe(FlowKey key, Runnable task) {
        stripes.execute(key, () -> guarded(task));
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // One connection's trouble is not another's; the segment is sent again.
            LOG.warn("A segment could not be handled", e);
        }
    }

    private void arrived(Arrival arrival) {
        FlowKey key = arrival.key();
        idle.stop(key);
        ReceivedConnection connection = received.get(arrival.ilb().id(), key);
        if (connection != null && connection.isSettingUp()) {
            if (!connection.hold(arrival)) {
                tally.add(Count.DROPPED_FULL);
            }
            return;
        }
        decide(arrival);
    }

    /** The receiving ILB decides, or asks the owner: claims 13 to 15. */
    private void decide(Arrival arrival) {
        FlowKey key = arrival.key();
        // Absent only when the ILB has left the configuration since the segment came in.
        balancers.get().find(arrival.ilb().id()).ifPresent(receiver -> {
            Verdict verdict = arrival.segment().isSyn()
                    ? receiver.syn(key, arrival.segment().sequence())
                    : receiver.segment(key);
            carryOut(verdict, receiver, arrival);
        });
    }

    /**
     * Carries a verdict out.
     *
     * @param verdict what was decided
     * @param decider the ILB that decided: the receiving ILB, or the owner that it handed off to
     * @param arrival the segment
     */
    private void carryOut(Verdict verdict, LoadBalancer decider, Arrival arrival) {
        FlowKey key = arrival.key();
        verdict.match(new Verdict.Cases<Void>() {
            @Override
            public Void forward(Association association) {
                send(association, arrival);
                return null;
            }

            @Override
            public Void handOff(IlbId owner, long view) {
                tally.add(Count.HAND_OFFS);
                HandedOff message = arrival.segment().isSyn()
                        ? HandedOff.syn(key, arrival.segment().sequence(), view)
                        : HandedOff.segment(key, view);
                balancers.get().find(owner).ifPresent(other -> carryOut(other.handedOff(message), other, arrival));
                return null;
            }

            @Override
            public Void electAgain(long view) {
                // The view changes under us, on this very node: by the time the stripe comes round it has changed.
                onStripe(key, () -> arrived(arrival));
                return null;
            }

            @Override
            public Void create(Association proposal, Optional<Association> former) {
                SegmentPath.this.create(proposal, former, decider, arrival);
                return null;
            }

            @Override
            public Void askStore() {
                SegmentPath.this.askStore(decider, arrival);
                return null;
            }

            @Override
            public Void askFormer(List<IlbId> former) {
                Optional<Association> answer = former.stream()
                        .map(balancers.get()::find)
                        .flatMap(Optional::stream)
                        .map(balancer -> balancer.known(key))
                        .filter(known -> known != null)
                        .findFirst();
                carryOut(
                        decider.formerly(
                                key,
                                answer,
                                settled.getAsBoolean(),
                                arrival.service().unknown(),
                                adoption(arrival)),
                        decider,
                        arrival);
                return null;
            }

            @Override
            public Void reset() {
                tally.add(Count.UNKNOWN);
                if (release.reset(arrival)) {
                    tally.add(Count.RESETS);
                }
                return null;
            }

            @Override
            public Void drop(Verdict.Reason reason) {
                tally.add(reason == Verdict.Reason.NO_SERVER ? Count.NO_SERVER : Count.UNKNOWN);
                return null;
            }
        });
    }

    /** An adopted connection's server: by rendezvous, so that every ILB would adopt it for the same one. */
    private static SelectionPolicy adoption(Arrival arrival) {
        return new Adoption(arrival.service());
    }

    private void askStore(LoadBalancer decider, Arrival arrival) {
        FlowKey key = arrival.key();
        store.get(key)
                .orTimeout(STORE_READ_SECONDS, TimeUnit.SECONDS)
                .whenComplete((answer, failure) -> onStripe(key, () -> {
                    if (failure != null) {
                        tally.add(Count.STORE_FAILED);
                        return;
                    }
                    Verdict verdict = decider.stored(
                            key,
                            answer,
                            settled.getAsBoolean(),
                            arrival.service().unknown(),
                            adoption(arrival));
                    answer.ifPresent(balancers.get()::publish);
                    carryOut(verdict, decider, arrival);
                }));
    }

    /** The owner chose: the durable write and the rule go out together, the segment follows both. */
    private void create(Association chosen, Optional<Association> former, LoadBalancer owner, Arrival arrival) {
        FlowKey key = arrival.key();
        Association proposal =
                former.isPresent() ? chosen : knownWhileUnsettled(key).orElse(chosen);
        int limit = enrolment.get().frontEnd().settings().maxAssociations();
        int owned = balancers.get().all().stream()
                .mapToInt(ilb -> ilb.ltoc().owned())
                .sum();
        if (creations.size() >= MAX_SETTING_UP || owned + creations.size() >= limit) {
            tally.add(Count.DROPPED_FULL);
            return;
        }
        Creation pending = creations.get(key);
        if (pending == null) {
            if (!fabric.serverPlace(proposal.server()).isPresent()) {
                // The SYN comes again, and then it is another server's turn.
                tally.add(Count.DROPPED_UNPLACED);
                return;
            }
            pending = write(proposal, former, owner);
        }
        setUp(pending.proposal, arrival, pending.stands);
    }

    /**
     * What anyone here knows of a connection whose owner does not know it yet, because the view has just changed and the
     * transfer tables are on their way. They are told on this stripe, so that afterwards the owner does know.
     */
    private Optional<Association> knownWhileUnsettled(FlowKey key) {
        return settled.getAsBoolean()
                ? Optional.empty()
                : balancers.get().all().stream()
                        .map(ilb -> ilb.known(key))
                        .filter(association -> association != null)
                        .findFirst();
    }

    private Creation write(Association proposal, Optional<Association> former, LoadBalancer owner) {
        FlowKey key = proposal.key();
        Creation creation = new Creation(proposal);
        creations.put(key, creation);
        former.map(closing -> store.supersede(closing, proposal))
                .orElseGet(() -> store.putIfAbsent(proposal))
                .whenComplete((standing, failure) -> onStripe(key, () -> {
                    creations.remove(key, creation);
                    if (failure != null) {
                        // A store that fails costs durability, never service.
                        tally.add(Count.STORE_FAILED);
                        LOG.debug("The store failed to put {}", proposal, failure);
                    }
                    Association decided = failure == null ? standing : proposal;
                    former.ifPresent(balancers.get()::ended);
                    owner.decided(decided);
                    balancers.get().publish(decided);
                    tally.add(Count.CONNECTIONS);
                    creation.stands.complete(decided);
                    if (!enrolment.get().serves(decided)) {
                        // The configuration changed while the store was asked.
                        end(decided, Count.WITHDRAWN);
                    }
                }));
        return creation;
    }

    /** Puts the rule for what was proposed, and releases the segment when rule and write are acknowledged. */
    private void setUp(Association proposal, Arrival arrival, CompletableFuture<Association> stands) {
        FlowKey key = arrival.key();
        CompletableFuture<Void> ruled = putRule(proposal.server(), arrival);
        if (ruled == null) {
            return;
        }
        long wait = enrolment.get().frontEnd().settings().storeWait().toMillis();
        // While the view has not settled only the store knows who came first.
        CompletableFuture<Association> awaited =
                settled.getAsBoolean() ? stands.copy().completeOnTimeout(null, wait, TimeUnit.MILLISECONDS) : stands;
        ruled.thenCombine(awaited, (nothing, standing) -> Optional.ofNullable(standing))
                .whenComplete((standing, failure) -> onStripe(key, () -> {
                    if (failure != null) {
                        ruleFailed(arrival);
                        return;
                    }
                    if (!standing.isPresent()) {
                        tally.add(Count.STORE_LATE);
                    }
                    Association association = standing.orElse(proposal);
                    if (association.server().equals(proposal.server())) {
                        ruleStands(association, arrival);
                    } else {
                        // Another owner, in another view, was first: its server it is.
                        replaceRule(association, arrival);
                    }
                }));
    }

    private void replaceRule(Association association, Arrival arrival) {
        CompletableFuture<Void> ruled = putRule(association.server(), arrival);
        if (ruled != null) {
            ruled.whenComplete((nothing, failure) -> onStripe(arrival.key(), () -> {
                if (failure != null) {
                    ruleFailed(arrival);
                } else {
                    ruleStands(association, arrival);
                }
            }));
        }
    }

    /** Sends a segment of a known connection on: at once where its rule stands, else behind its rule. */
    private void send(Association association, Arrival arrival) {
        balancers.get().find(arrival.ilb().id()).ifPresent(receiver -> receiver.learnt(association));
        ReceivedConnection connection = received.get(arrival.ilb().id(), arrival.key());
        boolean stands = connection != null && connection.sendsTo(association.server());
        // A SYN comes up in spite of the rule, by the flags rule; anything else only while it races the rule.
        if (stands && (arrival.segment().isSyn() || connection.age(nanoTime.getAsLong()) < RACE_NANOS)) {
            forward(arrival, association.server());
        } else {
            replaceRule(association, arrival);
        }
    }

    /** Puts the exact rule of a connection at its receiving ILB; null if the way to the server is not known. */
    private CompletableFuture<Void> putRule(Endpoint server, Arrival arrival) {
        Optional<FlowRule> rule = fabric.exact(arrival.ilb().device(), arrival.key(), server, arrival.ingress());
        ReceivedConnection connection = received.getOrAdd(arrival.ilb().id(), arrival.key());
        if (!rule.isPresent()) {
            tally.add(Count.DROPPED_UNPLACED);
            connection.failed();
            noRule(arrival);
            return null;
        }
        connection.settingUp();
        connection.putting(rule.get(), server);
        return installer.put(rule.get());
    }

    private void ruleStands(Association association, Arrival arrival) {
        tally.add(Count.RULES);
        ReceivedConnection connection = received.get(arrival.ilb().id(), arrival.key());
        forward(arrival, association.server());
        if (connection != null) {
            connection.confirmed(nanoTime.getAsLong()).forEach(held -> forward(held, association.server()));
        }
        balancers.get().find(arrival.ilb().id()).ifPresent(receiver -> receiver.learnt(association));
    }

    private void ruleFailed(Arrival arrival) {
        tally.add(Count.RULES_FAILED);
        ReceivedConnection connection = received.get(arrival.ilb().id(), arrival.key());
        if (connection != null) {
            // What was held is dropped with the segment itself: the client sends it again.
            connection.failed();
        }
        noRule(arrival);
    }

    private void noRule(Arrival arrival) {
        received.remove(arrival.ilb().id(), arrival.key());
        startIdleTime(arrival.key());
    }

    private void startIdleTime(FlowKey key) {
        if (!received.anywhere(key)) {
            idle.start(key, nanoTime.getAsLong());
        }
    }

    private void forward(Arrival arrival, Endpoint server) {
        tally.add(release.forward(arrival, server) ? Count.RELEASED : Count.DROPPED_UNPLACED);
    }

    /** Notes that a switch has lost the rule of a connection. */
    void ruleRemoved(IlbId ilb, FlowKey key, FlowRule rule) {
        onStripe(key, () -> {
            ReceivedConnection connection = received.get(ilb, key);
            if (connection != null
                    && !connection.isSettingUp()
                    && connection.rule().filter(rule::equals).isPresent()) {
                received.remove(ilb, key);
                startIdleTime(key);
            }
        });
    }

    /** Ends a connection: its rules, its association, all that is known of it. */
    void end(Association association, Count reason) {
        FlowKey key = association.key();
        onStripe(key, () -> {
            tally.add(reason);
            installer.remove(received.forget(key));
            idle.stop(key);
            balancers.get().ended(association);
            store.remove(association).whenComplete((removed, failure) -> {
                if (failure != null) {
                    tally.add(Count.STORE_FAILED);
                }
            });
        });
    }

    /** An owner's proposal on its way to the store. */
    private static final class Creation {

        private final Association proposal;
        /** Completes, never by failing, once all ILBs of this node know what stands. */
        private final CompletableFuture<Association> stands = new CompletableFuture<>();

        Creation(Association proposal) {
            this.proposal = proposal;
        }
    }
}
