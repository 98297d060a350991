package org.ilb.server;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Server;

/**
 * The server with the fewest connections takes the next one; with weights, the one with the fewest for its weight.
 *
 * <p>An owner sees its own connections begin, but those of the other owners only when {@linkplain #loaded all are counted}
 * again. Meanwhile it takes it that the others do as it does, so that they do not all run to the same server: each selection
 * of its own counts once for each owner. Where servers are equal they take turns, each owner beginning at another.
 *
 * <p>Selecting looks at every server once. Lock-free and thread-safe; two threads that select at once may select the same.
 */
public final class LeastConnections implements SelectionPolicy {

    /** The name by which services ask for this policy regardless of weights. */
    public static final String NAME = "least-connections";

    /** The name by which services ask for this policy by weight. */
    public static final String WEIGHTED_NAME = "weighted-least-connections";

    private final Endpoint[] servers;
    private final long[] weights;
    private final AtomicInteger turn;
    private volatile Known known;

    private LeastConnections(List<Server> pool, IlbId owner) {
        Server[] taking = pool.stream().filter(server -> server.weight() > 0).toArray(Server[]::new);
        servers = new Endpoint[taking.length];
        weights = new long[taking.length];
        for (int i = 0; i < taking.length; i++) {
            servers[i] = taking[i].endpoint();
            weights[i] = taking[i].weight();
        }
        turn = new AtomicInteger(owner.hashCode());
        known = new Known(servers, Loads.NONE);
    }

    /**
     * Makes the policy that takes every server for as strong as the others.
     *
     * @param pool the servers; those of weight 0 take no new connection
     * @param owner the ILB that selects
     * @return a policy to which no connections are known
     */
    public static LeastConnections alike(List<Server> pool, IlbId owner) {
        return new LeastConnections(SelectionPolicies.alike(pool), owner);
    }

    /**
     * Makes the policy that gives a server as many connections as its weight says.
     *
     * @param pool the servers and their weights
     * @param owner the ILB that selects
     * @return a policy to which no connections are known
     */
    public static LeastConnections weighted(List<Server> pool, IlbId owner) {
        return new LeastConnections(pool, owner);
    }

    @Override
    public Optional<Endpoint> select(FlowKey key) {
        if (servers.length == 0) {
            return Optional.empty();
        }
        Known now = known;
        int first = Math.floorMod(turn.getAndIncrement(), servers.length);
        int best = first;
        long fewest = now.connections(best) + 1;
        for (int i = 1; i < servers.length; i++) {
            int candidate = first + i < servers.length ? first + i : first + i - servers.length;
            long connections = now.connections(candidate) + 1;
            // connections / weight < fewest / best's weight, multiplied out
            if (connections * weights[best] < fewest * weights[candidate]) {
                best = candidate;
                fewest = connections;
            }
        }
        now.selected.getAndIncrement(best);
        return Optional.of(servers[best]);
    }

    @Override
    public void loaded(Loads loads) {
        known = new Known(servers, loads);
    }

    /** What was counted, and what was selected since. */
    private static final class Known {

        private final long[] counted;
        private final int owners;
        private final AtomicIntegerArray selected;

        Known(Endpoint[] servers, Loads loads) {
            counted = new long[servers.length];
            for (int i = 0; i < servers.length; i++) {
                counted[i] = loads.connections(servers[i]);
            }
            owners = loads.owners();
            selected = new AtomicIntegerArray(servers.length);
        }

        long connections(int server) {
            return counted[server] + (long) selected.get(server) * owners;
        }
    }
}
