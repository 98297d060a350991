package org.ilb.bucket;

import static org.ilb.bucket.Servers.A;
import static org.ilb.bucket.Servers.B;
import static org.ilb.bucket.Servers.C;
import static org.ilb.bucket.Servers.buckets;
import static org.ilb.bucket.Servers.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.Server;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final Buckets AHEAD = buckets(Buckets.Binding.AHEAD, 4);
    private static final Buckets LAZY = buckets(Buckets.Binding.LAZY, 4);
    private static final Timing TIMING = new Timing(AHEAD, Duration.ofHours(1), true);

    private final List<Optional<Move>> moves = new ArrayList<>(Collections.nCopies(16, Optional.empty()));

    private static List<Optional<Endpoint>> targets(List<Optional<Move>> moves) {
        return moves.stream().map(move -> move.map(Move::target)).collect(Collectors.toList());
    }

    private List<Plan.Step> plan(List<Server> pool, Set<Endpoint> failed, Buckets granularity) {
        return plan(pool, failed, granularity, 0);
    }

    private List<Plan.Step> plan(List<Server> pool, Set<Endpoint> failed, Buckets granularity, int beyond) {
        return Plan.of(moves, Spread.of(targets(moves), pool).bindings(), failed, granularity, beyond);
    }

    private int follow(List<Plan.Step> steps) {
        for (Plan.Step step : steps) {
            Optional<Move> move = moves.get(step.bucket());
            switch (step.change()) {
                case BIND:
                    assertTrue(!move.isPresent());
                    move = Optional.of(Move.settled(step.to(), TIMING));
                    break;
                case FLIP:
                    move = move.map(m -> m.flipped(step.to()));
                    break;
                case TURN:
                    move = move.map(m -> m.turned(step.to()));
                    break;
                default:
                    move = move.map(m -> m.begin(step.to()));
            }
            moves.set(step.bucket(), move);
        }
        return steps.size();
    }

    @Test
    void bucketsAreBoundAllAtOnceIfAhead() {
        assertEquals(0, follow(plan(pool(1, 1), Set.of(), LAZY)));
        assertEquals(16, follow(plan(pool(1, 1), Set.of(), AHEAD)));
        assertEquals(0, follow(plan(pool(1, 1), Set.of(), AHEAD)), "nothing changes");
        assertEquals(8, targets(moves).stream().filter(Optional.of(A)::equals).count());
    }

    @Test
    void ofThoseThatLeaveAServerMoreMoveInHasteAndNoOthers() {
        follow(plan(pool(1, 1), Set.of(), AHEAD));
        assertEquals(4, follow(plan(pool(0, 1), Set.of(), AHEAD)));
        assertTrue(Plan.isLeaving(moves, Spread.of(targets(moves), pool(0, 1)).bindings()));
        assertEquals(3, follow(plan(pool(0, 1), Set.of(), AHEAD, 3)));
        assertEquals(0, follow(plan(pool(0, 1), Set.of(), AHEAD, 3)));
        assertEquals(1, follow(plan(pool(0, 1), Set.of(), AHEAD, 9)), "one was left");
        assertTrue(!Plan.isLeaving(moves, Spread.of(targets(moves), pool(0, 1)).bindings()));
        moves.replaceAll(move -> Optional.of(Move.settled(B, TIMING)));
        List<Optional<Endpoint>> nowhere = Spread.of(targets(moves), pool(0, 0)).bindings();
        assertTrue(!Plan.isLeaving(moves, nowhere), "nobody is left to go to");
        assertEquals(4, follow(plan(pool(0, 1, 1), Set.of(), AHEAD, 9)), "a new server can wait");
    }

    @Test
    void fewMoveTogetherAndTheOthersWait() {
        follow(plan(pool(1, 1), Set.of(), AHEAD));
        assertEquals(4, follow(plan(pool(0, 1), Set.of(), AHEAD)));
        assertEquals(0, follow(plan(pool(0, 1), Set.of(), AHEAD)));
        int first = moves.indexOf(
                moves.stream().filter(m -> m.get().isMoving()).findFirst().get());
        moves.set(first, Optional.of(Move.settled(B, TIMING)));
        assertEquals(1, follow(plan(pool(0, 1), Set.of(), AHEAD)));
    }

    @Test
    void whatMustGoMovesBeforeWhatIsToBeEvened() {
        follow(plan(pool(12, 2, 2), Set.of(), AHEAD));
        List<Plan.Step> steps = plan(pool(1, 0, 1), Set.of(), AHEAD);
        assertEquals(4, steps.size());
        long drained = steps.stream()
                .filter(step -> moves.get(step.bucket()).get().server().equals(B))
                .count();
        assertEquals(2, drained);
    }

    @Test
    void aFailedServersBucketsFlipAllAtOnce() {
        follow(plan(pool(1, 1), Set.of(), AHEAD));
        List<Plan.Step> steps = plan(pool(0, 1), Set.of(A), AHEAD);
        assertEquals(8, steps.size());
        assertTrue(steps.stream().allMatch(step -> step.change() == Plan.Change.FLIP));
        follow(steps);
        assertTrue(targets(moves).stream().allMatch(Optional.of(B)::equals));
    }

    @Test
    void whatMovesToAServerThatIsToHaveNoneTurnsAtOnce() {
        follow(plan(pool(1, 1), Set.of(), AHEAD));
        assertEquals(4, follow(plan(pool(0, 1), Set.of(), AHEAD)));
        List<Plan.Step> steps = plan(pool(1, 0, 1), Set.of(B), AHEAD);
        assertEquals(
                4, steps.stream().filter(s -> s.change() == Plan.Change.TURN).count());
        follow(steps);
        assertTrue(targets(moves).stream().noneMatch(Optional.of(B)::equals));
    }

    @Test
    void whatIsWantedIsReached() {
        follow(plan(pool(1, 1, 1), Set.of(), AHEAD));
        int rounds = 0;
        while (follow(plan(pool(0, 3, 1), Set.of(), AHEAD)) > 0) {
            moves.replaceAll(move -> Optional.of(Move.settled(move.get().target(), TIMING)));
            rounds++;
        }
        assertEquals(2, rounds);
        assertEquals(12, targets(moves).stream().filter(Optional.of(B)::equals).count());
        assertEquals(4, targets(moves).stream().filter(Optional.of(C)::equals).count());
    }
}
