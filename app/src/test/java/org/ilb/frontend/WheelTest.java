package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.ilb.FlowKey;
import org.junit.jupiter.api.Test;

/** Every entry comes round once: not early, at most a tick late unless the pace is bounded, none lost. */
class WheelTest {

    private static final long TICK = 100;

    private static FlowKey key(int number) {
        return FlowKey.of(1, 80, number, 40000);
    }

    @Test
    void bringsEachOnceAndInTime() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            long now = random.nextInt(1_000_000);
            Wheel wheel = new Wheel(TICK, now);
            Map<FlowKey, Long> expected = new HashMap<>();
            int number = 0;
            long latest = now;
            while (number < 500 || now <= latest + 2 * TICK) {
                for (int i = random.nextInt(5); i > 0 && number < 500; i--) {
                    // Beyond one turn of the wheel, too.
                    long at = now + random.nextInt(random.nextInt(10) == 0 ? 200_000 : 2_000);
                    latest = Math.max(latest, at);
                    expected.put(key(number), at);
                    wheel.add(key(number++), at);
                }
                long before = now;
                now += random.nextInt(300);
                for (Wheel.Entry entry : wheel.takeDue(now, Integer.MAX_VALUE)) {
                    Long at = expected.remove(entry.key());
                    assertTrue(at != null && at == entry.atNanos(), "seed " + seed + ": twice");
                    assertTrue(at <= now, "seed " + seed + ": early");
                    assertTrue(at > before - 2 * TICK, "seed " + seed + ": late");
                }
            }
            assertTrue(expected.isEmpty(), "seed " + seed + ": lost " + expected);
        }
    }

    @Test
    void boundsThePaceAndLosesNothing() {
        Wheel wheel = new Wheel(TICK, 0);
        for (int i = 0; i < 1000; i++) {
            wheel.add(key(i), 50 + i % 7 * TICK);
        }
        Set<FlowKey> seen = new HashSet<>();
        for (int turn = 0; turn < 10; turn++) {
            List<Wheel.Entry> due = wheel.takeDue(2_000, 100);
            assertEquals(100, due.size());
            due.forEach(entry -> assertTrue(seen.add(entry.key())));
        }
        assertTrue(wheel.takeDue(2_000, 100).isEmpty());
        assertFalse(seen.contains(key(1000)));
    }

    @Test
    void catchesUpAfterALongPause() {
        Wheel wheel = new Wheel(TICK, 0);
        wheel.add(key(1), 1_000);
        wheel.add(key(2), 10_000_000);
        assertEquals(1, wheel.takeDue(9_000_000, 10).size());
        assertEquals(1, wheel.takeDue(10_000_200, 10).size());
    }
}
