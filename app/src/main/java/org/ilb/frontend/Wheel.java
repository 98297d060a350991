package org.ilb.frontend;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ilb.FlowKey;

/**
 * Connections that are to be looked at again, by time: a hashed timing wheel (Varghese and Lauck), whose cost per connection
 * does not grow with their number. What is due is taken at a bounded pace; the rest waits for the next turn.
 *
 * <p>{@link #add} may be called from any thread, {@link #takeDue} from one. Thread-safe.
 */
final class Wheel {

    private static final int SLOTS = 512;

    private final long tickNanos;
    private final List<Queue<Entry>> slots = new ArrayList<>(SLOTS);
    private long nextTick;

    Wheel(long tickNanos, long nowNanos) {
        this.tickNanos = tickNanos;
        this.nextTick = nowNanos / tickNanos;
        for (int i = 0; i < SLOTS; i++) {
            slots.add(new ConcurrentLinkedQueue<>());
        }
    }

    /** Has a connection looked at again at a time, or at most a tick later. */
    void add(FlowKey key, long atNanos) {
        // One tick later than the tick that it falls into, so that it is never early.
        Entry entry = new Entry(key, atNanos, atNanos / tickNanos + 1);
        slots.get(slot(entry.tick)).add(entry);
    }

    private static int slot(long tick) {
        return (int) Math.floorMod(tick, (long) SLOTS);
    }

    /** Takes what is due, so many at most. */
    List<Entry> takeDue(long nowNanos, int limit) {
        List<Entry> due = new ArrayList<>();
        long current = nowNanos / tickNanos;
        // After a long pause one turn of the wheel reaches every slot.
        nextTick = Math.max(nextTick, current - SLOTS + 1);
        while (nextTick <= current) {
            if (!empty(slots.get(slot(nextTick)), current, due, limit)) {
                return due;
            }
            nextTick++;
        }
        return due;
    }

    /** Takes the due entries of a slot; returns false if some of them had to be left. */
    private static boolean empty(Queue<Entry> slot, long current, List<Entry> due, int limit) {
        List<Entry> later = new ArrayList<>();
        try {
            for (Entry entry = slot.poll(); entry != null; entry = slot.poll()) {
                if (entry.tick > current) {
                    later.add(entry);
                } else if (due.size() == limit) {
                    later.add(entry);
                    return false;
                } else {
                    due.add(entry);
                }
            }
            return true;
        } finally {
            slot.addAll(later);
        }
    }

    /** A connection and when it is due. Immutable. */
    static final class Entry {

        private final FlowKey key;
        private final long atNanos;
        private final long tick;

        private Entry(FlowKey key, long atNanos, long tick) {
            this.key = key;
            this.atNanos = atNanos;
            this.tick = tick;
        }

        FlowKey key() {
            return key;
        }

        /** The time that it was added for: who has changed its mind since knows this entry for an old one. */
        long atNanos() {
            return atNanos;
        }
    }
}
