package org.ilb.association;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.FlowKey;

/**
 * A bounded table of associations that one ILB neither owns nor backs up (claim 12). When it is full the least recently
 * used goes. A cache of size 0 is no cache (claim 15).
 *
 * <p>Thread-safe. Most questions are about connections that a cache lacks, and those it answers without a lock unless it
 * meets a write. Whatever changes the order of use locks this one cache for the time of a look-up.
 */
public final class Cache {

    private final int capacity;
    private final RecentTable table;
    private final StampedLock lock = new StampedLock();

    /**
     * Creates an empty cache.
     *
     * @param capacity how many associations it holds, 0 for none
     */
    public Cache(int capacity) {
        checkArgument(capacity >= 0, "capacity %s is negative", capacity);
        this.capacity = capacity;
        this.table = new RecentTable(capacity);
    }

    /**
     * Looks a connection up, which makes it the most recently used.
     *
     * @param key the connection
     * @return its association, or null if this cache lacks it
     */
    public Association get(FlowKey key) {
        int hash = FlowTable.hash(key);
        if (lacks(key, hash)) {
            return null;
        }
        long stamp = lock.writeLock();
        try {
            table.use(key, hash);
            return table.get(key, hash);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Looks a connection up and leaves the order of use as it is.
     *
     * @param key the connection
     * @return its association, or null if this cache lacks it
     */
    public Association peek(FlowKey key) {
        int hash = FlowTable.hash(key);
        if (lacks(key, hash)) {
            return null;
        }
        long stamp = lock.readLock();
        try {
            return table.get(key, hash);
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /** Tells for sure that a connection is not cached; false means that it may be. */
    private boolean lacks(FlowKey key, int hash) {
        if (capacity == 0) {
            return true;
        }
        long stamp = lock.tryOptimisticRead();
        return stamp != 0 && table.get(key, hash) == null && lock.validate(stamp);
    }

    /**
     * Caches an association as the most recently used, unless this cache has one of another epoch: then neither is to be
     * believed, and the connection is dropped.
     *
     * @param association the association
     * @return the association of another connection that made room for it, or null
     */
    public Association put(Association association) {
        if (capacity == 0) {
            return null;
        }
        int hash = FlowTable.hash(association.key());
        long stamp = lock.writeLock();
        try {
            return table.hear(association, hash);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Corrects what this cache has of a connection, its place in the order of use left as it is; caches nothing new. What it
     * has of another epoch it drops.
     *
     * @param association what is known now
     */
    public void correct(Association association) {
        int hash = FlowTable.hash(association.key());
        if (lacks(association.key(), hash)) {
            return;
        }
        long stamp = lock.writeLock();
        try {
            Association cached = table.get(association.key(), hash);
            Association now = cached == null ? null : News.of(cached, association);
            if (now != null) {
                table.correct(now, hash);
            } else if (cached != null) {
                table.remove(association.key(), hash);
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Drops a connection, if this cache has it.
     *
     * @param key the connection
     */
    public void remove(FlowKey key) {
        int hash = FlowTable.hash(key);
        if (lacks(key, hash)) {
            return;
        }
        long stamp = lock.writeLock();
        try {
            table.remove(key, hash);
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Drops an association unless what this cache has is of another epoch: has another initial sequence number.
     *
     * @param association what ended
     */
    public void remove(Association association) {
        int hash = FlowTable.hash(association.key());
        if (lacks(association.key(), hash)) {
            return;
        }
        long stamp = lock.writeLock();
        try {
            Association cached = table.get(association.key(), hash);
            if (cached != null && cached.initialSequence() == association.initialSequence()) {
                table.remove(association.key(), hash);
            }
        } finally {
            lock.unlockWrite(stamp);
        }
    }

    /**
     * Drops the associations that a condition holds for.
     *
     * @param condition which to drop
     * @return what was dropped, least recently used first
     */
    public List<Association> removeIf(Predicate<Association> condition) {
        List<Association> dropped = new ArrayList<>();
        for (Association association : all()) {
            if (condition.test(association)) {
                remove(association);
                dropped.add(association);
            }
        }
        return dropped;
    }

    /**
     * Tells whether something that is cached has a property. It stays as recently used as it was.
     *
     * @param condition what is asked of each association; it must not call this cache
     * @return true if it holds for one
     */
    public boolean anyMatch(Predicate<Association> condition) {
        return Arrays.stream(all()).anyMatch(condition);
    }

    private Association[] all() {
        long stamp = lock.readLock();
        try {
            return table.toArray();
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /**
     * Returns how many associations are cached.
     *
     * @return 0 to the capacity
     */
    public int size() {
        long stamp = lock.readLock();
        try {
            return table.size();
        } finally {
            lock.unlockRead(stamp);
        }
    }
}
