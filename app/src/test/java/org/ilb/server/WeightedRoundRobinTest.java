package org.ilb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Server;
import org.junit.jupiter.api.Test;
import org.onlab.packet.IpAddress;

class WeightedRoundRobinTest {

    private static final FlowKey KEY = FlowKey.of(1, 80, 2, 1024);
    private static final IlbId OWNER = IlbId.ofIndex(1);

    static List<Server> pool(int... weights) {
        List<Server> pool = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            pool.add(new Server(Endpoint.of(IpAddress.valueOf(0x0a000001 + i), 80), weights[i], null, null));
        }
        return pool;
    }

    @Test
    void inEachRoundEveryServerIsSelectedAsOftenAsItsWeightSays() {
        Random random = new Random(1);
        for (int trial = 0; trial < 300; trial++) {
            int[] weights = IntStream.generate(() -> random.nextInt(20))
                    .limit(1 + random.nextInt(8))
                    .toArray();
            int round = IntStream.of(weights).sum();
            List<Server> pool = pool(weights);
            WeightedRoundRobin policy = new WeightedRoundRobin(pool, IlbId.ofIndex(random.nextInt(100)));
            for (int rounds = 0; rounds < 3 && round > 0; rounds++) {
                Map<Endpoint, Integer> selected = new HashMap<>();
                for (int i = 0; i < round; i++) {
                    selected.merge(policy.select(KEY).get(), 1, Integer::sum);
                }
                for (Server server : pool) {
                    assertEquals(server.weight(), selected.getOrDefault(server.endpoint(), 0));
                }
            }
        }
    }

    @Test
    void atEveryPlaceOfTheRoundEachServerHasHadItsShareOfTurns() {
        Random random = new Random(2);
        for (int trial = 0; trial < 300; trial++) {
            int[] weights = IntStream.generate(() -> 1 + random.nextInt(20))
                    .limit(2 + random.nextInt(10))
                    .toArray();
            double round = IntStream.of(weights).sum();
            List<Server> pool = pool(weights);
            WeightedRoundRobin policy = new WeightedRoundRobin(pool, 0);
            Map<Endpoint, Integer> turns = new HashMap<>();
            for (int place = 1; place <= round; place++) {
                turns.merge(policy.select(KEY).get(), 1, Integer::sum);
                for (Server server : pool) {
                    double share = place * server.weight() / round;
                    int had = turns.getOrDefault(server.endpoint(), 0);
                    assertTrue(Math.abs(had - share) < 1, () -> "turns " + turns + " of " + pool);
                }
            }
        }
    }

    @Test
    void heavyServersAlternateWithLightOnes() {
        WeightedRoundRobin policy = new WeightedRoundRobin(pool(2, 1, 1), OWNER);
        List<Endpoint> selected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            selected.add(policy.select(KEY).get());
        }
        for (int i = 1; i < selected.size(); i++) {
            assertNotEquals(selected.get(i - 1), selected.get(i), () -> "twice in a row: " + selected);
        }
    }

    @Test
    void aServerOfWeightZeroTakesNone() {
        WeightedRoundRobin policy = new WeightedRoundRobin(pool(0, 1), OWNER);
        for (int i = 0; i < 10; i++) {
            assertEquals(pool(0, 1).get(1).endpoint(), policy.select(KEY).get());
        }
    }

    @Test
    void nobodyIsSelectedWhereNobodyTakesConnections() {
        assertEquals(Optional.empty(), new WeightedRoundRobin(pool(0, 0), OWNER).select(KEY));
        assertEquals(Optional.empty(), new WeightedRoundRobin(pool(), OWNER).select(KEY));
    }

    @Test
    void ownersDoNotAllBeginWithTheSameServer() {
        List<Server> pool = pool(1, 1, 1, 1);
        Set<Endpoint> first = new HashSet<>();
        for (int owner = 1; owner <= 16; owner++) {
            first.add(new WeightedRoundRobin(pool, IlbId.ofIndex(owner))
                    .select(KEY)
                    .get());
        }
        assertEquals(4, first.size());
    }

    @Test
    void manyThreadsTogetherKeepTheWeights() throws InterruptedException {
        WeightedRoundRobin policy = new WeightedRoundRobin(pool(3, 1), OWNER);
        ConcurrentMap<Endpoint, LongAdder> selected = new ConcurrentHashMap<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int j = 0; j < 10_000; j++) {
                    selected.computeIfAbsent(policy.select(KEY).get(), server -> new LongAdder())
                            .increment();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(30_000, selected.get(pool(3, 1).get(0).endpoint()).sum());
    }
}
