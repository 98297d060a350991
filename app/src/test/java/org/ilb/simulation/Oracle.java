package org.ilb.simulation;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.ilb.FlowKey;
import org.ilb.IlbId;

/** Who owns and who backs up a connection, from scratch and by the definition of the score, slowly and plainly. */
final class Oracle {

    private static final int REMEMBERED = 20_000;

    private final long seed;
    /** Scores never change, and are asked for often. */
    private final Map<FlowKey, Map<IlbId, Long>> scores = new HashMap<>();

    Oracle(long seed) {
        this.seed = seed;
    }

    /** Owner and backup, null where there are too few members. */
    IlbId[] elect(Collection<IlbId> members, FlowKey key) {
        IlbId owner = null;
        IlbId backup = null;
        for (IlbId candidate : members) {
            if (owner == null || precedes(candidate, owner, key)) {
                backup = owner;
                owner = candidate;
            } else if (backup == null || precedes(candidate, backup, key)) {
                backup = candidate;
            }
        }
        return new IlbId[] {owner, backup};
    }

    private boolean precedes(IlbId one, IlbId other, FlowKey key) {
        int order = Long.compareUnsigned(score(one, key), score(other, key));
        return order > 0 || order == 0 && one.compareTo(other) < 0;
    }

    private long score(IlbId ilb, FlowKey key) {
        if (scores.size() > REMEMBERED) {
            scores.clear();
        }
        return scores.computeIfAbsent(key, k -> new HashMap<>()).computeIfAbsent(ilb, id -> computed(id, key));
    }

    private long computed(IlbId ilb, FlowKey key) {
        CRC32 crc = new CRC32();
        crc.update(ilb.toBytes());
        crc.update(key.toBytes());
        long mixed = seed ^ crc.getValue();
        mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
