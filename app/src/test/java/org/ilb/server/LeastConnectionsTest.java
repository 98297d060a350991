package org.ilb.server;

import static org.ilb.server.WeightedRoundRobinTest.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.HandOff;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.UnknownConnection;
import org.junit.jupiter.api.Test;

class LeastConnectionsTest {

    private static final FlowKey KEY = FlowKey.of(1, 80, 2, 1024);
    private static final IlbId OWNER = IlbId.ofIndex(1);

    private static Endpoint select(SelectionPolicy policy) {
        return policy.select(KEY).get();
    }

    private static Map<Endpoint, Integer> counts(List<Server> pool, int... connections) {
        return IntStream.range(0, pool.size())
                .boxed()
                .collect(Collectors.toMap(i -> pool.get(i).endpoint(), i -> connections[i], (a, b) -> a, HashMap::new));
    }

    @Test
    void theServerWithTheFewestConnectionsTakesTheNextUntilAllAreEven() {
        List<Server> pool = pool(1, 1, 1, 1);
        LeastConnections policy = LeastConnections.alike(pool, OWNER);
        Map<Endpoint, Integer> counts = counts(pool, 7, 0, 3, 9);
        policy.loaded(new Loads(counts, 1));
        for (int i = 0; i < 9 + 2 + 6 + 40; i++) {
            Endpoint selected = select(policy);
            int fewest =
                    counts.values().stream().mapToInt(Integer::intValue).min().getAsInt();
            assertEquals(fewest, counts.get(selected), "in turn " + i);
            counts.merge(selected, 1, Integer::sum);
        }
    }

    @Test
    void withWeightsNoServerHasMoreForItsWeightThanAnotherWouldHaveWithOneMore() {
        Random random = new Random(1);
        for (int trial = 0; trial < 200; trial++) {
            int[] weights = IntStream.generate(() -> random.nextInt(30))
                    .limit(2 + random.nextInt(8))
                    .toArray();
            List<Server> pool = pool(weights);
            LeastConnections policy = LeastConnections.weighted(pool, OWNER);
            int[] has = new int[weights.length];
            for (int i = 0; i < 500 && IntStream.of(weights).sum() > 0; i++) {
                has[index(pool, select(policy))]++;
            }
            for (int i = 0; i < has.length; i++) {
                for (int j = 0; j < has.length; j++) {
                    assertTrue(has[i] * weights[j] <= (has[j] + 1) * weights[i], () -> "trial of " + pool);
                }
            }
        }
    }

    @Test
    void weightsDoNotMatterUnlessAskedForButZeroTakesNothing() {
        LeastConnections policy = LeastConnections.alike(pool(5, 1, 0), OWNER);
        List<Endpoint> selected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            selected.add(select(policy));
        }
        assertEquals(
                5, selected.stream().filter(pool(5).get(0).endpoint()::equals).count());
        assertTrue(selected.stream().noneMatch(pool(5, 1, 0).get(2).endpoint()::equals));
        assertEquals(
                Optional.empty(), LeastConnections.weighted(pool(0, 0), OWNER).select(KEY));
        assertEquals(Optional.empty(), LeastConnections.alike(pool(), OWNER).select(KEY));
    }

    /** Owners that know nothing of each other's selections would otherwise all fill the gap, each on its own. */
    @Test
    void manyOwnersTogetherFillAGapOnceAndNoMore() {
        int owners = 8;
        List<Server> pool = pool(1, 1, 1, 1);
        List<LeastConnections> policies = IntStream.range(0, owners)
                .mapToObj(i -> LeastConnections.alike(pool, IlbId.ofIndex(i)))
                .collect(Collectors.toList());
        int[] has = {1000, 1000, 200, 1000};
        Random random = new Random(2);
        for (int round = 0; round < 10; round++) {
            Loads loads = new Loads(counts(pool, has), owners);
            policies.forEach(policy -> policy.loaded(loads));
            for (int i = 0; i < 400; i++) {
                has[index(pool, select(policies.get(random.nextInt(owners))))]++;
            }
        }
        int[] even = IntStream.of(has).sorted().toArray();
        assertTrue(even[3] - even[0] <= 40, () -> Arrays.toString(even));
    }

    @Test
    void ownersBeginWithDifferentServers() {
        List<Server> pool = pool(1, 1, 1, 1, 1, 1, 1, 1);
        long different = IntStream.range(0, 8)
                .mapToObj(i -> select(LeastConnections.alike(pool, IlbId.ofIndex(i))))
                .distinct()
                .count();
        assertTrue(different >= 4, different + " different servers");
    }

    @Test
    void aServerThatJoinsIsMeasuredByWhatTheOthersHaveAlready() {
        ServerSelection before =
                ServerSelection.of(OWNER, new Affinities(() -> 0)).configured(List.of(service(pool(1, 1))));
        before.loaded(new Loads(counts(pool(1, 1), 50, 50), 1));
        ServerSelection after = before.configured(List.of(service(pool(1, 1, 1))));
        for (int i = 0; i < 50; i++) {
            assertEquals(pool(1, 1, 1).get(2).endpoint(), select(after), "turn " + i);
        }
        assertNotEquals(select(after), select(after));
    }

    private static Service service(List<Server> pool) {
        return new Service(
                "web",
                KEY.destination(),
                LeastConnections.NAME,
                HandOff.DIRECT,
                UnknownConnection.RESET,
                List.of(),
                pool);
    }

    private static int index(List<Server> pool, Endpoint server) {
        return IntStream.range(0, pool.size())
                .filter(i -> pool.get(i).endpoint().equals(server))
                .findFirst()
                .getAsInt();
    }
}
