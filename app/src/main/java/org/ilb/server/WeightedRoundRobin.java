package org.ilb.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Server;

/**
 * Servers in turn, each as often as its weight says, its turns spread evenly over the round.
 *
 * <p>A round is as long as the sum of the weights (divided by their greatest common divisor) and is worked out in advance;
 * selecting is then one atomic increment and one look-up. At every place of the round each server has had its share of the
 * turns so far, less than one turn more or less. Owners start at different places, so that many owners with few connections
 * each do not all begin with the same server.
 *
 * <p>Lock-free and thread-safe.
 */
public final class WeightedRoundRobin implements SelectionPolicy {

    /** The name by which services ask for this policy. */
    public static final String NAME = "weighted-round-robin";

    /** Ids follow one another; multiplied by the golden ratio they are spread over the round. */
    private static final int SPREAD = 0x9e3779b9;

    private final List<Optional<Endpoint>> round;
    private final AtomicLong turn;

    /**
     * Creates the policy of one owner.
     *
     * @param pool the servers and their weights
     * @param owner the ILB that selects
     */
    public WeightedRoundRobin(List<Server> pool, IlbId owner) {
        this(pool, owner.hashCode() * SPREAD);
    }

    /** Creates a policy that begins at a place of the round, or at that place's remainder by the length. */
    WeightedRoundRobin(List<Server> pool, int first) {
        this.round = Round.of(pool);
        this.turn = new AtomicLong(round.isEmpty() ? 0 : Math.floorMod(first, round.size()));
    }

    @Override
    public Optional<Endpoint> select(FlowKey key) {
        return round.isEmpty() ? Optional.empty() : round.get((int) (turn.getAndIncrement() % round.size()));
    }

    /**
     * The order of the turns within one round: as packets of fixed rates are scheduled by worst-case fair weighted fair
     * queueing. The k-th turn of a server with share {@code s} may begin at place {@code (k-1)/s} and should have ended by
     * {@code k/s}; of those that may begin the most urgent is next.
     */
    private static final class Round {

        private Round() {}

        static List<Optional<Endpoint>> of(List<Server> pool) {
            int divisor = pool.stream().mapToInt(Server::weight).reduce(0, Round::greatestCommonDivisor);
            int length =
                    divisor == 0 ? 0 : pool.stream().mapToInt(Server::weight).sum() / divisor;
            Queue<Turn> waiting = new PriorityQueue<>(Turn.BY_BEGINNING);
            Queue<Turn> ready = new PriorityQueue<>(Turn.BY_END);
            for (Server server : pool) {
                if (server.weight() > 0) {
                    waiting.add(new Turn(server, waiting.size(), server.weight() / divisor));
                }
            }
            List<Optional<Endpoint>> round = new ArrayList<>(length);
            for (int place = 0; place < length; place++) {
                while (!waiting.isEmpty() && waiting.peek().mayBeginAt(place, length)) {
                    ready.add(waiting.remove());
                }
                Turn turn = ready.remove();
                round.add(turn.server);
                waiting.add(turn.next());
            }
            return round;
        }

        private static int greatestCommonDivisor(int a, int b) {
            return b == 0 ? a : greatestCommonDivisor(b, a % b);
        }
    }

    /** One turn of a server. Places are compared as fractions, multiplied out. */
    private static final class Turn {

        /** Servers for which all is equal go in the order of the pool. */
        static final Comparator<Turn> BY_BEGINNING =
                comparing((a, b) -> Long.compare(a.number * b.weight, b.number * a.weight));

        static final Comparator<Turn> BY_END =
                comparing((a, b) -> Long.compare((a.number + 1) * b.weight, (b.number + 1) * a.weight));

        private final Optional<Endpoint> server;
        private final int index;
        private final long weight;
        private final long number;

        Turn(Server server, int index, int weight) {
            this(Optional.of(server.endpoint()), index, weight, 0);
        }

        private Turn(Optional<Endpoint> server, int index, long weight, long number) {
            this.server = server;
            this.index = index;
            this.weight = weight;
            this.number = number;
        }

        private static Comparator<Turn> comparing(Comparator<Turn> order) {
            return order.thenComparingInt(turn -> turn.index);
        }

        boolean mayBeginAt(int place, int length) {
            return number * length <= place * weight;
        }

        Turn next() {
            return new Turn(server, index, weight, number + 1);
        }
    }
}
