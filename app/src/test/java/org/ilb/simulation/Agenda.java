package org.ilb.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.ilb.FlowKey;

/**
 * What happens next, in simulated milliseconds.
 *
 * <p>Errands are under way already: messages, answers, commands to switches. Plans are what somebody is yet to do: clients that
 * send, switches that fail, timers. When the plans rest, the errands come to an end, and then everything has to agree.
 */
final class Agenda {

    /** The connection whose steps are printed, as its client's address and port. */
    private static final String TRACED = System.getProperty("ilb.sim.trace");

    private static final long LONGEST_CALM = 600_000;

    private final PriorityQueue<Entry> errands = new PriorityQueue<>();
    private final PriorityQueue<Entry> plans = new PriorityQueue<>();
    private long now;
    private long entries;
    private long happened;

    long now() {
        return now;
    }

    /** Has something under way happen. */
    void errand(long delay, Runnable task) {
        errands.add(new Entry(now + delay, entries++, task));
    }

    /** Has something done that nobody has begun. */
    void plan(long delay, Runnable task) {
        plans.add(new Entry(now + delay, entries++, task));
    }

    /** Notes what happens to a connection, for whoever replays a seed. */
    void note(FlowKey key, Supplier<String> what) {
        if (TRACED != null && key.toString().startsWith(TRACED + ">")) {
            System.out.println(now + " ms: " + what.get());
        }
    }

    /** Notes what happens to all. */
    void note(Supplier<String> what) {
        if (TRACED != null) {
            System.out.println(now + " ms: " + what.get());
        }
    }

    /** Lets the next thing happen. Returns false if there is none. */
    boolean step() {
        Entry errand = errands.peek();
        Entry plan = plans.peek();
        if (errand == null && plan == null) {
            return false;
        }
        boolean first = plan == null || errand != null && errand.compareTo(plan) < 0;
        run(first ? errands : plans);
        return true;
    }

    /** Lets plans rest until nothing is under way. */
    void calm() {
        long begun = now;
        while (!errands.isEmpty()) {
            run(errands);
            Failure.unless(now - begun < LONGEST_CALM, "errands beget errands for ever");
        }
    }

    /** How many things have happened. */
    long happened() {
        return happened;
    }

    private void run(PriorityQueue<Entry> queue) {
        happened++;
        Entry next = queue.remove();
        now = Math.max(now, next.time);
        next.task.run();
    }

    private static final class Entry implements Comparable<Entry> {

        private static final Comparator<Entry> ORDER =
                Comparator.<Entry>comparingLong(entry -> entry.time).thenComparingLong(entry -> entry.number);

        private final long time;
        private final long number;
        private final Runnable task;

        Entry(long time, long number, Runnable task) {
            this.time = time;
            this.number = number;
            this.task = task;
        }

        @Override
        public int compareTo(Entry other) {
            return ORDER.compare(this, other);
        }
    }
}
