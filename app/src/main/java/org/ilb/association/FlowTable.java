package org.ilb.association;

import java.util.List;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.FlowKey;

/**
 * A hash table of associations that is found in by one look into memory.
 *
 * <p>With a million connections every look-up misses the processor's caches, and what a look-up costs is how many such
 * misses wait for one another. A map of nodes and keys has three. Here the words of a key lie in the table itself (open
 * addressing, linear probing, at most two thirds full), so that there is one.
 *
 * <p>One thread may write. Others may read meanwhile, and must then ask whoever guards the table whether what they read was
 * consistent: a read in the middle of a write finds anything or nothing, but always ends.
 */
final class FlowTable {

    private static final int SMALLEST = 16;
    /** Destination address, source address, ports, and the hash. */
    private static final int WORDS = 4;

    private Slots slots = new Slots(SMALLEST);
    private int size;

    /** Where a key belongs: bits that a client cannot line up by choosing ports in a row. */
    static int hash(FlowKey key) {
        int hash = key.hashCode();
        hash = (hash ^ hash >>> 16) * 0x85ebca6b;
        hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
        return (hash ^ hash >>> 16) | 1;
    }

    int size() {
        return size;
    }

    Association get(FlowKey key, int hash) {
        Slots now = slots;
        int slot = now.find(key, hash);
        return slot < 0 ? null : now.associations[slot];
    }

    Association put(Association association, int hash) {
        int slot = slots.find(association.key(), hash);
        if (slot >= 0) {
            Association before = slots.associations[slot];
            slots.associations[slot] = association;
            return before;
        }
        if (3 * (size + 1) > 2 * slots.associations.length) {
            slots = slots.doubled();
        }
        slots.add(association, hash);
        size++;
        return null;
    }

    Association remove(FlowKey key, int hash) {
        int slot = slots.find(key, hash);
        if (slot < 0) {
            return null;
        }
        Association before = slots.associations[slot];
        slots.remove(slot);
        size--;
        return before;
    }

    /** Everything in the table. */
    Association[] toArray() {
        Association[] all = new Association[size];
        int count = 0;
        for (Association association : slots.associations) {
            if (association != null) {
                all[count++] = association;
            }
        }
        return all;
    }

    /** Adds what the keys' condition holds for; looks into memory at no association that it does not. */
    void select(Predicate<FlowKey> condition, List<Association> selected) {
        Slots now = slots;
        for (int slot = 0; slot < now.associations.length; slot++) {
            if (now.associations[slot] != null && condition.test(now.key(slot))) {
                selected.add(now.associations[slot]);
            }
        }
    }

    /** The memory of a table of one size. */
    private static final class Slots {

        private final int mask;
        private final int[] words;
        private final Association[] associations;

        Slots(int capacity) {
            this.mask = capacity - 1;
            this.words = new int[WORDS * capacity];
            this.associations = new Association[capacity];
        }

        FlowKey key(int slot) {
            int at = WORDS * slot;
            int ports = words[at + 2];
            return FlowKey.of(words[at], ports >>> 16, words[at + 1], ports & 0xffff);
        }

        private int home(int hash) {
            return hash >>> 1 & mask;
        }

        /** The slot of a key, or a negative number. */
        int find(FlowKey key, int hash) {
            int slot = home(hash);
            for (int probes = 0; probes <= mask; probes++) {
                // Looking at both arrays makes the processor wait for both at the same time, here and not later.
                if (associations[slot] == null) {
                    return -1;
                }
                int at = WORDS * slot;
                if (words[at + 3] == hash
                        && words[at] == key.destinationAddress()
                        && words[at + 1] == key.sourceAddress()
                        && words[at + 2] == ports(key)) {
                    return slot;
                }
                slot = slot + 1 & mask;
            }
            return -1;
        }

        private static int ports(FlowKey key) {
            return key.destinationPort() << 16 | key.sourcePort();
        }

        void add(Association association, int hash) {
            int slot = home(hash);
            while (associations[slot] != null) {
                slot = slot + 1 & mask;
            }
            FlowKey key = association.key();
            int at = WORDS * slot;
            words[at] = key.destinationAddress();
            words[at + 1] = key.sourceAddress();
            words[at + 2] = ports(key);
            words[at + 3] = hash;
            associations[slot] = association;
        }

        /** Empties a slot and moves up those behind it that probing would not find past the gap. */
        void remove(int slot) {
            int gap = slot;
            int candidate = gap + 1 & mask;
            while (associations[candidate] != null) {
                int distance = candidate - home(words[WORDS * candidate + 3]) & mask;
                if (distance >= (candidate - gap & mask)) {
                    System.arraycopy(words, WORDS * candidate, words, WORDS * gap, WORDS);
                    associations[gap] = associations[candidate];
                    gap = candidate;
                }
                candidate = candidate + 1 & mask;
            }
            associations[gap] = null;
        }

        Slots doubled() {
            Slots larger = new Slots(2 * associations.length);
            for (int slot = 0; slot < associations.length; slot++) {
                if (associations[slot] != null) {
                    larger.add(associations[slot], words[WORDS * slot + 3]);
                }
            }
            return larger;
        }
    }
}
