package org.ilb.membership;

import com.google.common.collect.ImmutableSet;
import java.util.Set;
import org.ilb.IlbId;
import org.ilb.View;

/** Which view follows which (claims 16 to 18). */
public final class Membership {

    /** The view before any ILB was heard of: number 0, nobody in. */
    public static final View NOBODY = new View(0, ImmutableSet.of());

    private Membership() {}

    /**
     * Returns the view that follows when other ILBs are alive than those that are in.
     *
     * <p>The last members are never expelled: when nobody seems alive, it is the observer who is in trouble, and the view
     * stays as it is.
     *
     * @param view the view in force
     * @param alive the ILBs that are alive
     * @return the same view if nothing changes, else the next number with these members
     */
    public static View next(View view, Set<IlbId> alive) {
        if (alive.isEmpty() || alive.equals(view.members())) {
            return view;
        }
        return new View(view.number() + 1, alive);
    }
}
