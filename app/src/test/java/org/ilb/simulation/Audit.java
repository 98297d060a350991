package org.ilb.simulation;

import static org.ilb.simulation.Failure.unless;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.association.LocalAssociationStore;
import org.ilb.connection.LoadBalancer;

/** Goes through all tables while nothing is under way: what they must agree about then. */
final class Audit {

    private final Fleet fleet;
    private final Network network;
    private final LocalAssociationStore store;
    private final Oracle oracle;
    private final Conditions conditions;

    Audit(Fleet fleet, Network network, LocalAssociationStore store, Oracle oracle, Conditions conditions) {
        this.fleet = fleet;
        this.network = network;
        this.store = store;
        this.oracle = oracle;
        this.conditions = conditions;
    }

    /** All agree with the store, and with an election from scratch. */
    void settled() {
        Map<FlowKey, Association> standing = standing();
        Map<FlowKey, IlbId[]> elections = new LinkedHashMap<>();
        standing.keySet()
                .forEach(key -> elections.put(key, oracle.elect(fleet.view().members(), key)));
        for (Controller node : fleet.nodes()) {
            if (node.isRunning()) {
                unless(
                        node.balancers()
                                .electorate()
                                .view()
                                .members()
                                .equals(fleet.view().members()),
                        "%s is in %s, not in %s",
                        node,
                        node.balancers().electorate().view(),
                        fleet.view());
                for (LoadBalancer ilb : node.balancers().all()) {
                    lookupTable(ilb, standing, elections);
                    cache(ilb, standing);
                    rules(ilb.id(), standing);
                }
            }
        }
    }

    /** Nothing is left. */
    void empty() {
        Map<FlowKey, Association> standing = standing();
        standing.keySet().removeIf(FlowKey::isBucket);
        unless(standing.isEmpty(), "the store still has %s", standing.values());
        unless(network.rules() == 0, "switches still have %s rules", network.rules());
        for (Controller node : fleet.nodes()) {
            unless(node.isIdle(), "%s still has something to do", node);
            for (LoadBalancer ilb : node.balancers().all()) {
                unless(ilb.ltoc().select(key -> !key.isBucket()).isEmpty(), "%s is not empty", ilb);
                unless(cached(ilb).isEmpty(), "%s still caches %s", ilb, cached(ilb));
                unless(node.rules(ilb.id()).isEmpty(), "%s still knows rules of %s", node, ilb);
            }
        }
    }

    private Map<FlowKey, Association> standing() {
        store.hold(false);
        Map<FlowKey, Association> standing = new LinkedHashMap<>();
        store.all().join().forEach(association -> standing.put(association.key(), association));
        store.hold(true);
        return standing;
    }

    private void lookupTable(LoadBalancer ilb, Map<FlowKey, Association> standing, Map<FlowKey, IlbId[]> elections) {
        int expected = 0;
        for (Association association : standing.values()) {
            IlbId[] elected = elections.get(association.key());
            if (ilb.id().equals(elected[0]) || ilb.id().equals(elected[1])) {
                expected++;
                Association known = ilb.ltoc().get(association.key());
                if (known == null) {
                    unless(false, "oracle: %s lacks %s", ilb, association);
                } else {
                    unless(isAlike(known, association), "oracle: %s has %s instead of %s", ilb, known, association);
                    unless(
                            known.owner().equals(elected[0]) && known.backup().equals(Optional.ofNullable(elected[1])),
                            "oracle: %s has %s, the oracle %s and %s",
                            ilb,
                            known,
                            elected[0],
                            elected[1]);
                }
            }
        }
        int found = ilb.ltoc().owned() + ilb.ltoc().backedUp();
        if (found != expected) {
            List<Association> extra = new ArrayList<>();
            ilb.ltoc().forEach(extra::add);
            extra.removeIf(association -> standing.containsKey(association.key())
                    && Arrays.asList(elections.get(association.key())).contains(ilb.id()));
            unless(false, "oracle: %s has too many associations: %s", ilb, extra);
        }
    }

    private void cache(LoadBalancer ilb, Map<FlowKey, Association> standing) {
        List<Association> cached = cached(ilb);
        unless(cached.size() <= conditions.cacheSize, "%s caches %s", ilb, cached.size());
        for (Association association : cached) {
            Association stands = standing.get(association.key());
            unless(
                    stands != null && isAlike(stands, association),
                    "cache: %s caches %s, the store has %s",
                    ilb,
                    association,
                    stands);
            unless(!association.concerns(ilb.id()), "cache: %s owns or backs up %s", ilb, association);
        }
    }

    private void rules(IlbId ilb, Map<FlowKey, Association> standing) {
        unless(network.rules(ilb).size() <= conditions.maxRules, "rules: %s has too many rules", ilb);
        for (FlowKey key : network.rules(ilb)) {
            Way way = network.way(ilb, key);
            Association stands = standing.get(key);
            unless(stands != null, "rules: %s still sends %s to %s", ilb, key, way);
            if (way.owner == null) {
                unless(
                        stands.server().equals(way.server),
                        "rules: %s sends %s to %s, not as %s",
                        ilb,
                        key,
                        way,
                        stands);
            } else {
                IlbId owner = oracle.elect(fleet.view().members(), key)[0];
                unless(way.owner.equals(owner), "rules: %s relays %s to %s, not to %s", ilb, key, way.owner, owner);
            }
        }
    }

    private static boolean isAlike(Association one, Association other) {
        return one.isSameEpoch(other) && one.server().equals(other.server());
    }

    static List<Association> cached(LoadBalancer ilb) {
        List<Association> cached = new ArrayList<>();
        ilb.cache().removeIf(association -> {
            cached.add(association);
            return false;
        });
        return cached;
    }
}
