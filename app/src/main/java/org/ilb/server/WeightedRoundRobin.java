package org.ilb.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Server;

/**
 * Servers in turn, each as often as its weight says, its turns spread evenly over the round.
 *
 * <p>A round is as long as the sum of the weights (divided by their greatest common divisor) and is worked out in advance:
 * a server of weight {@code w} has its turns at {@code 1/2w, 3/2w, 5/2w, …} of the round. Selecting is then one atomic
 * increment and one look-up. Owners start at different places of the round, so that many owners with few connections each
 * do not all begin with the same server.
 *
 * <p>Lock-free and thread-safe.
 */
public final class WeightedRoundRobin implements SelectionPolicy {

    /** The name by which services ask for this policy. */
    public static final String NAME = "weighted-round-robin";

    private final List<Optional<Endpoint>> round;
    private final AtomicLong turn;

    /**
     * Creates the policy of one owner.
     *
     * @param pool the servers and their weights
     * @param owner the ILB that selects
     */
    public WeightedRoundRobin(List<Server> pool, IlbId owner) {
        this.round = Round.of(pool);
        this.turn = new AtomicLong(round.isEmpty() ? 0 : Math.floorMod(owner.hashCode() * 0x9e3779b9, round.size()));
    }

    @Override
    public Optional<Endpoint> select(FlowKey key) {
        return round.isEmpty() ? Optional.empty() : round.get((int) (turn.getAndIncrement() % round.size()));
    }

    /** The order of the turns within one round. */
    private static final class Round {

        private Round() {}

        static List<Optional<Endpoint>> of(List<Server> pool) {
            int divisor = pool.stream().mapToInt(Server::weight).reduce(0, Round::greatestCommonDivisor);
            List<Turn> turns = new ArrayList<>();
            for (Server server : pool) {
                int weight = divisor == 0 ? 0 : server.weight() / divisor;
                Optional<Endpoint> selected = Optional.of(server.endpoint());
                for (int i = 0; i < weight; i++) {
                    turns.add(new Turn(selected, (2 * i + 1) / (2.0 * weight)));
                }
            }
            // The sort is stable: servers whose turns coincide go in the order of the pool.
            turns.sort(Comparator.comparingDouble(turn -> turn.place));
            List<Optional<Endpoint>> round = new ArrayList<>(turns.size());
            turns.forEach(turn -> round.add(turn.server));
            return round;
        }

        private static int greatestCommonDivisor(int a, int b) {
            return b == 0 ? a : greatestCommonDivisor(b, a % b);
        }
    }

    /** One turn of a server, somewhere between 0 and 1 of the round. */
    private static final class Turn {

        private final Optional<Endpoint> server;
        private final double place;

        Turn(Optional<Endpoint> server, double place) {
            this.server = server;
            this.place = place;
        }
    }
}
