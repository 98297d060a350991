package org.ilb.health;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.ilb.Endpoint;

/**
 * Whose turn it is to be probed. The first turns of servers that are new together are spread over their interval, and each has its
 * next one an interval later. If more are due than can be probed, those that have waited longest come first, and the others a
 * little later.
 *
 * <p>Times are in nanoseconds of any clock that does not go back. Not thread-safe.
 */
public final class Rota {

    private final Map<Endpoint, Turn> turns = new HashMap<>();
    private final PriorityQueue<Turn> queue = new PriorityQueue<>(Comparator.comparingLong(turn -> turn.due));

    /**
     * Sets who is to be probed. Who was before, at the same interval, keeps its turn.
     *
     * @param intervals the interval of each server, in nanoseconds
     * @param now the time
     */
    public void configure(Map<Endpoint, Long> intervals, long now) {
        turns.entrySet().removeIf(entry -> {
            boolean gone = !Long.valueOf(entry.getValue().interval).equals(intervals.get(entry.getKey()));
            if (gone) {
                queue.remove(entry.getValue());
            }
            return gone;
        });
        int fresh = intervals.size() - turns.size();
        int number = 0;
        for (Map.Entry<Endpoint, Long> entry : intervals.entrySet()) {
            if (!turns.containsKey(entry.getKey())) {
                long interval = entry.getValue();
                Turn turn = new Turn(entry.getKey(), interval, now + (long) ((double) interval * number++ / fresh));
                turns.put(entry.getKey(), turn);
                queue.add(turn);
            }
        }
    }

    /**
     * Takes those whose turn it is.
     *
     * @param now the time
     * @param limit how many at most
     * @return the servers
     */
    public List<Endpoint> takeDue(long now, int limit) {
        List<Endpoint> due = new ArrayList<>();
        while (due.size() < limit && !queue.isEmpty() && queue.peek().due - now <= 0) {
            Turn turn = queue.remove();
            due.add(turn.server);
            // Turns that were missed are not made up for.
            turn.due = Math.max(turn.due + turn.interval, now + turn.interval / 2);
            queue.add(turn);
        }
        return due;
    }

    /** One server's next turn. */
    private static final class Turn {

        private final Endpoint server;
        private final long interval;
        private long due;

        Turn(Endpoint server, long interval, long due) {
            this.server = server;
            this.interval = interval;
            this.due = due;
        }
    }
}
