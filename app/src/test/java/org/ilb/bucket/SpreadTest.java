package org.ilb.bucket;

import static java.util.Collections.nCopies;
import static org.ilb.bucket.Servers.A;
import static org.ilb.bucket.Servers.B;
import static org.ilb.bucket.Servers.C;
import static org.ilb.bucket.Servers.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ilb.Endpoint;
import org.ilb.Server;
import org.junit.jupiter.api.Test;

class SpreadTest {

    private static final int TRIALS = 2_000;

    private final Random random = new Random(1);

    @Test
    void eachServerIsLessThanOneBucketFromItsIdealShare() {
        for (int trial = 0; trial < TRIALS; trial++) {
            List<Optional<Endpoint>> present = Servers.randomBindings(random, 16 << random.nextInt(7));
            List<Server> pool = Servers.randomPool(random);
            double weights = pool.stream().mapToInt(Server::weight).sum();
            Spread spread = Spread.of(present, pool);
            Map<Endpoint, Integer> counts = count(spread.bindings());
            for (Server server : weights == 0 ? List.<Server>of() : pool) {
                int count = counts.getOrDefault(server.endpoint(), 0);
                assertEquals(spread.counts().getOrDefault(server.endpoint(), 0), count);
                assertTrue(
                        Math.abs(count - present.size() * server.weight() / weights) < 1, spread.counts() + " " + pool);
            }
            if (weights > 0) {
                assertEquals(
                        present.size(),
                        counts.values().stream().mapToInt(i -> i).sum());
            }
        }
    }

    @Test
    void movesTheFewestBucketsThatReachSuchShares() {
        for (int trial = 0; trial < TRIALS; trial++) {
            List<Optional<Endpoint>> present = Servers.randomBindings(random, 16);
            List<Server> pool = Servers.randomPool(random);
            List<Optional<Endpoint>> bindings = Spread.of(present, pool).bindings();
            assertEquals(fewest(present, pool), moves(present, bindings), present + " " + pool);
        }
    }

    /** Tries every rounding. */
    private static int fewest(List<Optional<Endpoint>> present, List<Server> pool) {
        int weights = pool.stream().mapToInt(Server::weight).sum();
        if (weights == 0) {
            return 0;
        }
        Map<Endpoint, Integer> standing = count(present);
        int fewest = Integer.MAX_VALUE;
        for (int rounding = 0; rounding < 1 << pool.size(); rounding++) {
            int total = 0;
            int kept = 0;
            boolean possible = true;
            for (int i = 0; i < pool.size(); i++) {
                int product = present.size() * pool.get(i).weight();
                int up = rounding >> i & 1;
                possible &= up == 0 || product % weights != 0;
                int count = product / weights + up;
                total += count;
                kept += Math.min(count, standing.getOrDefault(pool.get(i).endpoint(), 0));
            }
            if (possible && total == present.size()) {
                int bound = standing.values().stream().mapToInt(i -> i).sum();
                fewest = Math.min(fewest, bound - kept);
            }
        }
        return fewest;
    }

    private static int moves(List<Optional<Endpoint>> before, List<Optional<Endpoint>> after) {
        return (int) IntStream.range(0, before.size())
                .filter(i -> before.get(i).isPresent() && !before.get(i).equals(after.get(i)))
                .count();
    }

    private static Map<Endpoint, Integer> count(List<Optional<Endpoint>> bindings) {
        Map<Endpoint, Integer> counts = new HashMap<>();
        bindings.forEach(server -> server.ifPresent(there -> counts.merge(there, 1, Integer::sum)));
        return counts;
    }

    @Test
    void whatIsSpreadStays() {
        for (int trial = 0; trial < TRIALS; trial++) {
            List<Server> pool = Servers.randomPool(random);
            List<Optional<Endpoint>> bindings =
                    Spread.of(Servers.randomBindings(random, 64), pool).bindings();
            assertEquals(bindings, Spread.of(bindings, pool).bindings());
        }
    }

    @Test
    void bindingOneAfterTheOtherLeadsToTheSame() {
        List<Server> pool = pool(3, 1, 2);
        List<Optional<Endpoint>> bindings =
                nCopies(64, Optional.<Endpoint>empty()).stream().collect(Collectors.toList());
        List<Integer> order = IntStream.range(0, 64).boxed().collect(Collectors.toList());
        Collections.shuffle(order, random);
        for (int bucket : order) {
            bindings.set(bucket, Spread.of(bindings, pool).bindings().get(bucket));
        }
        assertEquals(Map.of(A, 32, B, 11, C, 21), count(bindings));
    }

    @Test
    void neighboursHaveDifferentServers() {
        List<Optional<Endpoint>> bindings =
                Spread.of(nCopies(16, Optional.empty()), pool(1, 1, 1)).bindings();
        for (int i = 1; i < 16; i++) {
            assertTrue(!bindings.get(i).equals(bindings.get(i - 1)), bindings.toString());
        }
    }

    @Test
    void withoutServersAllStays() {
        List<Optional<Endpoint>> present = Servers.randomBindings(random, 16);
        assertEquals(present, Spread.of(present, pool(0, 0)).bindings());
        assertEquals(Map.of(), Spread.of(present, List.of()).counts());
    }

    @Test
    void aDrainedServersBucketsAreSharedAndNothingElseMoves() {
        List<Optional<Endpoint>> before =
                Spread.of(nCopies(64, Optional.empty()), pool(1, 1, 1)).bindings();
        List<Optional<Endpoint>> after = Spread.of(before, pool(1, 0, 1)).bindings();
        assertEquals(Map.of(A, 32, C, 32), count(after));
        assertEquals(count(before).get(B), moves(before, after));
    }
}
