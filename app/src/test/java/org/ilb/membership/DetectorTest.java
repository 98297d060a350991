package org.ilb.membership;

import static org.ilb.membership.DetectorWorld.SLACK;
import static org.ilb.membership.DetectorWorld.ilb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ilb.Absence;
import org.ilb.IlbId;
import org.ilb.Settings;
import org.junit.jupiter.api.Test;

/** Claim 16: who is out, by what is heard of whom. */
class DetectorTest {

    private static final Settings SETTINGS = Settings.builder(1).build();

    @Test
    void whoIsHeardIsIn() {
        for (int count = 1; count <= 20; count++) {
            DetectorWorld world = DetectorWorld.settled(count, count);
            world.run(60_000);
            assertFalse(world.everOut());
        }
    }

    @Test
    void whoFallsSilentIsOutWithinPeriodTimesMisses() {
        for (int count = 3; count <= 20; count++) {
            DetectorWorld world = DetectorWorld.settled(count, count);
            world.mute.add(ilb(2));
            long found = world.runUntil(() -> !world.out().isEmpty(), 10_000);
            assertEquals(Map.of(ilb(2), Absence.SILENT), world.out());
            assertTrue(found >= world.patience() - SLACK && found <= world.patience() + SLACK, () -> found + " ms");
            world.run(20_000);
            assertEquals(Set.of(ilb(2)), world.out().keySet());
        }
    }

    @Test
    void ofTwoNobodyCanTellWhoIsInTrouble() {
        DetectorWorld world = DetectorWorld.settled(2, 1);
        world.mute.add(ilb(2));
        world.run(60_000);
        assertFalse(world.everOut());
    }

    @Test
    void whoHearsNobodyHasNothingToSay() {
        for (int count = 2; count <= 20; count++) {
            DetectorWorld world = DetectorWorld.settled(count, count);
            world.deaf.add(ilb(1));
            world.run(20_000);
            assertFalse(world.everOut());
        }
    }

    @Test
    void itTakesMostOfTheHearers() {
        DetectorWorld world = DetectorWorld.settled(6, 1);
        world.broken.add(new Pairing(ilb(2), ilb(3)));
        world.run(20_000);
        assertFalse(world.everOut());
        world.broken.add(new Pairing(ilb(2), ilb(5)));
        world.run(world.patience() + SLACK);
        assertEquals(Map.of(ilb(2), Absence.SILENT), world.out());
    }

    @Test
    void whoWasSilentHasToBeHeardForAWhile() {
        DetectorWorld world = DetectorWorld.settled(4, 1);
        world.mute.add(ilb(3));
        world.run(5_000);
        assertEquals(Set.of(ilb(3)), world.out().keySet());
        world.mute.clear();
        long back = world.runUntil(() -> world.out().isEmpty(), 20_000);
        assertTrue(back >= 2 * world.patience() && back <= 2 * world.patience() + 2 * SLACK, () -> back + " ms");
        world.run(10_000);
        assertTrue(world.out().isEmpty());
    }

    @Test
    void aSingleMessageNowAndThenIsNotEnough() {
        DetectorWorld world = DetectorWorld.settled(4, 1);
        world.mute.add(ilb(3));
        world.run(5_000);
        for (int i = 0; i < 10; i++) {
            world.mute.clear();
            world.run(300);
            world.mute.add(ilb(3));
            world.run(1_500);
            assertEquals(Set.of(ilb(3)), world.out().keySet());
        }
    }

    @Test
    void severalAtOnceTakeTwiceAsLong() {
        DetectorWorld world = DetectorWorld.settled(8, 1);
        world.mute.add(ilb(2));
        world.mute.add(ilb(6));
        long found = world.runUntil(() -> !world.out().isEmpty(), 10_000);
        assertTrue(found >= 2 * world.patience() - SLACK, () -> found + " ms");
        world.run(SLACK);
        assertEquals(Set.of(ilb(2), ilb(6)), world.out().keySet());
    }

    @Test
    void ofTwoPartsOneStays() {
        DetectorWorld world = DetectorWorld.settled(6, 1);
        world.parts.add(Set.of(ilb(1), ilb(2), ilb(5)));
        world.run(20_000);
        Set<IlbId> stay = new HashSet<>(world.ilbs);
        stay.removeAll(world.out().keySet());
        assertTrue(stay.equals(Set.of(ilb(1), ilb(2), ilb(5))) || stay.equals(Set.of(ilb(3), ilb(4), ilb(6))));
        world.parts.clear();
        world.run(20_000);
        assertTrue(world.out().isEmpty());
    }

    @Test
    void oneAlwaysStays() {
        DetectorWorld world = DetectorWorld.settled(5, 1);
        world.mute.addAll(world.ilbs);
        world.run(20_000);
        assertFalse(world.everOut(), "nobody hears anybody");
        for (IlbId each : world.ilbs) {
            world.connect(each, false);
        }
        assertEquals(4, world.out().size());
        world.connect(ilb(2), true);
        assertFalse(world.out().containsKey(ilb(2)), "the only one that is there does not wait");
        assertEquals(4, world.out().size());
    }

    @Test
    void whoseSwitchGoesIsOutAtOnceAndBackWhenItIsHeard() {
        DetectorWorld world = DetectorWorld.settled(4, 1);
        world.connect(ilb(1), false);
        assertEquals(Map.of(ilb(1), Absence.AWAY), world.out());
        world.run(3_000);
        world.mute.add(ilb(1));
        world.connect(ilb(1), true);
        world.run(2_000);
        assertEquals(Map.of(ilb(1), Absence.AWAY), world.out(), "its rules and links are not there yet");
        world.mute.clear();
        assertTrue(world.runUntil(() -> world.out().isEmpty(), 10_000) <= SLACK);
    }

    @Test
    void whoseMessagesAreNotToBeHadIsInForItsSwitchAfterAWhile() {
        DetectorWorld world = new DetectorWorld(3, 1);
        world.mute.addAll(world.ilbs);
        world.ilbs.forEach(each -> world.connect(each, true));
        world.run(60_000);
        assertFalse(world.everOut());
        world.connect(ilb(1), false);
        world.run(1_000);
        world.connect(ilb(1), true);
        long back = world.runUntil(() -> world.out().isEmpty(), 60_000);
        assertEquals(Duration.ofNanos(Detector.RETURN_NANOS).toMillis(), back);
    }

    @Test
    void withoutMessagesSwitchesDecide() {
        DetectorWorld world =
                new DetectorWorld(3, Settings.builder(1).idHearers(0).build(), 1);
        world.ilbs.forEach(each -> world.connect(each, true));
        world.run(60_000);
        assertTrue(world.detector.hearers(ilb(1)).isEmpty());
        world.connect(ilb(1), false);
        assertEquals(Map.of(ilb(1), Absence.AWAY), world.out());
        world.connect(ilb(1), true);
        assertTrue(world.out().isEmpty());
    }

    @Test
    void whoIsMuteFromTheBeginningIsFoundOutAfterTheTimeThatRulesAndLinksMayTake() {
        DetectorWorld world = new DetectorWorld(4, 1);
        world.mute.add(ilb(4));
        world.ilbs.forEach(each -> world.connect(each, true));
        world.run(25_000);
        assertFalse(world.everOut());
        world.run(10_000);
        assertEquals(Map.of(ilb(4), Absence.SILENT), world.out());
    }

    @Test
    void aRestartOfTheControllerShufflesNothing() {
        DetectorWorld world = new DetectorWorld(6, 1);
        world.run(5_000);
        for (IlbId each : world.ilbs) {
            world.connect(each, true);
            world.run(3_000);
        }
        world.run(30_000);
        assertFalse(world.everOut());
    }

    @Test
    void whoDoesNotComeAfterTheStartIsOut() {
        DetectorWorld world = new DetectorWorld(3, 1);
        world.connect(ilb(1), true);
        world.connect(ilb(2), true);
        world.run(29_000);
        assertFalse(world.everOut());
        world.run(2_000);
        assertEquals(Map.of(ilb(3), Absence.AWAY), world.out());
    }

    @Test
    void aStalledControllerExpelsNobody() {
        DetectorWorld world = DetectorWorld.settled(5, 1);
        for (long stall : new long[] {200, 400, 700, 1_000, 1_200, 2_000, 5_000, 60_000}) {
            world.stalled = true;
            world.run(stall);
            world.stalled = false;
            world.run(3_000);
            assertFalse(world.everOut());
        }
        assertTrue(world.detector.stalls() >= 5);
        world.mute.add(ilb(5));
        world.run(world.patience() + SLACK);
        assertEquals(Set.of(ilb(5)), world.out().keySet());
    }

    @Test
    void whoFlapsIsHeldDownForLongerAndLonger() {
        DetectorWorld world = DetectorWorld.settled(4, 1);
        Map<Integer, Long> waits = new HashMap<>();
        for (int flap = 0; flap < 9; flap++) {
            world.connect(ilb(2), false);
            world.run(1_000);
            world.connect(ilb(2), true);
            waits.put(flap, world.runUntil(() -> world.out().isEmpty(), 1_000_000));
            world.run(1_000);
        }
        assertTrue(waits.get(0) <= SLACK);
        for (int flap = 1; flap <= 7; flap++) {
            long expected = 5_000L << flap - 1;
            long wait = waits.get(flap);
            assertTrue(wait >= expected && wait <= expected + SLACK, () -> waits.toString());
        }
        assertTrue(waits.get(8) <= 64 * 5_000L + SLACK, "it is bounded");
        world.run(2 * 64 * 5_000L);
        world.connect(ilb(2), false);
        world.connect(ilb(2), true);
        assertTrue(world.runUntil(() -> world.out().isEmpty(), 1_000_000) <= SLACK, "it is forgotten");
    }

    @Test
    void whoFlapsWhileHeldDownDoesNotComeIn() {
        DetectorWorld world = DetectorWorld.settled(4, 1);
        int entries = 0;
        boolean in = true;
        for (int i = 0; i < 300; i++) {
            world.connect(ilb(2), i % 2 == 1);
            world.run(1_000);
            boolean now = world.out().isEmpty();
            entries += now && !in ? 1 : 0;
            in = now;
        }
        assertTrue(entries <= 2, () -> "it must not move associations 150 times");
        assertEquals(Absence.HELD_DOWN, world.out().get(ilb(2)));
    }

    @Test
    void whatChangesInTheConfigurationLeavesTheOthersAlone() {
        DetectorWorld world = DetectorWorld.settled(4, 1);
        world.connect(ilb(2), false);
        Set<IlbId> more = new HashSet<>(world.ilbs);
        more.add(ilb(9));
        world.detector.configure(more, SETTINGS, world.now() * 1_000_000);
        world.detector.tick(world.now() * 1_000_000);
        assertEquals(Map.of(ilb(2), Absence.AWAY), world.out());
        more.remove(ilb(2));
        more.remove(ilb(9));
        world.detector.configure(more, SETTINGS, world.now() * 1_000_000);
        assertTrue(world.out().isEmpty());
        world.run(10_000);
        assertTrue(world.out().isEmpty());
    }

    @Test
    void itKnowsNobodyWhoIsNotConfigured() {
        Detector detector = new Detector(0);
        detector.connected(ilb(1), true, 0);
        detector.heard(ilb(1), ilb(2), 0);
        assertTrue(detector.tick(1).isEmpty());
        assertTrue(detector.hearers(ilb(1)).isEmpty());
    }
}
