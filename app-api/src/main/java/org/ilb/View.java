package org.ilb;

import com.google.common.collect.ImmutableSortedSet;
import java.util.Collection;
import java.util.SortedSet;

/**
 * The numbered set of ILBs that are in; every decision names the view that it was taken in.
 *
 * <p>Immutable and thread-safe. Two views are equal when number and members are.
 */
public final class View {

    private final long number;
    private final ImmutableSortedSet<IlbId> members;

    /**
     * Creates a view.
     *
     * @param number its number; a later view has a larger one
     * @param members the ILBs that are in
     */
    public View(long number, Collection<IlbId> members) {
        this.number = number;
        this.members = ImmutableSortedSet.copyOf(members);
    }

    /**
     * Returns the number of the view.
     *
     * @return larger for a later view
     */
    public long number() {
        return number;
    }

    /**
     * Returns the ILBs that are in.
     *
     * @return the members by increasing id
     */
    public SortedSet<IlbId> members() {
        return members;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof View && number == ((View) other).number && members.equals(((View) other).members);
    }

    @Override
    public String toString() {
        return "view " + number + " " + members;
    }
}
