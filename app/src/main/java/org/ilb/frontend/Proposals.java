package org.ilb.frontend;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.connection.Balancers;
import org.ilb.connection.LoadBalancer;

/**
 * What becomes of an owner's proposal (claim 13): it is written to the store, and whatever stands there then is made known to owner and
 * backup, and begins its life. To be called on the connection's stripe.
 */
final class Proposals {

    private final Supplier<Enrolment> enrolment;
    private final Supplier<Balancers> balancers;
    private final KnownConnections known;
    private final Lives lives;
    private final Pinning pinning;
    private final Endings endings;
    private final RuleBook rules;
    private final StoreClient store;
    private final Pools pools;
    private final Tally tally;

    Proposals(
            Supplier<Enrolment> enrolment,
            Supplier<Balancers> balancers,
            KnownConnections known,
            Lives lives,
            Pinning pinning,
            Endings endings,
            RuleBook rules,
            StoreClient store,
            Pools pools,
            Tally tally) {
        this.enrolment = enrolment;
        this.balancers = balancers;
        this.known = known;
        this.lives = lives;
        this.pinning = pinning;
        this.endings = endings;
        this.rules = rules;
        this.store = store;
        this.pools = pools;
        this.tally = tally;
    }

    /**
     * Writes a proposal to the store.
     *
     * @param proposal the proposal
     * @param former the connection whose addresses and ports it takes, if there is one: its rules go
     * @param owner who proposes it
     * @param arrival the segment that it is for
     */
    Creation write(Association proposal, Optional<Association> former, LoadBalancer owner, Arrival arrival) {
        FlowKey key = proposal.key();
        IlbId receiver = arrival.ilb().id();
        // What was alive may still be: the SYN may be nobody's, and what its rules counted went with them.
        boolean isNew = arrival.segment().isSyn() && !isAlive(former);
        Creation creation = new Creation(
                proposal,
                former.map(before -> rules.clear(key, before.server().equals(proposal.server())))
                        .orElse(CompletableFuture.completedFuture(null)));
        known.begin(creation);
        store.put(proposal, former, standing -> {
            known.finish(creation);
            if (former.isPresent()) {
                tally.add(Count.REUSED);
                owner.superseded(former.get(), standing);
                balancers.get().superseded(former.get(), standing);
            } else {
                owner.decided(standing);
                balancers.get().publish(standing);
            }
            if (isNew && !creation.isAnswered() && standing.isSameEpoch(proposal)) {
                lives.born(standing);
            } else {
                lives.found(standing);
            }
            tally.add(Count.CONNECTIONS);
            tally.meters().opened(standing, receiver);
            pinning.began(standing);
            creation.stands().complete(standing);
            if (!enrolment.get().serves(standing)) {
                // The configuration changed while the store was asked.
                endings.end(standing, Count.WITHDRAWN);
            } else if (pools.doomed().contains(standing.server())) {
                endings.fail(standing);
            }
        });
        return creation;
    }

    /** Whether a connection was alive when another took its addresses and ports. */
    static boolean isAlive(Optional<Association> former) {
        return former.filter(before -> before.state() != AssociationState.CLOSING)
                .isPresent();
    }
}
