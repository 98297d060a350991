package org.ilb.bucket;

import static org.ilb.bucket.Servers.A;
import static org.ilb.bucket.Servers.B;
import static org.ilb.bucket.Servers.C;
import static org.ilb.bucket.Servers.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.ilb.Endpoint;
import org.ilb.Server;
import org.junit.jupiter.api.Test;

class LevelingTest {

    private static final BitSet NONE = new BitSet();

    private final Random random = new Random(2);

    @Test
    void noServerGetsWorseThanTheWorstAndNoMoreMoveThanMay() {
        for (int trial = 0; trial < 500; trial++) {
            List<Server> pool = pool(random.ints(1 + random.nextInt(6), 1, 5).toArray());
            List<Optional<Endpoint>> present = random.ints(64, 1, pool.size() + 1)
                    .mapToObj(number -> Optional.of(Servers.endpoint(number)))
                    .collect(java.util.stream.Collectors.toList());
            double[] loads = random.doubles(64).map(load -> load * load).toArray();
            int most = random.nextInt(9);
            List<Optional<Endpoint>> after = Leveling.of(present, loads, pool, NONE, most);
            assertTrue(worst(after, loads, pool) <= worst(present, loads, pool) + 1e-9);
            assertTrue(moved(present, after) <= most);
        }
    }

    private static double worst(List<Optional<Endpoint>> bindings, double[] loads, List<Server> pool) {
        Map<Endpoint, Double> sums = new HashMap<>();
        for (int i = 0; i < loads.length; i++) {
            sums.merge(bindings.get(i).get(), loads[i], Double::sum);
        }
        return pool.stream()
                .mapToDouble(server -> sums.getOrDefault(server.endpoint(), 0.0) / server.weight())
                .max()
                .getAsDouble();
    }

    private static long moved(List<Optional<Endpoint>> before, List<Optional<Endpoint>> after) {
        return IntStream.range(0, before.size())
                .filter(i -> !before.get(i).equals(after.get(i)))
                .count();
    }

    @Test
    void aNewcomerGetsBucketsUntilLoadsAreEven() {
        List<Optional<Endpoint>> bindings = Collections.nCopies(16, Optional.of(A));
        double[] loads = new double[16];
        java.util.Arrays.fill(loads, 10);
        int rounds = 0;
        while (rounds < 20) {
            List<Optional<Endpoint>> next = Leveling.of(bindings, loads, pool(1, 3), NONE, 2);
            if (next.equals(bindings)) {
                break;
            }
            bindings = next;
            rounds++;
        }
        assertEquals(6, rounds);
        assertEquals(12, Collections.frequency(bindings, Optional.of(B)));
    }

    @Test
    void whatMovesAlreadyAndWhatIsNoiseIsLeftAlone() {
        List<Optional<Endpoint>> bindings = List.of(Optional.of(A), Optional.of(A), Optional.of(B));
        BitSet moving = new BitSet();
        moving.set(0, 2);
        assertEquals(bindings, Leveling.of(bindings, new double[] {9, 9, 1}, pool(1, 1), moving, 3));
        assertEquals(bindings, Leveling.of(bindings, new double[] {50, 0.5, 50}, pool(1, 1), NONE, 3));
        assertEquals(bindings, Leveling.of(bindings, new double[3], pool(1, 1), NONE, 3));
    }

    @Test
    void aDrainedServersBucketsGoWhereLeastIs() {
        List<Optional<Endpoint>> bindings =
                List.of(Optional.of(A), Optional.of(B), Optional.of(C), Optional.of(A), Optional.empty());
        assertEquals(
                List.of(Optional.of(C), Optional.of(B), Optional.of(C), Optional.of(B), Optional.of(B)),
                Leveling.of(bindings, new double[] {2, 1, 2, 3, 0}, pool(0, 1, 1), NONE, 0));
    }

    @Test
    void withoutLoadBucketsAreSharedByNumber() {
        List<Optional<Endpoint>> bindings =
                Leveling.of(Collections.nCopies(16, Optional.empty()), new double[16], pool(1, 3), NONE, 0);
        assertEquals(12, Collections.frequency(bindings, Optional.of(B)));
    }
}
