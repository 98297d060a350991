package org.ilb.frontend;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.connection.Balancers;
import org.ilb.connection.Lifetime;
import org.ilb.election.Electorate;

/**
 * What this node knows of connections, whichever of its ILBs knows it: their associations, their lives, and those that are
 * being created. What is of one connection is changed by its stripe only.
 */
final class KnownConnections {

    private final Supplier<Balancers> balancers;
    private final Lives lives;
    /** What owners proposed and the store has not answered: a SYN that comes again meanwhile gets the same proposal. */
    private final Map<FlowKey, Creation> creations = new ConcurrentHashMap<>();

    KnownConnections(Supplier<Balancers> balancers, Lives lives) {
        this.balancers = balancers;
        this.lives = lives;
    }

    /** What any ILB of this node knows of a connection, the owner first. */
    Optional<Association> association(FlowKey key) {
        Balancers now = balancers.get();
        Electorate electorate = now.electorate();
        IlbId owner = electorate.member(Electorate.owner(electorate.elect(key)));
        Optional<Association> owned = Optional.ofNullable(owner)
                .flatMap(now::find)
                .map(ilb -> ilb.ltoc().get(key));
        return owned.isPresent() ? owned : knownToAny(now, key);
    }

    private static Optional<Association> knownToAny(Balancers balancers, FlowKey key) {
        return balancers.all().stream()
                .map(ilb -> ilb.known(key))
                .filter(association -> association != null)
                .findFirst();
    }

    /** The same, unless another connection is being created in its place. */
    Optional<Association> confirmed(FlowKey key) {
        return isBeingCreated(key) ? Optional.empty() : association(key);
    }

    /** Whether an association still stands: what ended must not be learnt again. */
    boolean isCurrent(Association association) {
        return association(association.key()).filter(association::isSameEpoch).isPresent();
    }

    /** Whether a connection has an association of its own, or is about to. */
    boolean has(FlowKey key) {
        return isBeingCreated(key) || lives.get(key) != null;
    }

    boolean isClosing(FlowKey key) {
        Lifetime life = lives.get(key);
        return life != null && life.state() == AssociationState.CLOSING;
    }

    /** What the rule of a connection counted is not known; a client that cannot be shown not to have answered has. */
    void mayHaveAnswered(FlowKey key) {
        Lifetime life = lives.get(key);
        if (life != null) {
            life.answered();
        }
        // With a slow store the client's answer is there before the life begins.
        Creation pending = creations.get(key);
        if (pending != null) {
            pending.mayBeAnswered();
        }
    }

    /** What is being created, null if nothing is. */
    Creation creation(FlowKey key) {
        return creations.get(key);
    }

    boolean isBeingCreated(FlowKey key) {
        return creations.containsKey(key);
    }

    /** How many connections are being created. Any thread. */
    int beingCreated() {
        return creations.size();
    }

    void begin(Creation creation) {
        creations.put(creation.proposal().key(), creation);
    }

    void finish(Creation creation) {
        creations.remove(creation.proposal().key(), creation);
    }
}
