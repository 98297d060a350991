package org.ilb.membership;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Objects;
import java.util.Set;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.election.Electorate;

/**
 * The step from one view to another: what it makes of each association (claims 17 and 18).
 *
 * <p>Immutable and thread-safe.
 */
public final class ViewChange {

    private final Electorate before;
    private final Electorate after;
    private final ImmutableSet<IlbId> joined;
    private final ImmutableSet<IlbId> left;
    /** Who joined, by the index in the view after, and who left, by the index in the view before. */
    private final boolean[] joins;

    private final boolean[] leaves;

    /**
     * Creates the step from one view to another.
     *
     * @param before the electorate that was
     * @param after the electorate that is
     */
    public ViewChange(Electorate before, Electorate after) {
        this.before = before;
        this.after = after;
        this.joined =
                Sets.difference(after.view().members(), before.view().members()).immutableCopy();
        this.left =
                Sets.difference(before.view().members(), after.view().members()).immutableCopy();
        this.joins = indices(after, joined);
        this.leaves = indices(before, left);
    }

    private static boolean[] indices(Electorate electorate, Set<IlbId> ids) {
        boolean[] indices = new boolean[electorate.size()];
        for (IlbId id : ids) {
            indices[electorate.indexOf(id)] = true;
        }
        return indices;
    }

    /**
     * Returns the view after the step.
     *
     * @return its electorate
     */
    public Electorate after() {
        return after;
    }

    /**
     * Returns who joined.
     *
     * @return the members that were none before
     */
    public Set<IlbId> joined() {
        return joined;
    }

    /**
     * Returns who left.
     *
     * @return the members that are none any more
     */
    public Set<IlbId> left() {
        return left;
    }

    /**
     * Tells whether the step changes the owner or the backup of a connection: it does if a leaver was one of them, or a newcomer
     * becomes one. Nothing else moves (promise 2).
     *
     * @param key the connection
     * @return true if the views before and after do not elect the same owner and backup
     */
    public boolean moves(FlowKey key) {
        return flushes(key) || !joined.isEmpty() && isElected(after.elect(key), joins);
    }

    /**
     * Tells whether caches flush a connection: its owner or its backup left (claim 18).
     *
     * @param key the connection
     * @return true if the view before elected a leaver
     */
    public boolean flushes(FlowKey key) {
        return !left.isEmpty() && isElected(before.elect(key), leaves);
    }

    private static boolean isElected(long elected, boolean[] indices) {
        int owner = Electorate.owner(elected);
        int backup = Electorate.backup(elected);
        return owner != Electorate.NOBODY && indices[owner] || backup != Electorate.NOBODY && indices[backup];
    }

    /**
     * Elects an association's owner and backup in the view after the step.
     *
     * @param association as the view before elected it
     * @return the very same object if neither owner nor backup changes, else the association as elected now
     */
    public Association of(Association association) {
        if (joined.isEmpty() && !pointsAtLeaver(association)) {
            // Only the leavers' connections change (promise 2), so that nothing needs to be scored.
            return association;
        }
        return elected(after, association);
    }

    /**
     * Elects an association's owner and backup.
     *
     * @param electorate the view to elect in; one without members changes nothing
     * @param association as some view elected it
     * @return the very same object if neither owner nor backup changes, else the association as elected now
     */
    public static Association elected(Electorate electorate, Association association) {
        return elected(electorate, electorate.elect(association.key()), association);
    }

    /**
     * Gives an association the owner and the backup of an election that was held already.
     *
     * @param electorate the view that elected; one without members changes nothing
     * @param elected the outcome of its election for the association's connection
     * @param association as some view elected it
     * @return the very same object if neither owner nor backup changes, else the association as elected now
     */
    public static Association elected(Electorate electorate, long elected, Association association) {
        IlbId owner = electorate.member(Electorate.owner(elected));
        IlbId backup = electorate.member(Electorate.backup(elected));
        boolean unchanged = owner == null
                || association.owner().equals(owner)
                        && Objects.equals(association.backup().orElse(null), backup);
        return unchanged
                ? association
                : association.elected(owner, backup, electorate.view().number());
    }

    /**
     * Tells whether an association names an ILB that left.
     *
     * @param association any association
     * @return true if its owner or backup left
     */
    public boolean pointsAtLeaver(Association association) {
        return !left.isEmpty()
                && (left.contains(association.owner())
                        || association.backup().filter(left::contains).isPresent());
    }

    /**
     * Tells whether an ILB lists an association in its transfer table.
     *
     * <p>On a join (claim 17) the former owner lists what the newcomer won or came second for, and the former backup what
     * the newcomer backs up in its stead. On a leave (claim 18) the owner lists what lost its backup, and the backup what
     * lost its owner.
     *
     * @param ilb the ILB, owner or backup before the step
     * @param before the association before the step
     * @param now the association after the step, changed
     * @return true if the ILB is to tell others
     */
    public boolean lists(IlbId ilb, Association before, Association now) {
        return ilb.equals(before.owner())
                || left.contains(before.owner())
                || now.backup().filter(joined::contains).isPresent() && !now.concerns(ilb);
    }

    /**
     * Returns who is sent an ILB's transfer table: the newcomers when none left (claim 17), else all that remain
     * (claim 18).
     *
     * @return the recipients
     */
    public Set<IlbId> recipients() {
        return left.isEmpty() ? joined : after.view().members();
    }
}
