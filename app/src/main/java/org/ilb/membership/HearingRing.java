package org.ilb.membership;

import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import org.ilb.IlbId;

/**
 * Who hears whom: in the ring of all that can hear, ordered by id, each ILB is heard by the next few after it. So each hears
 * as few, what ID messages cost grows with the number of ILBs and not with its square, and an ILB that comes or goes changes
 * only what its neighbours hear.
 *
 * <p>Immutable and thread-safe.
 */
public final class HearingRing {

    private final ImmutableSortedSet<IlbId> able;
    private final int count;

    /**
     * Creates a ring.
     *
     * @param able the ILBs that can hear
     * @param count how many are to hear each, at most
     */
    public HearingRing(Set<IlbId> able, int count) {
        this.able = ImmutableSortedSet.copyOf(able);
        this.count = count;
    }

    /**
     * Returns who hears an ILB.
     *
     * @param sender an ILB, in the ring or not
     * @return the hearers, never the sender itself; fewer than asked for if there are no more
     */
    public List<IlbId> hearers(IlbId sender) {
        NavigableSet<IlbId> after = able.tailSet(sender, false);
        List<IlbId> hearers = new ArrayList<>();
        for (IlbId hearer : Iterables.concat(after, able.headSet(sender, false))) {
            if (hearers.size() == count) {
                break;
            }
            hearers.add(hearer);
        }
        return hearers;
    }
}
