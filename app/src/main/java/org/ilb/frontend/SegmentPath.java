package org.ilb.frontend;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.IlbId;
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
 * The path of a segment: from its arrival at an ILB, through the verdict, to the exact rule and its release to the server. What a
 * verdict asks for is done by others:
 *
 * <ul>
 *   <li>{@link ConnectionSetup} and {@link Proposals}: a SYN whose owner chose a server (claim 13);
 *   <li>{@link Forwarding}: a segment of a connection that has one, and {@link Endings}: the end of that (claim 14);
 *   <li>{@link Routes}: to the server, or to the owner (claim 15);
 *   <li>{@link BucketGuide} and {@link Pinning}: connections that are gathered into buckets, and those whose bucket moves.
 * </ul>
 *
 * <p>{@link #accept} may be called from any thread and returns at once; everything else happens on the connection's stripe,
 * to which the store's and the switches' answers come back. The set-up of a connection costs one packet-in: the durable
 * write and the rule go out together, and the SYN is released when both are acknowledged (the write is waited for only so
 * long). Every step may be repeated.
 */
final class SegmentPath {

    private final Supplier<Balancers> balancers;
    private final Pools pools;
    private final BooleanSupplier settled;
    private final RuleBook rules;
    private final Stripes stripes;
    private final Tally tally;
    private final LongSupplier nanoTime;

    private final IdleAssociations idle = new IdleAssociations();
    private final StoreClient store;
    private final Departures departures;
    private final Lives lives;
    private final KnownConnections known;
    private final Routes routes;
    private final Pinning pinning;
    private final BucketGuide guide;
    private final Endings endings;
    private final Forwarding forwarding;
    private final ConnectionSetup setup;

    SegmentPath(
            Supplier<Enrolment> enrolment,
            Supplier<Balancers> balancers,
            BucketMap buckets,
            Affinities affinities,
            Pools pools,
            BooleanSupplier settled,
            AssociationStore associations,
            Fabric fabric,
            RuleBook rules,
            Release release,
            Stripes stripes,
            Tally tally,
            LongSupplier nanoTime) {
        this.balancers = balancers;
        this.pools = pools;
        this.settled = settled;
        this.rules = rules;
        this.stripes = stripes;
        this.tally = tally;
        this.nanoTime = nanoTime;
        // Each knows those before it only; what has to begin again begins here.
        store = new StoreClient(associations, stripes, tally, nanoTime);
        departures = new Departures(enrolment, release, tally, nanoTime);
        lives = new Lives(enrolment, affinities, nanoTime);
        known = new KnownConnections(balancers, lives);
        routes = new Routes(enrolment, balancers, known, rules, idle, stripes, tally);
        pinning = new Pinning(enrolment, buckets, known, lives, rules, stripes, tally);
        guide = new BucketGuide(buckets, known, pools, departures, tally, nanoTime);
        endings = new Endings(
                enrolment, balancers, buckets, known, lives, pinning, rules, idle, store, stripes, tally, nanoTime);
        forwarding = new Forwarding(
                balancers,
                known,
                lives,
                routes,
                pinning,
                rules,
                departures,
                idle,
                store,
                stripes,
                tally,
                nanoTime,
                this::arrived);
        Proposals proposals =
                new Proposals(enrolment, balancers, known, lives, pinning, endings, rules, store, pools, tally);
        setup = new ConnectionSetup(
                enrolment,
                balancers,
                known,
                guide,
                routes,
                rules,
                forwarding,
                proposals,
                settled,
                fabric,
                stripes,
                tally,
                this::arrived);
        rules.tell(forwarding::ruleIsBack, forwarding::ruleGone, known::mayHaveAnswered, pinning::mustStand);
    }

    /** The exact rules of connections. */
    RuleBook rules() {
        return rules;
    }

    /** Where those lead. */
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

    /** The connections that no exact rule serves any more. */
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
            setup.follow(pending, arrival);
        } else {
            decide(arrival);
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
                setup.create(proposal, former, decider, arrival);
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
        setup.bound(settingUp);
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
