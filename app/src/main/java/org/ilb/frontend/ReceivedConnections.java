package org.ilb.frontend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.onosproject.net.flow.FlowRule;

/**
 * The connections that each ILB receives: one exact rule each. Thread-safe; one connection's entry is changed by its stripe
 * only.
 */
final class ReceivedConnections {

    private final Map<IlbId, Map<FlowKey, ReceivedConnection>> byIlb = new ConcurrentHashMap<>();

    ReceivedConnection get(IlbId ilb, FlowKey key) {
        return at(ilb).get(key);
    }

    ReceivedConnection getOrAdd(IlbId ilb, FlowKey key) {
        return at(ilb).computeIfAbsent(key, k -> new ReceivedConnection());
    }

    void remove(IlbId ilb, FlowKey key) {
        at(ilb).remove(key);
    }

    /** How many connections an ILB has rules for, or is about to. */
    int count(IlbId ilb) {
        return at(ilb).size();
    }

    /** How many there are at all ILBs. */
    int count() {
        return byIlb.values().stream().mapToInt(Map::size).sum();
    }

    /** Whether any ILB has a rule for a connection, or is about to. */
    boolean anywhere(FlowKey key) {
        return byIlb.values().stream().anyMatch(connections -> connections.containsKey(key));
    }

    /** Forgets a connection at every ILB, and returns its rules. */
    List<FlowRule> forget(FlowKey key) {
        List<FlowRule> rules = new ArrayList<>();
        for (Map<FlowKey, ReceivedConnection> connections : byIlb.values()) {
            ReceivedConnection gone = connections.remove(key);
            if (gone != null) {
                gone.rule().ifPresent(rules::add);
            }
        }
        return rules;
    }

    /** Forgets the ILBs that a condition selects, with all their connections, and returns their rules. */
    List<FlowRule> forgetIlbs(Predicate<IlbId> condition) {
        List<FlowRule> rules = new ArrayList<>();
        for (IlbId ilb : byIlb.keySet()) {
            if (condition.test(ilb)) {
                Collection<ReceivedConnection> gone = byIlb.remove(ilb).values();
                gone.forEach(connection -> connection.rule().ifPresent(rules::add));
            }
        }
        return rules;
    }

    private Map<FlowKey, ReceivedConnection> at(IlbId ilb) {
        return byIlb.computeIfAbsent(ilb, id -> new ConcurrentHashMap<>());
    }
}
