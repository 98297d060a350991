package org.ilb.frontend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.onosproject.net.PortNumber;

/**
 * What becomes of connections with associations of their own whose bucket moves: wherever the wildcard of any ILB might lead them
 * elsewhere, their exact rules must stand at every ILB, and stay.
 *
 * <p>To be called on the connection's stripe, unless said otherwise.
 */
final class Pinning {

    private final Supplier<Enrolment> enrolment;
    private final BucketMap buckets;
    private final KnownConnections known;
    private final Lives lives;
    private final RuleBook rules;
    private final Stripes stripes;
    private final Tally tally;

    private volatile Consumer<Ilb> unpinned = ilb -> {};
    private volatile Predicate<Ilb> reachable = ilb -> true;

    Pinning(
            Supplier<Enrolment> enrolment,
            BucketMap buckets,
            KnownConnections known,
            Lives lives,
            RuleBook rules,
            Stripes stripes,
            Tally tally) {
        this.enrolment = enrolment;
        this.buckets = buckets;
        this.known = known;
        this.lives = lives;
        this.rules = rules;
        this.stripes = stripes;
        this.tally = tally;
    }

    /**
     * Sets who is told, and who is asked.
     *
     * @param onUnpinned is told of an ILB that lacks a rule that must stand
     * @param isReachable whether rules can be put at an ILB now
     */
    void tell(Consumer<Ilb> onUnpinned, Predicate<Ilb> isReachable) {
        this.unpinned = onUnpinned;
        this.reachable = isReachable;
    }

    /** Whether the rules of a pinned connection must stay at every ILB. Any thread. */
    boolean mustStand(FlowKey key) {
        Bucket bucket = buckets.of(key);
        return bucket != null && bucket.mustStand(bucket.pins().get(key));
    }

    /** Whether the rules of a connection to a server must stay at every ILB, because the wildcard of its bucket leads elsewhere. */
    boolean mustStand(FlowKey key, Endpoint server) {
        Bucket bucket = buckets.of(key);
        return bucket != null && bucket.mustStand(server);
    }

    /**
     * Whether a SYN that reuses a pinned connection's port does not come up: its bucket has moved. Such a connection lives by the
     * same rules, and only a long silence tells that there is none.
     */
    boolean hidesSyns(Association association) {
        Bucket bucket = buckets.of(association.key());
        return bucket != null && !bucket.synsUp() && bucket.mustStand(association.server());
    }

    /** Takes note of a connection's association, if it is gathered into a bucket. */
    void began(Association association) {
        Bucket bucket = buckets.of(association.key());
        if (bucket != null) {
            tally.add(Count.PINNED);
            bucket.pinned(association.key(), association.server());
        }
    }

    /** Takes note of the association of a connection that lived before its service was gathered into buckets. Any thread. */
    void found(Association association) {
        FlowKey key = association.key();
        Bucket bucket = key.isBucket() ? null : buckets.of(key);
        if (bucket != null && !association.server().equals(bucket.pins().get(key))) {
            bucket.pinned(key, association.server());
            stripes.execute(key, () -> {
                // It may have ended after it was found; nobody would take its pin away again.
                if (!known.isBeingCreated(key) && !known.association(key).isPresent()) {
                    ended(key);
                }
            });
        }
    }

    /** Takes note that a connection has ended. */
    void ended(FlowKey key) {
        Bucket bucket = buckets.of(key);
        if (bucket != null) {
            bucket.unpinned(key);
        }
    }

    /** Takes note that an ILB has no rule of a connection any more. */
    void ruleGone(IlbId ilb, FlowKey key) {
        if (mustStand(key) && lives.get(key) != null) {
            // Until it is back, the wildcard of its bucket must not lead elsewhere there.
            Optional.ofNullable(enrolment.get().ilb(ilb)).ifPresent(unpinned);
        }
    }

    /**
     * Puts the rules that a connection with an association of its own lacks at an ILB. Any thread.
     *
     * @return completes when they stand, or the connection has ended; fails if a switch refuses, or if anything throws, so that nobody
     *     who waits for all pins of an ILB waits for ever
     */
    CompletableFuture<Void> pin(Ilb ilb, FlowKey key) {
        return stripes.submit(key, () -> put(ilb, key)).thenCompose(Function.identity());
    }

    private CompletableFuture<Void> put(Ilb ilb, FlowKey key) {
        // What is being created puts its rules everywhere itself.
        Optional<Route> route = lives.get(key) == null
                ? Optional.empty()
                : known.confirmed(key).map(association -> Route.toServer(association.server()));
        return !route.isPresent() || rules.leads(ilb.id(), key, route.get())
                ? CompletableFuture.completedFuture(null)
                : rules.putBack(ilb, key, route.get(), PortNumber.ANY);
    }

    /** Puts the rules that a pinned connection lacks at other ILBs than one; completes, never by failing, when none is under way. */
    CompletableFuture<Void> pinElsewhere(FlowKey key, Route route, IlbId here) {
        List<CompletableFuture<Void>> elsewhere = new ArrayList<>();
        for (Ilb ilb : enrolment.get().frontEnd().ilbs()) {
            if (!ilb.id().equals(here) && reachable.test(ilb) && !rules.leads(ilb.id(), key, route)) {
                elsewhere.add(rules.putBack(ilb, key, route, PortNumber.ANY).handle((nothing, failure) -> {
                    if (failure != null) {
                        unpinned.accept(ilb);
                    }
                    return null;
                }));
            }
        }
        return CompletableFuture.allOf(elsewhere.toArray(new CompletableFuture<?>[0]));
    }
}
