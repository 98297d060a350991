package org.ilb.frontend;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.connection.Balancers;
import org.ilb.connection.LoadBalancer;
import org.ilb.dataplane.fabric.Fabric;

/**
 * How a connection is set up whose owner chose a server (claim 13): the durable write and the exact rule go out together, and the segment
 * follows when both are acknowledged; the write is waited for only so long.
 *
 * <p>To be called on the connection's stripe, unless said otherwise.
 */
final class ConnectionSetup {

    /** A segment's sequence number is no more than a window ahead of another's of the same connection. */
    private static final int SEQUENCE_SLACK = 1 << 24;

    private final Supplier<Enrolment> enrolment;
    private final Supplier<Balancers> balancers;
    private final KnownConnections known;
    private final BucketGuide guide;
    private final Routes routes;
    private final RuleBook rules;
    private final Forwarding forwarding;
    private final Proposals proposals;
    private final BooleanSupplier settled;
    private final Fabric fabric;
    private final Stripes stripes;
    private final Tally tally;
    private final Consumer<Arrival> anew;

    /** Connections that may be set up at a time; each holds a few segments. */
    private volatile int bound = Tuning.SETTING_UP_DEFAULT;

    /** {@code anew} takes a segment as if it came up now, on its stripe. */
    ConnectionSetup(
            Supplier<Enrolment> enrolment,
            Supplier<Balancers> balancers,
            KnownConnections known,
            BucketGuide guide,
            Routes routes,
            RuleBook rules,
            Forwarding forwarding,
            Proposals proposals,
            BooleanSupplier settled,
            Fabric fabric,
            Stripes stripes,
            Tally tally,
            Consumer<Arrival> anew) {
        this.enrolment = enrolment;
        this.balancers = balancers;
        this.known = known;
        this.guide = guide;
        this.routes = routes;
        this.rules = rules;
        this.forwarding = forwarding;
        this.proposals = proposals;
        this.settled = settled;
        this.fabric = fabric;
        this.stripes = stripes;
        this.tally = tally;
        this.anew = anew;
    }

    /** Sets how many connections may be set up at a time. Any thread. */
    void bound(int settingUp) {
        bound = settingUp;
    }

    /** The owner chose: the durable write and the rule go out together, the segment follows both. */
    void create(Association chosen, Optional<Association> former, LoadBalancer owner, Arrival arrival) {
        FlowKey key = arrival.key();
        Optional<Association> standing = former.isPresent() ? Optional.empty() : knownWhileUnsettled(key);
        if (standing.isPresent() && arrival.segment().isSyn() && !standing.get().isSameEpoch(chosen)) {
            // Who is to own it learns of the connection before, and decides again.
            balancers.get().publish(standing.get());
            stripes.execute(key, () -> anew.accept(arrival));
            return;
        }
        Association proposal = standing.orElse(
                adjusted(chosen, former, arrival).receivedBy(arrival.ilb().id()));
        if (isFull()) {
            tally.add(Count.DROPPED_FULL);
            tally.meters().refused(arrival);
            return;
        }
        Creation pending = known.creation(key);
        if (pending == null && !fabric.serverPlace(proposal.server()).isPresent()) {
            // The SYN comes again, and then it is another server's turn.
            tally.add(Count.DROPPED_UNPLACED);
            return;
        }
        Creation creation = pending == null ? proposals.write(proposal, former, owner, arrival) : pending;
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
     * What the owner chose, as the bucket of the connection has it. A connection that is older than what is known of it has
     * an initial sequence number that is no later than its own can have been, so that its end is told from those before it.
     */
    private Association adjusted(Association chosen, Optional<Association> former, Arrival arrival) {
        boolean syn = arrival.segment().isSyn();
        boolean adopted = !syn && chosen.initialSequence() == 0;
        Endpoint server =
                syn && !Proposals.isAlive(former) ? guide.selected(arrival).orElse(chosen.server()) : chosen.server();
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

    private boolean isFull() {
        int limit = enrolment.get().frontEnd().settings().maxAssociations();
        int owned = balancers.get().all().stream()
                .mapToInt(ilb -> ilb.ltoc().owned())
                .sum();
        int creations = known.beingCreated();
        return creations >= bound || owned + creations >= limit;
    }

    /** Puts the rule for what was proposed, and releases the segment when rule and write are acknowledged. */
    private void setUp(Creation creation, Arrival arrival) {
        FlowKey key = arrival.key();
        Association proposal = creation.proposal();
        Route route = routes.ofNew(proposal, arrival);
        Optional<CompletableFuture<Void>> ruled = forwarding.putRule(route, arrival);
        if (!ruled.isPresent()) {
            return;
        }
        ruled.get()
                .thenCombine(written(creation), (nothing, standing) -> Optional.ofNullable(standing))
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
                        anew.accept(arrival);
                        held.forEach(anew);
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

    /** Completes with what stands in the store, or with null if that takes too long. */
    private CompletableFuture<Association> written(Creation creation) {
        if (!settled.getAsBoolean()) {
            // While the view has not settled only the store knows who came first.
            return creation.stands();
        }
        long wait = enrolment.get().frontEnd().settings().storeWait().toMillis();
        return creation.stands().copy().completeOnTimeout(null, wait, TimeUnit.MILLISECONDS);
    }

    /**
     * A segment of a connection that the store has not confirmed: it waits for that, unless the SYN went without. What LTOCs
     * and store say meanwhile may be of the connection before. A SYN that begins yet another connection waits, too.
     */
    void follow(Creation pending, Arrival arrival) {
        if (pending.isReleased() && !arrival.segment().isSyn()) {
            forwarding.sendBehindRule(pending.proposal(), routes.ofNew(pending.proposal(), arrival), arrival);
        } else if (pending.admits()) {
            pending.stands().thenRun(() -> stripes.execute(arrival.key(), () -> anew.accept(arrival)));
        } else {
            tally.add(Count.DROPPED_FULL);
        }
    }
}
