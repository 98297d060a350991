package org.ilb.frontend;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.FlowKey;

/**
 * The buckets in force, found by a connection's addresses and ports. Replaced as a whole when a service's granularity
 * changes; thread-safe.
 */
final class BucketMap {

    private volatile ImmutableMap<Long, Gathered> byPlace = ImmutableMap.of();
    private volatile ImmutableMap<Endpoint, Gathered> services = ImmutableMap.of();

    /** The bucket that a connection belongs to, null where each connection is on its own. */
    Bucket of(FlowKey connection) {
        Gathered gathered = byPlace.get(place(connection.destinationAddress(), connection.destinationPort()));
        return gathered == null ? null : gathered.of(connection);
    }

    /** All services whose connections are gathered, or were of late. */
    ImmutableMap<Endpoint, Gathered> services() {
        return services;
    }

    /** Puts services' buckets in force, in place of all. */
    void put(Map<Endpoint, Gathered> next) {
        ImmutableMap.Builder<Long, Gathered> all = ImmutableMap.builder();
        next.forEach((endpoint, gathered) ->
                all.put(place(endpoint.address().getIp4Address().toInt(), endpoint.port()), gathered));
        byPlace = all.build();
        services = ImmutableMap.copyOf(next);
    }

    private static long place(int address, int port) {
        return (long) address << Short.SIZE | port;
    }

    /** One service's buckets. */
    static final class Gathered {

        private final Buckets granularity;
        private final ImmutableList<Bucket> buckets;
        private final boolean frozen;

        Gathered(Buckets granularity, Bucket[] buckets, boolean frozen) {
            this.granularity = granularity;
            this.buckets = ImmutableList.copyOf(buckets);
            this.frozen = frozen;
        }

        /** Whether the connections are gathered no more, and only those that lived then follow their buckets. */
        boolean isFrozen() {
            return frozen;
        }

        Buckets granularity() {
            return granularity;
        }

        /** The bucket of one of the service's connections. */
        Bucket of(FlowKey connection) {
            return buckets.get(granularity.index(connection.sourcePort()));
        }

        ImmutableList<Bucket> buckets() {
            return buckets;
        }
    }
}
