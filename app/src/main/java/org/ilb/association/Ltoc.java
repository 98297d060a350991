package org.ilb.association;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;

/**
 * The lookup table of owned connections of one ILB (claims 10 and 11): the associations that it owns or backs up, each
 * with its server and its backup.
 *
 * <p>Thread-safe. Looking up takes no lock unless it meets a write, and a write locks a part of this one table for the time
 * of a look-up.
 */
public final class Ltoc {

    /** Few: every further part is more to go through before memory is read, and a write takes well under a microsecond. */
    private static final int STRIPES = 2;

    private final IlbId self;
    private final Stripe[] stripes = new Stripe[STRIPES];

    /**
     * Creates an empty table.
     *
     * @param self the ILB whose table this is
     */
    public Ltoc(IlbId self) {
        this.self = checkNotNull(self);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    /**
     * Looks a connection up.
     *
     * @param key the connection
     * @return its association, or null if this table lacks it
     */
    public Association get(FlowKey key) {
        int hash = FlowTable.hash(key);
        return stripe(hash).get(key, hash);
    }

    /**
     * Stores an association in place of the one that this table has of the connection.
     *
     * @param association one that this ILB owns or backs up
     * @throws IllegalArgumentException if this ILB does neither
     */
    public void put(Association association) {
        checkArgument(association.concerns(self), "ILB %s neither owns nor backs up %s", self, association);
        int hash = FlowTable.hash(association.key());
        stripe(hash).put(association, hash);
    }

    /**
     * Takes in what was heard of a connection. What this table has of the same epoch gives way, but a later state and a
     * receiving ILB that the news lacks stay. What it has of another epoch contradicts the news, and both are forgotten.
     *
     * @param association one that this ILB owns or backs up
     * @return what this table has of the connection now, null for nothing
     * @throws IllegalArgumentException if this ILB does neither
     */
    public Association hear(Association association) {
        checkArgument(association.concerns(self), "ILB %s neither owns nor backs up %s", self, association);
        int hash = FlowTable.hash(association.key());
        return stripe(hash).hear(association, hash);
    }

    /**
     * Replaces an association unless another has taken its place.
     *
     * @param before the association that this table has
     * @param after the same connection's, one that this ILB owns or backs up
     * @return true if it was replaced
     */
    public boolean replace(Association before, Association after) {
        checkArgument(after.concerns(self), "ILB %s neither owns nor backs up %s", self, after);
        int hash = FlowTable.hash(before.key());
        return stripe(hash).change(before, after, hash);
    }

    /**
     * Removes an association unless another has taken its place.
     *
     * @param association the association
     * @return true if it was removed
     */
    public boolean remove(Association association) {
        int hash = FlowTable.hash(association.key());
        return stripe(hash).change(association, null, hash);
    }

    /**
     * Removes what this table has of a connection that has ended, whoever owns it now and in whatever state it is. What it has
     * of another epoch stays.
     *
     * @param ended the connection as it was known to whoever saw its end, perhaps in an earlier view
     * @return true if something was removed
     */
    public boolean end(Association ended) {
        int hash = FlowTable.hash(ended.key());
        return stripe(hash).end(ended, hash);
    }

    /**
     * Removes the association of a connection, if this table has one.
     *
     * @param key the connection
     * @return what was removed, or null
     */
    public Association remove(FlowKey key) {
        int hash = FlowTable.hash(key);
        return stripe(hash).remove(key, hash);
    }

    private Stripe stripe(int hash) {
        return stripes[hash >>> Integer.SIZE - 1];
    }

    /**
     * Returns how many associations the ILB owns.
     *
     * @return the number, exact when nobody is writing
     */
    public int owned() {
        int owned = 0;
        for (Stripe stripe : stripes) {
            owned += stripe.owned();
        }
        return owned;
    }

    /**
     * Returns how many associations the ILB backs up.
     *
     * @return the number, exact when nobody is writing
     */
    public int backedUp() {
        int backedUp = 0;
        for (Stripe stripe : stripes) {
            backedUp += stripe.backedUp();
        }
        return backedUp;
    }

    /**
     * Visits every association. Those that are put or removed meanwhile may or may not be visited.
     *
     * @param visitor what to do with each; it may change this table
     */
    public void forEach(Consumer<Association> visitor) {
        for (Stripe stripe : stripes) {
            for (Association association : stripe.all()) {
                visitor.accept(association);
            }
        }
    }

    /**
     * Selects associations by their connections, which is much quicker than to look at each association: a table that holds
     * the words of its keys is read from one end to the other. Whoever writes into a part of the table waits meanwhile, some
     * milliseconds for a hundred thousand associations; who looks up does not.
     *
     * @param condition which connections to select; it must be quick and must not call this table
     * @return the associations of those for which the condition holds
     */
    public List<Association> select(Predicate<FlowKey> condition) {
        List<Association> selected = new ArrayList<>();
        for (Stripe stripe : stripes) {
            stripe.select(condition, selected);
        }
        return selected;
    }

    @Override
    public String toString() {
        return "LTOC of " + self + " (" + owned() + " owned, " + backedUp() + " backed up)";
    }

    /** A part of the table, chosen by the hash, with a lock of its own. */
    private final class Stripe {

        private final StampedLock lock = new StampedLock();
        private final FlowTable table = new FlowTable();
        private int owned;

        Association get(FlowKey key, int hash) {
            long stamp = lock.tryOptimisticRead();
            if (stamp != 0) {
                Association association = table.get(key, hash);
                if (lock.validate(stamp)) {
                    return association;
                }
            }
            stamp = lock.readLock();
            try {
                return table.get(key, hash);
            } finally {
                lock.unlockRead(stamp);
            }
        }

        void put(Association association, int hash) {
            long stamp = lock.writeLock();
            try {
                count(table.put(association, hash), association);
            } finally {
                lock.unlockWrite(stamp);
            }
        }

        Association hear(Association heard, int hash) {
            long stamp = lock.writeLock();
            try {
                Association before = table.put(heard, hash);
                Association now = before == null ? heard : News.of(before, heard);
                if (now == null) {
                    table.remove(heard.key(), hash);
                } else if (now != heard) {
                    table.put(now, hash);
                }
                count(before, now);
                return now;
            } finally {
                lock.unlockWrite(stamp);
            }
        }

        boolean change(Association before, Association after, int hash) {
            long stamp = lock.writeLock();
            try {
                Association there = table.get(before.key(), hash);
                if (there != before && !before.equals(there)) {
                    return false;
                }
                if (after == null) {
                    table.remove(before.key(), hash);
                } else {
                    table.put(after, hash);
                }
                count(before, after);
                return true;
            } finally {
                lock.unlockWrite(stamp);
            }
        }

        boolean end(Association ended, int hash) {
            long stamp = lock.writeLock();
            try {
                Association there = table.get(ended.key(), hash);
                if (there == null || !there.isSameEpoch(ended)) {
                    return false;
                }
                table.remove(ended.key(), hash);
                count(there, null);
                return true;
            } finally {
                lock.unlockWrite(stamp);
            }
        }

        Association remove(FlowKey key, int hash) {
            long stamp = lock.writeLock();
            try {
                Association removed = table.remove(key, hash);
                count(removed, null);
                return removed;
            } finally {
                lock.unlockWrite(stamp);
            }
        }

        private void count(Association before, Association after) {
            owned += (owns(after) ? 1 : 0) - (owns(before) ? 1 : 0);
        }

        private boolean owns(Association association) {
            return association != null && association.owner().equals(self);
        }

        int owned() {
            long stamp = lock.tryOptimisticRead();
            int count = owned;
            return lock.validate(stamp) ? count : ownedAtRest();
        }

        private int ownedAtRest() {
            long stamp = lock.readLock();
            try {
                return owned;
            } finally {
                lock.unlockRead(stamp);
            }
        }

        int backedUp() {
            long stamp = lock.readLock();
            try {
                return table.size() - owned;
            } finally {
                lock.unlockRead(stamp);
            }
        }

        void select(Predicate<FlowKey> condition, List<Association> selected) {
            long stamp = lock.readLock();
            try {
                table.select(condition, selected);
            } finally {
                lock.unlockRead(stamp);
            }
        }

        Association[] all() {
            long stamp = lock.readLock();
            try {
                return table.toArray();
            } finally {
                lock.unlockRead(stamp);
            }
        }
    }
}
