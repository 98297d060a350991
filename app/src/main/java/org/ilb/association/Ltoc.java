package org.ilb.association;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;

/**
 * The lookup table of owned connections of one ILB (claims 10 and 11): the associations that it owns or backs up, each
 * with its server and its backup.
 *
 * <p>Thread-safe and lock-free to read.
 */
public final class Ltoc {

    private final IlbId self;
    private final ConcurrentMap<FlowKey, Association> table = new ConcurrentHashMap<>();
    private final LongAdder owned = new LongAdder();

    /**
     * Creates an empty table.
     *
     * @param self the ILB whose table this is
     */
    public Ltoc(IlbId self) {
        this.self = checkNotNull(self);
    }

    /**
     * Looks a connection up.
     *
     * @param key the connection
     * @return its association, or null if this table lacks it
     */
    public Association get(FlowKey key) {
        return table.get(key);
    }

    /**
     * Stores an association in place of the one that this table has of the connection.
     *
     * @param association one that this ILB owns or backs up
     * @throws IllegalArgumentException if this ILB does neither
     */
    public void put(Association association) {
        checkArgument(association.concerns(self), "ILB %s neither owns nor backs up %s", self, association);
        count(table.put(association.key(), association), association);
    }

    /**
     * Replaces an association unless another has taken its place.
     *
     * @param before the association that this table has
     * @param after the same connection's, one that this ILB owns or backs up
     * @return true if it was replaced
     */
    public boolean replace(Association before, Association after) {
        boolean replaced = table.replace(before.key(), before, after);
        if (replaced) {
            count(before, after);
        }
        return replaced;
    }

    /**
     * Removes the association of a connection, if this table has one.
     *
     * @param key the connection
     * @return what was removed, or null
     */
    public Association remove(FlowKey key) {
        Association removed = table.remove(key);
        count(removed, null);
        return removed;
    }

    /**
     * Removes an association unless another has taken its place.
     *
     * @param association the association
     * @return true if it was removed
     */
    public boolean remove(Association association) {
        boolean removed = table.remove(association.key(), association);
        if (removed) {
            count(association, null);
        }
        return removed;
    }

    private void count(Association before, Association after) {
        int change = (owns(after) ? 1 : 0) - (owns(before) ? 1 : 0);
        if (change != 0) {
            owned.add(change);
        }
    }

    private boolean owns(Association association) {
        return association != null && association.owner().equals(self);
    }

    /**
     * Returns how many associations the ILB owns.
     *
     * @return the number, exact when nobody is writing
     */
    public int owned() {
        return owned.intValue();
    }

    /**
     * Returns how many associations the ILB backs up.
     *
     * @return the number, exact when nobody is writing
     */
    public int backedUp() {
        return Math.max(0, table.size() - owned());
    }

    /**
     * Visits every association. Those that are put or removed meanwhile may or may not be visited.
     *
     * @param visitor what to do with each
     */
    public void forEach(Consumer<Association> visitor) {
        table.values().forEach(visitor);
    }

    @Override
    public String toString() {
        return "LTOC of " + self + " (" + owned() + " owned, " + backedUp() + " backed up)";
    }
}
