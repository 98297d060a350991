package org.ilb.membership;

import static org.ilb.membership.DetectorWorld.SLACK;
import static org.ilb.membership.DetectorWorld.ilb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds however large the network is, however messages get lost, and however the controller stumbles. */
class DetectorPropertiesTest {

    /** A lost message in fifty, and pauses of any length at any time. */
    private static void stumble(DetectorWorld world, Random random, long millis) {
        long end = world.now() + millis;
        while (world.now() < end) {
            world.stalled = false;
            world.run(random.nextInt(3_000));
            world.stalled = true;
            world.run(random.nextInt(2_000));
        }
        world.stalled = false;
    }

    @Property(tries = 200)
    void lossAndPausesExpelNobody(@ForAll @IntRange(min = 1, max = 24) int count, @ForAll long seed) {
        DetectorWorld world = DetectorWorld.settled(count, seed);
        world.loss = 0.02;
        stumble(world, new Random(seed), 60_000);
        assertFalse(world.everOut());
    }

    @Property(tries = 200)
    void aSilentOneIsFoundAndNoOther(@ForAll @IntRange(min = 3, max = 24) int count, @ForAll long seed) {
        Random random = new Random(seed);
        DetectorWorld world = DetectorWorld.settled(count, seed);
        world.loss = 0.02;
        stumble(world, random, 5_000);
        int mute = 1 + random.nextInt(count);
        world.mute.add(ilb(mute));
        long found = world.runUntil(() -> !world.out().isEmpty(), 60_000);
        assertEquals(Set.of(ilb(mute)), world.out().keySet());
        // Should others lose a few messages just then, suspicion doubles the patience.
        assertTrue(found <= 2 * world.patience() + 2 * SLACK, () -> found + " ms");
    }

    @Property(tries = 100)
    void whateverHappensOneStaysAndAllAreBackInTheEnd(
            @ForAll @IntRange(min = 1, max = 12) int count, @ForAll long seed) {
        Random random = new Random(seed);
        DetectorWorld world = DetectorWorld.settled(count, seed);
        for (int i = 0; i < 40; i++) {
            int ilb = 1 + random.nextInt(count);
            switch (random.nextInt(6)) {
                case 0:
                    world.mute.add(ilb(ilb));
                    break;
                case 1:
                    world.deaf.add(ilb(ilb));
                    break;
                case 2:
                    world.mute.clear();
                    world.deaf.clear();
                    break;
                case 3:
                    world.connect(ilb(ilb), false);
                    break;
                case 4:
                    world.connect(ilb(ilb), true);
                    break;
                default:
                    stumble(world, random, 1_000);
                    break;
            }
            world.run(random.nextInt(4_000));
            assertTrue(world.out().size() < count);
        }
        world.mute.clear();
        world.deaf.clear();
        world.ilbs.forEach(each -> world.connect(each, true));
        world.runUntil(() -> world.out().isEmpty(), 1_000_000);
        assertTrue(world.out().isEmpty());
        world.history.clear();
        world.run(60_000);
        assertFalse(world.everOut());
    }
}
