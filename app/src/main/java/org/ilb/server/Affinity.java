package org.ilb.server;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.Endpoint;

/**
 * Which server each client of one service has, for as long as it has connections and for a timeout after the last one ended.
 *
 * <p>A client is an IPv4 address. Its binding begins when a server is selected for it, and holds while connections of it are
 * {@linkplain #began counted}; the timeout runs from the end of the last of them, or from the last selection. A binding to a server
 * that takes no new connections is let go: the next connection binds the client to another.
 *
 * <p>Clients without connections are remembered up to a bound; beyond it those that have been without one for longest are
 * forgotten. Those with connections are as many as there may be associations. Thread-safe by one lock: only services with affinity
 * pay for it. Time is whatever the caller says, in nanoseconds of a clock that only goes forward.
 */
final class Affinity {

    private final int maxIdle;
    private long timeoutNanos;
    /** The clients that have connections. */
    private final Map<Integer, Binding> active = new HashMap<>();
    /** The others, who has been without one for longest first. */
    private final Map<Integer, Binding> idle = new LinkedHashMap<>();

    /**
     * Creates the bindings of a service that has none yet.
     *
     * @param timeout for how long a client without connections keeps its server
     * @param maxIdle how many such clients are remembered
     */
    Affinity(Duration timeout, int maxIdle) {
        checkArgument(maxIdle > 0, "%s clients cannot be remembered", maxIdle);
        this.timeoutNanos = timeout.toNanos();
        this.maxIdle = maxIdle;
    }

    /** Changes the timeout, for the bindings that there are, too. */
    synchronized void timeout(Duration timeout) {
        timeoutNanos = timeout.toNanos();
    }

    /**
     * Selects a server for a new connection of a client: the one that it has, else what the policy selects, which it has from
     * then on. Two connections that begin at once get the same.
     *
     * @param client the client's address
     * @param takes whether a server takes new connections
     * @param policy selects for a client that has none
     * @param nowNanos the time
     * @return the server, empty if the policy has none
     */
    synchronized Optional<Endpoint> select(
            int client, Predicate<Endpoint> takes, Supplier<Optional<Endpoint>> policy, long nowNanos) {
        forget(nowNanos);
        Binding binding = active.getOrDefault(client, idle.get(client));
        Optional<Endpoint> server =
                binding != null && takes.test(binding.server) ? Optional.of(binding.server) : policy.get();
        if (server.isPresent()) {
            Binding bound = binding == null ? new Binding(server.get()) : binding;
            bound.server = server.get();
            if (bound.connections == 0) {
                rest(client, bound, nowNanos);
            }
        }
        return server;
    }

    /**
     * Takes note of a connection of a client. A client that has no server has that one from now on.
     *
     * @param client the client's address
     * @param server the connection's server
     */
    synchronized void began(int client, Endpoint server) {
        Binding binding = active.get(client);
        if (binding == null) {
            Binding idling = idle.remove(client);
            binding = idling == null ? new Binding(server) : idling;
            active.put(client, binding);
        }
        binding.connections++;
    }

    /**
     * Takes note of the end of a connection that {@link #began} took note of.
     *
     * @param client the client's address
     * @param nowNanos the time
     */
    synchronized void ended(int client, long nowNanos) {
        Binding binding = active.get(client);
        if (binding != null && --binding.connections == 0) {
            active.remove(client);
            rest(client, binding, nowNanos);
        }
        forget(nowNanos);
    }

    private void rest(int client, Binding binding, long nowNanos) {
        binding.idleSince = nowNanos;
        // To the end of the queue.
        idle.remove(client);
        idle.put(client, binding);
        if (idle.size() > maxIdle) {
            Iterator<Integer> longest = idle.keySet().iterator();
            longest.next();
            longest.remove();
        }
    }

    /** Forgets the clients whose timeout has passed. */
    synchronized void forget(long nowNanos) {
        Iterator<Binding> longest = idle.values().iterator();
        while (longest.hasNext() && nowNanos - longest.next().idleSince >= timeoutNanos) {
            longest.remove();
        }
    }

    /** Returns how many clients have a server, those whose timeout has passed unnoticed among them. */
    synchronized int size() {
        return active.size() + idle.size();
    }

    /** A client's server. */
    private static final class Binding {

        private Endpoint server;
        private int connections;
        private long idleSince;

        Binding(Endpoint server) {
            this.server = server;
        }
    }
}
