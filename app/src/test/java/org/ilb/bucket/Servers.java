package org.ilb.bucket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.Server;

/** Servers and buckets for tests. */
final class Servers {

    static final Endpoint A = endpoint(1);
    static final Endpoint B = endpoint(2);
    static final Endpoint C = endpoint(3);

    private Servers() {}

    static Endpoint endpoint(int number) {
        return Endpoint.parse("10.20.0." + number + ":8080");
    }

    /** A server for each weight, from A on. */
    static List<Server> pool(int... weights) {
        List<Server> pool = new ArrayList<>();
        for (int weight : weights) {
            pool.add(new Server(endpoint(pool.size() + 1), weight, null, null));
        }
        return pool;
    }

    static List<Server> randomPool(Random random) {
        return pool(random.ints(1 + random.nextInt(8), 0, random.nextBoolean() ? 4 : 1001)
                .toArray());
    }

    /** Buckets that are bound to some of eight servers, or not. */
    static List<Optional<Endpoint>> randomBindings(Random random, int count) {
        int servers = 1 + random.nextInt(8);
        return random.ints(count, 0, servers + 1)
                .mapToObj(number -> Optional.of(number).filter(n -> n > 0).map(Servers::endpoint))
                .collect(Collectors.toList());
    }

    /** Sixteen buckets that take three and sixty seconds for the stages of a move. */
    static Buckets buckets(Buckets.Binding binding, int moving) {
        return new Buckets(0x1e, binding, Duration.ofSeconds(3), Duration.ofSeconds(60), moving);
    }
}
