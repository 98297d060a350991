package org.ilb.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ilb.Association;

/** The associations that ended not long ago: whatever is still under way of them must not bring them back. */
final class Tombstones {

    /** Longer than anything is under way. */
    private static final long REMEMBERED = 30_000;

    private final Agenda agenda;
    private final Map<List<Object>, Tombstone> byEpoch = new LinkedHashMap<>();

    Tombstones(Agenda agenda) {
        this.agenda = agenda;
    }

    boolean has(Association association) {
        return byEpoch.containsKey(epochOf(association));
    }

    /** Whether this node ended an association, and has not heard yet of what the store took after that. */
    boolean isMine(Association association) {
        return has(association) && byEpoch.get(epochOf(association)).mine;
    }

    /** An association has ended, here or elsewhere. */
    void put(Association association, boolean mine) {
        byEpoch.put(epochOf(association), new Tombstone(agenda.now(), mine));
    }

    /** What is heard of an association from now on was put after its end. */
    void passed(Association association) {
        byEpoch.replace(epochOf(association), new Tombstone(agenda.now(), false));
    }

    /** An association that ended exists again: its client sent its SYN once more. */
    void remove(Association association) {
        byEpoch.remove(epochOf(association));
    }

    void forgetOld() {
        byEpoch.values().removeIf(tombstone -> agenda.now() - tombstone.since > REMEMBERED);
    }

    private static List<Object> epochOf(Association association) {
        return List.of(association.key(), association.initialSequence());
    }

    /** When an epoch ended, and whether this node ended it. */
    private static final class Tombstone {
        private final long since;
        private final boolean mine;

        Tombstone(long since, boolean mine) {
            this.since = since;
            this.mine = mine;
        }
    }
}
