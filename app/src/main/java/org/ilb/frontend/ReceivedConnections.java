package org.ilb.frontend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.onosproject.net.flow.FlowRule;

/**
 * The connections that each ILB has an exact rule for. Thread-safe; one connection's entry is changed by its stripe only.
 */
final class ReceivedConnections {

    private final Map<IlbId, AtIlb> byIlb = new ConcurrentHashMap<>();

    ReceivedConnection get(IlbId ilb, FlowKey key) {
        return at(ilb).connections.get(key);
    }

    ReceivedConnection getOrAdd(IlbId ilb, FlowKey key) {
        return at(ilb).connections.computeIfAbsent(key, k -> new ReceivedConnection());
    }

    void remove(IlbId ilb, FlowKey key) {
        at(ilb).connections.remove(key);
    }

    /** How many connections an ILB has rules for, or is about to. */
    int count(IlbId ilb) {
        return at(ilb).connections.size();
    }

    /** The same, without those that are selected to be evicted. */
    int staying(IlbId ilb) {
        AtIlb at = at(ilb);
        return at.connections.size() - at.leaving.get();
    }

    /** A selected victim has been evicted, or turned out to be needed. */
    void victimGone(IlbId ilb) {
        at(ilb).leaving.decrementAndGet();
    }

    /** Whether any ILB has a rule for a connection, or is about to. */
    boolean anywhere(FlowKey key) {
        return byIlb.values().stream().anyMatch(at -> at.connections.containsKey(key));
    }

    /** Does something for each ILB that has a connection. */
    void forEach(FlowKey key, BiConsumer<IlbId, ReceivedConnection> visitor) {
        byIlb.forEach((ilb, at) -> {
            ReceivedConnection connection = at.connections.get(key);
            if (connection != null) {
                visitor.accept(ilb, connection);
            }
        });
    }

    /** Does something for every connection of every ILB. */
    void forEach(Visitor visitor) {
        byIlb.forEach((ilb, at) -> at.connections.forEach((key, connection) -> visitor.visit(ilb, key, connection)));
    }

    /** Forgets a connection at every ILB, and returns its rules. */
    List<FlowRule> forget(FlowKey key) {
        List<FlowRule> rules = new ArrayList<>();
        for (AtIlb at : byIlb.values()) {
            ReceivedConnection gone = at.connections.remove(key);
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
                byIlb.remove(ilb).connections.values().forEach(connection -> connection
                        .rule()
                        .ifPresent(rules::add));
            }
        }
        return rules;
    }

    /**
     * Selects connections of an ILB to be evicted: a clock's hand goes round them and takes what was not used since it last
     * came by. Returns none while another thread selects some of the same ILB. Each
     * is to be reported by {@link #victimGone} when it is dealt with.
     *
     * @param ilb the ILB
     * @param count how many are wanted
     * @param steps how many the hand looks at, at most; then it takes what comes
     * @param used tells of a connection whether it was used since it was asked last
     * @return their keys, no more than wanted
     */
    List<FlowKey> selectVictims(IlbId ilb, int count, int steps, Predicate<ReceivedConnection> used) {
        AtIlb at = at(ilb);
        if (!at.evicting.compareAndSet(false, true)) {
            return List.of();
        }
        try {
            List<FlowKey> victims = at.selectVictims(count, steps, used);
            at.leaving.addAndGet(victims.size());
            return victims;
        } finally {
            at.evicting.set(false);
        }
    }

    private AtIlb at(IlbId ilb) {
        return byIlb.computeIfAbsent(ilb, id -> new AtIlb());
    }

    /** What is done for a connection of an ILB. */
    interface Visitor {

        void visit(IlbId ilb, FlowKey key, ReceivedConnection connection);
    }

    /** One ILB's. */
    private static final class AtIlb {

        private final Map<FlowKey, ReceivedConnection> connections = new ConcurrentHashMap<>();
        private final AtomicBoolean evicting = new AtomicBoolean();
        private final AtomicInteger leaving = new AtomicInteger();
        /** Goes round in the order of the hash table, which is as good as any and costs no memory. */
        private Iterator<Map.Entry<FlowKey, ReceivedConnection>> hand = Collections.emptyIterator();

        List<FlowKey> selectVictims(int count, int steps, Predicate<ReceivedConnection> used) {
            List<FlowKey> victims = new ArrayList<>();
            for (int step = 0; victims.size() < count && step < steps + count; step++) {
                if (!hand.hasNext()) {
                    hand = connections.entrySet().iterator();
                    if (!hand.hasNext()) {
                        return victims;
                    }
                }
                Map.Entry<FlowKey, ReceivedConnection> next = hand.next();
                if (step >= steps || !used.test(next.getValue())) {
                    victims.add(next.getKey());
                }
            }
            return victims;
        }
    }
}
