package org.ilb.simulation;

import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.HandOff;
import org.ilb.IlbId;

/** Where the exact rules of a node lead, and how those that ask an owner follow whoever that is. */
final class Ways {

    private static final Predicate<Way> TO_OWNER = way -> way.owner != null;
    private static final Predicate<Way> TO_SERVER = way -> way.server != null;

    private final Node node;
    private final KnownConnections known;
    private final Tombstones tombstones;
    private final RuleTables rules;

    Ways(Node node, KnownConnections known, Tombstones tombstones, RuleTables rules) {
        this.node = node;
        this.known = known;
        this.tombstones = tombstones;
        this.rules = rules;
    }

    /** The way of an ILB's rule of a connection. */
    Way of(IlbId receiver, Association association) {
        if (node.conditions.handOff == HandOff.DIRECT) {
            return Way.to(association.server());
        }
        Way way = route(receiver, association.key(), Way.to(association.server()));
        // Of a connection that is just being created tables may still have the one before.
        return way.owner == null ? Way.to(association.server()) : way;
    }

    /** What a rule at an ILB ought to do with a connection, as far as the ILB knows. */
    private Way route(IlbId receiver, FlowKey key, Way otherwise) {
        return node.balancers.of(receiver).route(key).match(new Route(otherwise));
    }

    /** An ILB caches what came by; what it forgets for that it asks the owner about again. */
    void learn(IlbId receiver, Association association) {
        if (tombstones.has(association)) {
            return;
        }
        Association evicted = node.balancers.of(receiver).learnt(association);
        if (evicted != null && node.conditions.handOff == HandOff.RELAY) {
            repoint(receiver, evicted.key(), TO_SERVER);
        }
    }

    /** Points the rules of a connection that ask its owner at whoever that is by now. */
    void repoint(FlowKey key) {
        node.ilbs.forEach(ilb -> repoint(ilb, key));
    }

    void repoint(IlbId receiver, FlowKey key) {
        repoint(receiver, key, TO_OWNER);
    }

    void repointAll() {
        rules.forEach(this::repoint);
    }

    private void repoint(IlbId receiver, FlowKey key, Predicate<Way> which) {
        ExactRule rule = rules.get(receiver, key);
        if (rule != null && which.test(rule.way) && !rule.settingUp && !known.isBeingCreated(key)) {
            Way way = route(receiver, key, rule.way);
            if (!way.equals(rule.way)) {
                rule.way = way;
                node.network.put(receiver, key, way, obeyed -> {});
            }
        }
    }
}
