package org.ilb.frontend;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Settings;
import org.ilb.association.AssociationStore;
import org.ilb.connection.Balancers;
import org.ilb.connection.Ending;
import org.ilb.connection.HandedOff;
import org.ilb.connection.Lifetime;
import org.ilb.connection.LoadBalancer;
import org.ilb.connection.Verdict;
import org.ilb.dataplane.fabric.Fabric;
import org.ilb.server.Affinities;
import org.onosproject.net.flow.FlowRule;

/**
 * The path of a segment: from its arrival at an ILB, through the verdict, to the exact rule and its release to the server.
 *
 * <p>{@link #accept} may be called from any thread and returns at once; everything else happens on the connection's stripe,
 * to which the store's and the switches' answers come back. The set-up of a connection costs one packet-in: the durable
 * write and the rule go out together, and the SYN is released when both are acknowledged (the write is waited for only so
 * long). Every step may be repeated.
 */
final class SegmentPath {

    /** A segment's sequence number is no more than a window ahead of another's of the same connection. */
    private static final int SEQUENCE_SLACK = 1 << 24;

    private final Supplier<Enrolment> enrolment;
    private final Supplier<Balancers> balancers;
    private final Pools pools;
    private final BooleanSupplier settled;
    private final StoreClient store;
    private final Fabric fabric;
    private final RuleBook rules;
    private final Departures departures;
    private final Routes routes;
    private final Pinning pinning;
    private final BucketGuide guide;
    private final Endings endings;
    private final Forwarding forwarding;
    private final Stripes stripes;
    private final Tally tally;
    private final LongSupplier nanoTime;

    /** Connections that may be set up at a time; each holds a few segments. */
    private volatile int maxSettingUp = Tuning.SETTING_UP_DEFAULT;

    private final Lives lives;
    private final KnownConnections known;
    private final IdleAssociations idle = new IdleAssociations();

    SegmentPath(
            Supplier<Enrolment> enrolment,
            Supplier<Balancers> balancers,
            BucketMap buckets,
            Affinities affinities,
            Pools pools,
            BooleanSupplier settled,
            AssociationStore store,
            Fabric fabric,
            RuleBook rules,
            Release release,
            Stripes stripes,
            Tally tally,
            LongSupplier nanoTime) {
        this.enrolment = enrolment;
        this.balancers = balancers;
        this.pools = pools;
        this.settled = settled;
        this.store = new StoreClient(store, stripes, tally, nanoTime);
        this.fabric = fabric;
        this.rules = rules;
        this.departures = new Departures(enrolment, release, tally, nanoTime);
        this.stripes = stripes;
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.lives = new Lives(enrolment, affinities, nanoTime);
        this.known = new KnownConnections(balancers, lives);
        this.routes = new Routes(enrolment, balancers, known, rules, idle, stripes, tally);
        this.pinning = new Pinning(enrolment, buckets, known, lives, rules, stripes, tally);
        this.guide = new BucketGuide(buckets, known, pools, departures, tally, nanoTime);
        this.endings = new Endings(
                enrolment,
                balancers,
                buckets,
                known,
                lives,
                pinning,
                rules,
                idle,
                this.store,
                stripes,
                tally,
                nanoTime);
        this.forwarding = new Forwarding(
                balancers,
                known,
                lives,
                routes,
                pinning,
                rules,
                departures,
                idle,
                this.store,
                stripes,
                tally,
                nanoTime,
                this::arrived);
        rules.tell(forwarding::ruleIsBack, forwarding::ruleGone, known::mayHaveAnswered, pinning::mustStand);
    }

    RuleBook rules() {
        return rules;
    }

    /** Where rules lead. */
    Routes routes() {
        return routes;
    }

    /** What becomes of connections whose bucket moves. */
    Pinning pinning() {
        return pinning;
    }

    /** How connections end. */
    Endings endings() {
        return endings;
    }

    IdleAssociations idle() {
        return idle;
    }

    /** Takes a segment from the packet thread. */
    void accept(Arrival arrival) {
        tally.add(Count.PACKET_INS);
        arrival.accepted(nanoTime.getAsLong());
        tally.meters().packetIn(arrival);
        if (arrival.segment().isSyn()) {
            tally.add(Count.SYNS);
        }
        if (!stripes.offer(arrival.key(), () -> arrived(arrival))) {
            tally.add(Count.DROPPED_FULL);
            tally.meters().refused(arrival);
        }
    }

    private void arrived(Arrival arrival) {
        FlowKey key = arrival.key();
        if (endings.isBereaved(arrival)) {
            departures.reset(arrival);
            return;
        }
        if (guide.takes(arrival)) {
            return;
        }
        idle.stop(key);
        Lifetime life = lives.get(key);
        if (!arrival.segment().isSyn()) {
            known.mayHaveAnswered(key);
        } else if (life != null) {
            life.again(nanoTime.getAsLong());
        }
        ReceivedConnection connection = rules.received().get(arrival.ilb().id(), key);
        if (connection != null && connection.isSettingUp()) {
            if (!connection.hold(arrival)) {
                tally.add(Count.DROPPED_FULL);
            }
            return;
        }
        Creation pending = known.creation(key);
        if (pending != null && !pending.isOf(arrival.segment())) {
            follow(pending, arrival);
        } else {
            decide(arrival);
        }
    }

    /**
     * What the owner chose, as the bucket of the connection has it. A connection that is older than what is known of it has
     * an initial sequence number that is no later than its own can have been, so that its end is told from those before it.
     */
    private Association adjusted(Association chosen, Optional<Association> former, Arrival arrival) {
        boolean isNew = !former.filter(before -> before.state() != AssociationState.CLOSING)
                .isPresent();
        boolean syn = arrival.segment().isSyn();
        boolean adopted = !syn && chosen.initialSequence() == 0;
        Endpoint server = syn && isNew ? guide.selected(arrival).orElse(chosen.server()) : chosen.server();
        return !adopted && server.equals(chosen.server())
                ? chosen
                : new Association(
                        chosen.key(),
                        server,
                        chosen.owner(),
                        chosen.backup().orElse(null),
                        chosen.view(),
                        adopted ? arrival.segment().sequence() - SEQUENCE_SLACK : chosen.initialSequence());
    }

    /**
     * A segment of a connection that the store has not confirmed: it waits for that, unless the SYN went without. What LTOCs
     * and store say meanwhile may be of the connection before. A SYN that begins yet another connection waits, too.
     */
    private void follow(Creation pending, Arrival arrival) {
        if (pending.isReleased() && !arrival.segment().isSyn()) {
            forwarding.sendBehindRule(pending.proposal(), routes.ofNew(pending.proposal(), arrival), arrival);
        } else if (pending.admits()) {
            pending.stands().thenRun(() -> stripes.execute(arrival.key(), () -> arrived(arrival)));
        } else {
            tally.add(Count.DROPPED_FULL);
        }
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
                if (decider.id().equals(arrival.ilb().id()) && !association.concerns(decider.id())) {
                    tally.meters().cacheHit(decider.id());
                }
                forwarding.send(association, arrival);
                return null;
            }

            @Override
            public Void handOff(IlbId owner, long view) {
                tally.add(Count.HAND_OFFS);
                tally.meters().handedOff(arrival.ilb().id());
                HandedOff message = arrival.segment().isSyn()
                        ? HandedOff.syn(key, arrival.segment().sequence(), view)
                        : HandedOff.segment(key, view);
                balancers.get().find(owner).ifPresent(other -> carryOut(other.handedOff(message), other, arrival));
                return null;
            }

            @Override
            public Void electAgain(long view) {
                // The view changes under us, on this very node: by the time the stripe comes round it has changed.
                stripes.execute(key, () -> arrived(arrival));
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
                                key, answer, settled.getAsBoolean(), guide.unknown(arrival), guide.adoption(arrival)),
                        decider,
                        arrival);
                return null;
            }

            @Override
            public Void reset() {
                tally.add(Count.UNKNOWN);
                departures.reset(arrival);
                return null;
            }

            @Override
            public Void drop(Verdict.Reason reason) {
                if (reason == Verdict.Reason.NO_SERVER) {
                    tally.add(Count.NO_SERVER);
                    tally.meters().refused(arrival);
                    if (!pools.serves(arrival.service().endpoint())) {
                        // A client that is told can tell its user, or try elsewhere.
                        departures.reset(arrival);
                    }
                } else {
                    tally.add(Count.UNKNOWN);
                }
                return null;
            }
        });
    }

    private void askStore(LoadBalancer decider, Arrival arrival) {
        FlowKey key = arrival.key();
        store.ask(key, answer -> {
            if (known.isBeingCreated(key)) {
                // Another connection began meanwhile; the answer is of the one before.
                arrived(arrival);
                return;
            }
            Verdict verdict = decider.stored(
                    key, answer, settled.getAsBoolean(), guide.unknown(arrival), guide.adoption(arrival));
            answer.ifPresent(balancers.get()::publish);
            carryOut(verdict, decider, arrival);
        });
    }

    /** The owner chose: the durable write and the rule go out together, the segment follows both. */
    private void create(Association chosen, Optional<Association> former, LoadBalancer owner, Arrival arrival) {
        FlowKey key = arrival.key();
        Optional<Association> standing = former.isPresent() ? Optional.empty() : knownWhileUnsettled(key);
        if (standing.isPresent() && arrival.segment().isSyn() && !standing.get().isSameEpoch(chosen)) {
            // Who is to own it learns of the connection before, and decides again.
            balancers.get().publish(standing.get());
            stripes.execute(key, () -> arrived(arrival));
            return;
        }
        Association proposal = standing.orElse(
                adjusted(chosen, former, arrival).receivedBy(arrival.ilb().id()));
        int limit = enrolment.get().frontEnd().settings().maxAssociations();
        int owned = balancers.get().all().stream()
                .mapToInt(ilb -> ilb.ltoc().owned())
                .sum();
        if (known.beingCreated() >= maxSettingUp || owned + known.beingCreated() >= limit) {
            tally.add(Count.DROPPED_FULL);
            tally.meters().refused(arrival);
            return;
        }
        Creation pending = known.creation(key);
        if (pending == null) {
            if (!fabric.serverPlace(proposal.server()).isPresent()) {
                // The SYN comes again, and then it is another server's turn.
                tally.add(Count.DROPPED_UNPLACED);
                return;
            }
            pending = write(proposal, former, owner, arrival);
        }
        Creation creation = pending;
        // What the connection before had on any switch must be gone when this one's first segment goes.
        if (creation.cleared().isDone() && !creation.cleared().isCompletedExceptionally()) {
            setUp(creation, arrival);
            return;
        }
        creation.cleared()
                .whenComplete((nothing, failure) -> stripes.execute(key, () -> {
                    if (failure == null) {
                        setUp(creation, arrival);
                    } else {
                        tally.add(Count.RULES_FAILED);
                    }
                }));
    }

    /**
     * What anyone here knows of a connection whose owner does not know it yet, because the view has just changed and the
     * transfer tables are on their way. They are told on this stripe, so that afterwards the owner does know.
     */
    private Optional<Association> knownWhileUnsettled(FlowKey key) {
        return settled.getAsBoolean() ? Optional.empty() : known.association(key);
    }

    /**
     * Finds the server of a connection out, by what is known here: its association, or that which is being created, or its bucket.
     *
     * @param action is given the server, empty if nobody knows it; not called if the connection's stripe is too busy
     */
    void findServer(FlowKey key, Consumer<Optional<Endpoint>> action) {
        boolean taken = stripes.offer(key, () -> action.accept(serverOf(key)));
        if (!taken) {
            tally.add(Count.DROPPED_FULL);
        }
    }

    private Optional<Endpoint> serverOf(FlowKey key) {
        Creation pending = known.creation(key);
        Optional<Association> association = pending != null ? Optional.of(pending.proposal()) : known.association(key);
        return association.map(Association::server).or(() -> guide.server(key));
    }

    private Creation write(Association proposal, Optional<Association> former, LoadBalancer owner, Arrival arrival) {
        FlowKey key = proposal.key();
        boolean begun = arrival.segment().isSyn();
        IlbId receiver = arrival.ilb().id();
        Creation creation =
                new Creation(proposal, former.isPresent() ? rules.clear(key) : CompletableFuture.completedFuture(null));
        known.begin(creation);
        store.put(proposal, former, decided -> {
            known.finish(creation);
            if (former.isPresent()) {
                tally.add(Count.REUSED);
                owner.superseded(former.get(), decided);
                balancers.get().superseded(former.get(), decided);
            } else {
                owner.decided(decided);
                balancers.get().publish(decided);
            }
            // What was alive may still be: the SYN may be nobody's, and what its rules counted went with them.
            boolean begins = begun
                    && !creation.isAnswered()
                    && decided.isSameEpoch(proposal)
                    && !former.filter(before -> before.state() != AssociationState.CLOSING)
                            .isPresent();
            if (begins) {
                lives.born(decided);
            } else {
                lives.found(decided);
            }
            tally.add(Count.CONNECTIONS);
            tally.meters().opened(decided, receiver);
            pinning.began(decided);
            creation.stands().complete(decided);
            if (!enrolment.get().serves(decided)) {
                // The configuration changed while the store was asked.
                endings.end(decided, Count.WITHDRAWN);
            } else if (pools.doomed().contains(decided.server())) {
                endings.fail(decided);
            }
        });
        return creation;
    }

    private Settings settings() {
        return enrolment.get().frontEnd().settings();
    }

    /** Puts the rule for what was proposed, and releases the segment when rule and write are acknowledged. */
    private void setUp(Creation creation, Arrival arrival) {
        FlowKey key = arrival.key();
        Association proposal = creation.proposal();
        CompletableFuture<Association> stands = creation.stands();
        Route route = routes.ofNew(proposal, arrival);
        Optional<CompletableFuture<Void>> ruled = forwarding.putRule(route, arrival);
        if (!ruled.isPresent()) {
            return;
        }
        long wait = settings().storeWait().toMillis();
        // While the view has not settled only the store knows who came first.
        CompletableFuture<Association> awaited =
                settled.getAsBoolean() ? stands.copy().completeOnTimeout(null, wait, TimeUnit.MILLISECONDS) : stands;
        ruled.get()
                .thenCombine(awaited, (nothing, standing) -> Optional.ofNullable(standing))
                .whenComplete((standing, failure) -> stripes.execute(key, () -> {
                    if (failure != null) {
                        rules.fail(arrival.ilb().id(), key);
                        return;
                    }
                    if (!standing.isPresent()) {
                        tally.add(Count.STORE_LATE);
                    }
                    Association association = standing.orElse(proposal);
                    if (arrival.segment().isSyn() && !association.isSameEpoch(proposal)) {
                        // The store had a connection before this one: now that its owner knows it, it decides again.
                        List<Arrival> held = rules.confirm(arrival.ilb().id(), key);
                        arrived(arrival);
                        held.forEach(SegmentPath.this::arrived);
                        return;
                    }
                    creation.released();
                    if (association.server().equals(proposal.server())) {
                        forwarding.ruleStands(association, route, arrival);
                    } else {
                        // Another owner, in another view, was first: its server it is.
                        forwarding.sendBehindRule(association, arrival);
                    }
                }));
    }

    /** Takes up a connection of a former run. */
    void takeUp(Association association) {
        stripes.execute(association.key(), () -> lives.found(association));
    }

    /** Takes note of a connection's client, whose service has affinity from now on. */
    void bind(Association association) {
        stripes.execute(association.key(), () -> lives.note(association));
    }

    /**
     * Is told of the function's buckets.
     *
     * @param onUnbound is told of a bucket that a segment waits for a server of
     * @param onUnpinned is told of an ILB that a rule could not be put at
     * @param isReachable whether rules can be put at an ILB now
     */
    void tell(Consumer<Bucket> onUnbound, Consumer<Ilb> onUnpinned, Predicate<Ilb> isReachable) {
        guide.tell(onUnbound);
        pinning.tell(onUnpinned, isReachable);
    }

    /** Notes that a switch has lost the rule of a connection. */
    void ruleRemoved(IlbId ilb, FlowKey key, FlowRule rule) {
        stripes.execute(key, () -> rules.lost(ilb, key, rule));
    }

    /** Takes note of a FIN or an RST that a switch copied (claim 14). */
    void ending(Ending ending) {
        endings.copied(ending);
    }

    /** Sets how many connections may be set up at a time. */
    void bound(int settingUp) {
        maxSettingUp = settingUp;
    }

    /** How many connections the store has not confirmed. Any thread. */
    int settingUp() {
        return known.beingCreated();
    }

    /** Takes a segment that has waited. */
    void again(Arrival arrival) {
        stripes.execute(arrival.key(), () -> arrived(arrival));
    }
}
