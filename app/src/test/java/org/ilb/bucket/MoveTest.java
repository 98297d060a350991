package org.ilb.bucket;

import static org.ilb.bucket.Servers.A;
import static org.ilb.bucket.Servers.B;
import static org.ilb.bucket.Servers.C;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.ilb.BucketState;
import org.ilb.Buckets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MoveTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Buckets BUCKETS = Servers.buckets(Buckets.Binding.AHEAD, 1);
    private static final Timing FLAGS = new Timing(BUCKETS, Duration.ofSeconds(300), true);
    private static final Timing NO_FLAGS = new Timing(BUCKETS, Duration.ofSeconds(300), false);

    private static void assertTables(Move move, BucketState state, boolean direct, boolean synsUp, boolean punts) {
        assertEquals(state, move.state());
        assertEquals(direct, move.direct());
        assertEquals(synsUp, move.synsUp());
        assertEquals(punts, !move.fallback().isPresent());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noConnectionMeetsTwoServersWhateverHappensInWhateverOrder(boolean flags) {
        Map<String, Integer> seen = new TreeMap<>();
        for (int seed = 0; seed < 3_000; seed++) {
            new MovingWorld(seed, flags).run(600).forEach((what, times) -> seen.merge(what, times, Integer::sum));
        }
        for (BucketState state : BucketState.values()) {
            boolean possible = state != BucketState.UNBOUND && (flags || state != BucketState.MOVING);
            assertEquals(possible, seen.getOrDefault("to " + state, 0) > 300, "to " + state + " " + seen);
            assertEquals(possible, seen.getOrDefault("restarted " + state, 0) > 100, "restarted " + state + " " + seen);
            assertEquals(possible, seen.getOrDefault("failed in " + state, 0) > 10, "failed in " + state + " " + seen);
        }
        assertTrue(seen.get("pinned in PINNING") > 1_000, seen.toString());
    }

    @Test
    void aMoveGoesThroughItsStagesAsTimeAndAcknowledgementsAllow() {
        Move move = Move.settled(A, FLAGS).begin(B);
        assertTables(move, BucketState.PREPARING, false, true, false);
        assertEquals(A, move.forSyn());
        assertSame(move, move.tick(Long.MAX_VALUE / 2), "time waits for the tables");
        move = move.stood(move, 10 * SECOND);
        assertEquals(OptionalLong.of(13 * SECOND), move.due());
        assertSame(move, move.tick(13 * SECOND - 1));

        move = move.tick(13 * SECOND);
        assertTables(move, BucketState.MOVING, false, true, false);
        assertEquals(Optional.of(A), move.fallback());
        assertEquals(B, move.forSyn());
        assertTrue(move.mustStand(B));
        assertFalse(move.mustStand(A), "its segments come to A without a rule");

        move = move.tick(73 * SECOND);
        assertTables(move, BucketState.PINNING, false, true, true);
        assertEquals(A, move.forOther());
        assertTrue(move.mustStand(B), "somewhere the wildcard may still lead to A");
        move = move.stood(move, 74 * SECOND);
        assertFalse(move.mustStand(A) || move.mustStand(B), "a missing rule costs a packet-in");
        move = move.pinned(100 * SECOND);
        assertEquals(OptionalLong.of(400 * SECOND), move.due());

        move = move.tick(400 * SECOND);
        assertTrue(move.isLeaving());
        assertTables(move, BucketState.PINNING, false, true, true);
        assertTrue(move.mustStand(A));
        assertFalse(move.mustStand(B));

        move = move.left();
        assertTables(move, BucketState.PINNED, false, false, false);
        assertEquals(Optional.of(B), move.fallback());
        assertEquals(Optional.empty(), move.next());
        assertTrue(move.mustStand(A));
        assertSame(move, move.pins(1));
        assertTables(move.pins(0), BucketState.SETTLED, true, false, false);
        assertEquals(B, move.pins(0).server());
    }

    @Test
    void withoutFlagsAllThatIsUnknownComesUpFromTheBeginning() {
        Move move = Move.settled(A, NO_FLAGS).begin(B);
        assertTables(move, BucketState.PREPARING, false, false, true);
        move = move.stood(move, 0);
        assertEquals(A, move.forSyn());
        move = move.tick(3 * SECOND);
        assertTables(move, BucketState.PINNING, false, false, true);
        assertTrue(move.isStanding());
        assertEquals(B, move.forSyn());
        assertEquals(A, move.forOther());
        assertEquals(OptionalLong.of(303 * SECOND), move.due());
    }

    @Test
    void anAnswerThatHasBeenOvertakenIsNone() {
        Move preparing = Move.settled(A, FLAGS).begin(B);
        Move pinning = preparing.stood(preparing, 0).tick(3 * SECOND).tick(63 * SECOND);
        assertEquals(BucketState.PINNING, pinning.state());
        assertSame(pinning, pinning.stood(preparing, 64 * SECOND));
        assertTrue(pinning.stood(pinning, 64 * SECOND).isStanding());
    }

    @Test
    void nobodyIsWaitedForWhenTheFormerServerFails() {
        Move move = Move.settled(A, FLAGS).begin(B);
        assertSame(move, move.failed(C));
        move = move.failed(A);
        assertFalse(move.isLeaving(), "some ILB may not punt yet");
        move = move.stood(move, 0);
        assertTrue(move.isLeaving());
        assertEquals(B, move.forSyn());
        assertEquals(B, move.forOther(), "who lived at A hears from B that it is dead");
        assertEquals(B, move.left().server());
        assertEquals(C, Move.settled(A, FLAGS).flipped(C).server());
    }

    @Test
    void aMoveTurnsToAThirdServerOrBack() {
        Move move = Move.settled(A, FLAGS).begin(B);
        assertTables(move.turned(A), BucketState.PINNED, false, false, false);
        assertEquals(C, move.turned(C).target());
        move = move.stood(move, 0).tick(3 * SECOND);
        assertEquals(C, move.turned(C).forSyn());
        Move back = move.turned(A);
        assertFalse(back.mayTurn());
        assertTrue(back.mustStand(B), "who began at B stays there");
        back = back.stood(back, 4 * SECOND).left();
        assertEquals(A, back.server());
        assertTrue(back.mustStand(B));
    }

    @Test
    void rulesThatRunOutOfRoomMayGoOncePunted() {
        Move pinned = Move.resumed(A, Optional.empty(), 3, FLAGS);
        assertTables(pinned, BucketState.PINNED, false, false, false);
        Move crowded = pinned.crowded();
        assertTables(crowded, BucketState.PINNING, false, true, true);
        assertTrue(crowded.mustStand(B));
        crowded = crowded.stood(crowded, 0);
        assertFalse(crowded.mustStand(B));
        assertEquals(A, crowded.forSyn());
        assertEquals(A, crowded.forOther());
    }

    @Test
    void aRestartPreparesOnceMoreAndPunts() {
        Move move = Move.resumed(A, Optional.of(B), 0, FLAGS);
        assertTables(move, BucketState.PREPARING, false, true, true);
        move = move.stood(move, 0);
        assertEquals(A, move.forSyn());
        assertFalse(move.mustStand(B));
        assertEquals(B, move.tick(3 * SECOND).forSyn());
        assertEquals(BucketState.PINNING, move.tick(3 * SECOND).state());
        assertEquals(
                BucketState.SETTLED, Move.resumed(A, Optional.empty(), 0, FLAGS).state());
    }

    @Test
    void whatCannotBeIsRefused() {
        Move settled = Move.settled(A, FLAGS);
        Move moving = settled.begin(B);
        assertThrows(IllegalArgumentException.class, () -> settled.begin(A));
        assertThrows(IllegalStateException.class, () -> moving.begin(C));
        assertThrows(IllegalStateException.class, () -> settled.turned(B));
        assertThrows(IllegalStateException.class, () -> moving.flipped(C));
        assertThrows(IllegalStateException.class, moving::left);
    }
}
