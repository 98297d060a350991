package org.ilb.association;

import org.ilb.Association;
import org.ilb.FlowKey;

/**
 * A bounded hash table of associations that knows the order in which they were used; when it is full the least recently used
 * goes.
 *
 * <p>As in {@link FlowTable} the words of a key lie in the table itself, and together with its links: forgetting one
 * connection and remembering another is what happens most, and touches little memory.
 *
 * <p>One thread may write. Others may read meanwhile, and must then ask whoever guards the table whether what they read was
 * consistent.
 */
final class RecentTable {

    private static final int SMALLEST = 16;
    /** The entry that none is: the end of a chain, and in the ring of use before the eldest and after the newest. */
    private static final int NONE = 0;

    private final int capacity;
    private Lines lines;
    private int size;
    /** The entries from this one on were never used; those given back are chained from {@link #free}. */
    private int unused = 1;

    private int free = NONE;

    RecentTable(int capacity) {
        this.capacity = capacity;
        this.lines = new Lines(Math.min(capacity, SMALLEST));
    }

    int size() {
        return size;
    }

    Association get(FlowKey key, int hash) {
        Lines now = lines;
        int entry = now.find(key, hash);
        return entry == NONE ? null : now.associations[entry];
    }

    /** Makes a connection the most recently used. */
    void use(FlowKey key, int hash) {
        int entry = lines.find(key, hash);
        if (entry != NONE) {
            lines.unlink(entry);
            lines.linkNewest(entry);
        }
    }

    /** Changes what is known of a connection, if it is here, and not its place in the order of use. */
    void correct(Association association, int hash) {
        int entry = lines.find(association.key(), hash);
        if (entry != NONE) {
            lines.associations[entry] = association;
        }
    }

    /**
     * Takes in what was heard of a connection, as the most recently used; drops the connection if the news contradicts what is
     * here. Returns what had to go for it, or null.
     */
    Association hear(Association heard, int hash) {
        int entry = lines.find(heard.key(), hash);
        if (entry == NONE) {
            Association evicted = size == capacity ? evict() : null;
            entry = vacant();
            lines.fill(entry, heard, hash);
            size++;
            lines.linkNewest(entry);
            return evicted;
        }
        Association now = News.of(lines.associations[entry], heard);
        if (now == null) {
            remove(entry);
        } else {
            lines.associations[entry] = now;
            lines.unlink(entry);
            lines.linkNewest(entry);
        }
        return null;
    }

    private Association evict() {
        int eldest = lines.eldest();
        Association evicted = lines.associations[eldest];
        remove(eldest);
        return evicted;
    }

    private int vacant() {
        if (free != NONE) {
            int entry = free;
            free = lines.chain(entry);
            return entry;
        }
        if (unused == lines.associations.length) {
            lines = lines.enlarged(Math.min(2 * (unused - 1), capacity));
        }
        return unused++;
    }

    Association remove(FlowKey key, int hash) {
        int entry = lines.find(key, hash);
        if (entry == NONE) {
            return null;
        }
        Association removed = lines.associations[entry];
        remove(entry);
        return removed;
    }

    private void remove(int entry) {
        lines.unlink(entry);
        lines.empty(entry, free);
        free = entry;
        size--;
    }

    /** Everything in the table, the least recently used first. */
    Association[] toArray() {
        Association[] all = new Association[size];
        int entry = lines.eldest();
        for (int i = 0; i < all.length; i++) {
            all[i] = lines.associations[entry];
            entry = lines.newer(entry);
        }
        return all;
    }

    /** The memory of a table of one size. */
    private static final class Lines {

        /** A line of words per entry: the key's three, its hash, the next in its chain, its neighbours in the ring of use. */
        private static final int WORDS = 8;

        private static final int HASH = 3;
        private static final int CHAIN = 4;
        private static final int OLDER = 5;
        private static final int NEWER = 6;

        private final int[] heads;
        private final int[] words;
        private final Association[] associations;

        Lines(int capacity) {
            this.heads = new int[Math.max(2, 2 * Integer.highestOneBit(capacity))];
            this.words = new int[WORDS * (capacity + 1)];
            this.associations = new Association[capacity + 1];
        }

        int find(FlowKey key, int hash) {
            int entry = heads[head(hash)];
            // Bounded, because a chain that is read while it is written may lead anywhere.
            for (int steps = associations.length; entry != NONE && steps > 0; steps--) {
                int at = WORDS * entry;
                if (words[at + HASH] == hash
                        && words[at] == key.destinationAddress()
                        && words[at + 1] == key.sourceAddress()
                        && words[at + 2] == ports(key)) {
                    return entry;
                }
                entry = words[at + CHAIN];
            }
            return NONE;
        }

        private int head(int hash) {
            return hash >>> 1 & heads.length - 1;
        }

        private static int ports(FlowKey key) {
            return key.destinationPort() << 16 | key.sourcePort();
        }

        int chain(int entry) {
            return words[WORDS * entry + CHAIN];
        }

        int newer(int entry) {
            return words[WORDS * entry + NEWER];
        }

        int eldest() {
            return newer(NONE);
        }

        void fill(int entry, Association association, int hash) {
            FlowKey key = association.key();
            int at = WORDS * entry;
            words[at] = key.destinationAddress();
            words[at + 1] = key.sourceAddress();
            words[at + 2] = ports(key);
            words[at + HASH] = hash;
            int head = head(hash);
            words[at + CHAIN] = heads[head];
            heads[head] = entry;
            associations[entry] = association;
        }

        /** Takes an entry out of its chain and puts it before another that is free. */
        void empty(int entry, int nextFree) {
            int head = head(words[WORDS * entry + HASH]);
            if (heads[head] == entry) {
                heads[head] = chain(entry);
            } else {
                int before = heads[head];
                while (chain(before) != entry) {
                    before = chain(before);
                }
                words[WORDS * before + CHAIN] = chain(entry);
            }
            words[WORDS * entry + HASH] = 0;
            words[WORDS * entry + CHAIN] = nextFree;
            associations[entry] = null;
        }

        void linkNewest(int entry) {
            int newest = words[WORDS * NONE + OLDER];
            words[WORDS * entry + OLDER] = newest;
            words[WORDS * entry + NEWER] = NONE;
            words[WORDS * newest + NEWER] = entry;
            words[WORDS * NONE + OLDER] = entry;
        }

        void unlink(int entry) {
            int older = words[WORDS * entry + OLDER];
            int newer = words[WORDS * entry + NEWER];
            words[WORDS * older + NEWER] = newer;
            words[WORDS * newer + OLDER] = older;
        }

        /** A copy of full lines with room for more, every entry in its place. */
        Lines enlarged(int capacity) {
            Lines larger = new Lines(capacity);
            System.arraycopy(words, 0, larger.words, 0, words.length);
            System.arraycopy(associations, 0, larger.associations, 0, associations.length);
            for (int entry = 1; entry < associations.length; entry++) {
                int head = larger.head(words[WORDS * entry + HASH]);
                larger.words[WORDS * entry + CHAIN] = larger.heads[head];
                larger.heads[head] = entry;
            }
            return larger;
        }
    }
}
