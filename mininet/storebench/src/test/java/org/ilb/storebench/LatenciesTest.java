package org.ilb.storebench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void aPercentileIsNotExceededByThatFractionAndIsOneOfThem() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            long[] nanos =
                    random.longs(1 + random.nextInt(300), 0, 1_000_000_000).toArray();
            Latencies latencies = new Latencies(nanos, 1);
            double fraction = random.nextDouble();
            double millis = latencies.percentile(fraction);
            long within = 0;
            long equal = 0;
            for (long each : nanos) {
                within += each / 1e6 <= millis ? 1 : 0;
                equal += each / 1e6 == millis ? 1 : 0;
            }
            assertTrue(within >= fraction * nanos.length, "seed " + seed);
            assertTrue(within - equal < fraction * nanos.length || within == equal, "seed " + seed);
            assertTrue(equal > 0, "seed " + seed);
        }
    }

    @Test
    void ends() {
        Latencies latencies = new Latencies(new long[] {3_000_000, 1_000_000, 2_000_000}, 6_000_000);
        assertEquals(1, latencies.percentile(0));
        assertEquals(2, latencies.percentile(0.5));
        assertEquals(3, latencies.percentile(1));
        assertEquals(1, latencies.longerThan(2));
        assertEquals(500, latencies.perSecond(), 1e-9);
    }
}
