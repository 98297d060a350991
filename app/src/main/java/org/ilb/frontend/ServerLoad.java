package org.ilb.frontend;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ilb.Association;
import org.ilb.Endpoint;

/**
 * How many connections each server has. Counted when somebody asks, and not again before the count is stale: who shows a
 * thousand servers asks a thousand times. Thread-safe.
 */
final class ServerLoad {

    private final Consumer<Consumer<Association>> associations;
    private final long freshNanos;
    private final LongSupplier nanoTime;

    private Map<Endpoint, Map<Endpoint, Integer>> counts = ImmutableMap.of();
    private long countedAt;
    private boolean counted;

    /**
     * Creates a count that was never taken.
     *
     * @param associations visits every association once
     * @param freshNanos how old a count may be, in nanoseconds
     * @param nanoTime the time
     */
    ServerLoad(Consumer<Consumer<Association>> associations, long freshNanos, LongSupplier nanoTime) {
        this.associations = associations;
        this.freshNanos = freshNanos;
        this.nanoTime = nanoTime;
    }

    synchronized int connections(Endpoint service, Endpoint server) {
        return counts(freshNanos).getOrDefault(service, ImmutableMap.of()).getOrDefault(server, 0);
    }

    /** Returns the connections of all servers, each of which belongs to one service. */
    synchronized Map<Endpoint, Integer> all(long maxAgeNanos) {
        Map<Endpoint, Integer> all = new HashMap<>();
        counts(maxAgeNanos).values().forEach(all::putAll);
        return all;
    }

    private Map<Endpoint, Map<Endpoint, Integer>> counts(long maxAgeNanos) {
        long now = nanoTime.getAsLong();
        if (!counted || now - countedAt > maxAgeNanos) {
            counts = count();
            countedAt = now;
            counted = true;
        }
        return counts;
    }

    private Map<Endpoint, Map<Endpoint, Integer>> count() {
        Map<Endpoint, Map<Endpoint, Integer>> fresh = new HashMap<>();
        associations.accept(
                association -> fresh.computeIfAbsent(association.key().destination(), s -> new HashMap<>())
                        .merge(association.server(), 1, Integer::sum));
        return fresh;
    }
}
