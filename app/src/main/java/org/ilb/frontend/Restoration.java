package org.ilb.frontend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.IlbId;

/**
 * The rules that are to be put back after a restart of the controller: ONOS removes from the switches what it no longer
 * knows, so each rule is put at the ILB where its connection last came in, as soon as that switch is back. For the control
 * thread only.
 */
final class Restoration {

    /** Rules per ILB and turn: quick enough for a full table, and no burst that chokes a switch. */
    private static final int PACE = 250;

    private final Map<IlbId, Queue<FlowKey>> waiting = new HashMap<>();

    /** Has a connection's rule put back where it was, if that is known. */
    void add(Association association) {
        association.receiver().ifPresent(ilb -> waiting.computeIfAbsent(ilb, id -> new ArrayDeque<>())
                .add(association.key()));
    }

    /**
     * Takes the next connections of each ILB whose switch is ready.
     *
     * @param enrolment which ILBs there are; what waits for others is forgotten
     * @param ready whether rules can be put on an ILB's switch now
     * @return the connections to put back now, by ILB
     */
    Map<Ilb, List<FlowKey>> take(Enrolment enrolment, Predicate<Ilb> ready) {
        Map<Ilb, List<FlowKey>> taken = new HashMap<>();
        for (Iterator<Map.Entry<IlbId, Queue<FlowKey>>> entries =
                        waiting.entrySet().iterator();
                entries.hasNext(); ) {
            Map.Entry<IlbId, Queue<FlowKey>> entry = entries.next();
            Ilb ilb = enrolment.ilb(entry.getKey());
            if (ilb == null) {
                entries.remove();
            } else if (ready.test(ilb)) {
                List<FlowKey> now = new ArrayList<>();
                while (now.size() < PACE && !entry.getValue().isEmpty()) {
                    now.add(entry.getValue().poll());
                }
                taken.put(ilb, now);
                if (entry.getValue().isEmpty()) {
                    entries.remove();
                }
            }
        }
        return taken;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
