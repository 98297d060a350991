package org.ilb.server;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSortedMap;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.ilb.Server;

/** The selection policies that a service can name. */
public final class SelectionPolicies {

    private static final ImmutableSortedMap<String, SelectionPolicy.Factory> BY_NAME = ImmutableSortedMap.of(
            "round-robin",
            (pool, owner) -> new WeightedRoundRobin(alike(pool), owner),
            WeightedRoundRobin.NAME,
            WeightedRoundRobin::new,
            LeastConnections.NAME,
            LeastConnections::alike,
            LeastConnections.WEIGHTED_NAME,
            LeastConnections::weighted,
            SourceHash.NAME,
            (pool, owner) -> new SourceHash(pool));

    private SelectionPolicies() {}

    /**
     * Returns the names of all policies.
     *
     * @return the names in their order
     */
    public static SortedSet<String> names() {
        return BY_NAME.keySet();
    }

    /**
     * Returns the policy of a name.
     *
     * @param name one of {@link #names()}
     * @return what makes such policies
     * @throws IllegalArgumentException with a sentence that lists the names, if there is no such policy
     */
    public static SelectionPolicy.Factory named(String name) {
        SelectionPolicy.Factory factory = BY_NAME.get(name);
        checkArgument(factory != null, "there is no server selection policy '%s', only %s", name, names());
        return factory;
    }

    /**
     * Tells whether a policy wants to know {@linkplain SelectionPolicy#loaded how many connections servers have}.
     *
     * @param name one of {@link #names()}
     * @return false if counting for it would be in vain
     */
    public static boolean countsConnections(String name) {
        return name.equals(LeastConnections.NAME) || name.equals(LeastConnections.WEIGHTED_NAME);
    }

    /**
     * Tells whether a policy selects by the client's address, and so cannot select for a bucket, which has many clients.
     *
     * @param name one of {@link #names()}
     * @return true if connections of different clients must be told apart
     */
    public static boolean needsClient(String name) {
        return name.equals(SourceHash.NAME);
    }

    /** Returns a pool in which all servers that take connections have the same weight. */
    static List<Server> alike(List<Server> pool) {
        return pool.stream()
                .map(server -> new Server(server.endpoint(), Math.min(server.weight(), 1), null, null))
                .collect(Collectors.toList());
    }
}
