package org.ilb.simulation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.connection.Lifetime;

/** The lives of connections, each watched by its owner's node. */
final class Lives {

    private final Node node;
    private final Map<FlowKey, Life> lives = new LinkedHashMap<>();

    Lives(Node node) {
        this.node = node;
    }

    /** Begins the life of a new connection, or of one that takes the place of a living one: its client need not answer again. */
    Life begin(Association association, boolean interrupts) {
        Lifetime lifetime = interrupts ? Lifetime.established(node.nanos()) : Lifetime.embryonic(node.nanos());
        Life life = new Life(association, lifetime, node.network.counted(association.key()));
        lives.put(association.key(), life);
        return life;
    }

    /** The life of an association; one of which nothing is known yet is older than that. */
    Life of(Association association) {
        Life life = lives.get(association.key());
        if (life == null || !life.association.isSameEpoch(association)) {
            life = new Life(association, Lifetime.established(node.nanos()), 0);
            lives.put(association.key(), life);
        }
        return life;
    }

    /** The client has answered, or has not heard the answer: a segment that no rule counted. */
    void heardFrom(Association association, Segment segment) {
        Life life = lives.get(association.key());
        if (life != null && life.association.isSameEpoch(association)) {
            if (segment.isSyn()) {
                life.lifetime.again(node.nanos());
            } else {
                life.lifetime.answered();
                life.punted++;
            }
        }
    }

    boolean has(Life life) {
        return lives.get(life.association.key()) == life;
    }

    void end(Life life) {
        lives.remove(life.association.key(), life);
    }

    void end(Association association) {
        Life life = lives.get(association.key());
        if (life != null && life.association.isSameEpoch(association)) {
            lives.remove(association.key());
        }
    }

    void endIf(Predicate<Association> condition) {
        lives.values().removeIf(life -> condition.test(life.association));
    }

    boolean isEmpty() {
        return lives.isEmpty();
    }
}
