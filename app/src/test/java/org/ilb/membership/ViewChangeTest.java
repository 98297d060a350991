package org.ilb.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.ScoreKind;
import org.ilb.View;
import org.ilb.election.Electorate;
import org.junit.jupiter.api.Test;

/** Claims 17 and 18: what a change of the view does to an association, and who tells whom. */
class ViewChangeTest {

    private static final Endpoint SERVER = Endpoint.parse("10.0.0.1:80");

    private final Random random = new Random(1);

    private Set<IlbId> members(int count) {
        Set<IlbId> members = new TreeSet<>();
        while (members.size() < count) {
            members.add(IlbId.ofIndex(1 + random.nextInt(100)));
        }
        return members;
    }

    private static Electorate electorate(long number, Set<IlbId> members) {
        return Electorate.of(new View(number, members), ScoreKind.CRC32_MIXED, 5);
    }

    private Association association(Electorate electorate) {
        FlowKey key = FlowKey.of(random.nextInt(), 80, random.nextInt(), 1 + random.nextInt(65_535));
        IlbId nobody = IlbId.ofIndex(1_000);
        return ViewChange.elected(electorate, new Association(key, SERVER, nobody, null, 0, 9));
    }

    private static Set<IlbId> concerned(Association association) {
        Set<IlbId> concerned = new TreeSet<>();
        concerned.add(association.owner());
        association.backup().ifPresent(concerned::add);
        return concerned;
    }

    @Test
    void everyStepComesToWhatAnElectionFromScratchComesTo() {
        for (int trial = 0; trial < 2_000; trial++) {
            Electorate before = electorate(1, members(1 + random.nextInt(8)));
            Electorate after = electorate(2, members(1 + random.nextInt(8)));
            Association association = association(before);
            Association stepped = new ViewChange(before, after).of(association);
            Association elected = ViewChange.elected(after, association);
            assertEquals(elected.owner(), stepped.owner());
            assertEquals(elected.backup(), stepped.backup());
            assertEquals(association.server(), stepped.server());
            assertEquals(association.initialSequence(), stepped.initialSequence());
            assertEquals(stepped == association ? 1 : 2, stepped.view());
            ViewChange change = new ViewChange(before, after);
            assertEquals(stepped != association, change.moves(association.key()));
            assertEquals(change.pointsAtLeaver(association), change.flushes(association.key()));
        }
    }

    @Test
    void onAJoinOnlyWhatTheNewcomerWinsMoves() {
        int moved = 0;
        int trials = 20_000;
        Set<IlbId> members = members(8);
        IlbId newcomer = members.iterator().next();
        Electorate after = electorate(2, members);
        Electorate before = electorate(1, Sets.difference(members, Set.of(newcomer)));
        ViewChange join = new ViewChange(before, after);
        for (int trial = 0; trial < trials; trial++) {
            Association association = association(before);
            Association now = join.of(association);
            if (now == association) {
                continue;
            }
            moved++;
            assertTrue(now.concerns(newcomer));
            if (now.owner().equals(newcomer)) {
                assertEquals(association.owner(), now.backup().get(), "the old owner becomes backup");
            } else {
                assertEquals(association.owner(), now.owner(), "the newcomer only backs up");
            }
            assertFalse(now.concerns(association.backup().get()), "the old backup drops it");
        }
        // Of eight, each owns or backs up a quarter.
        assertEquals(trials / 4, moved, trials / 50);
        assertEquals(Set.of(newcomer), join.recipients());
    }

    @Test
    void onALeaveOnlyWhatTheLeaverHadMoves() {
        int moved = 0;
        int trials = 20_000;
        Set<IlbId> members = members(8);
        IlbId leaver = members.iterator().next();
        Electorate before = electorate(1, members);
        Electorate after = electorate(2, Sets.difference(members, Set.of(leaver)));
        ViewChange leave = new ViewChange(before, after);
        for (int trial = 0; trial < trials; trial++) {
            Association association = association(before);
            Association now = leave.of(association);
            assertEquals(association.concerns(leaver), now != association);
            assertEquals(association.concerns(leaver), leave.pointsAtLeaver(association));
            if (now == association) {
                continue;
            }
            moved++;
            if (association.owner().equals(leaver)) {
                assertEquals(association.backup().get(), now.owner(), "the backup becomes owner");
            } else {
                assertEquals(association.owner(), now.owner(), "only a new backup is elected");
            }
        }
        assertEquals(trials / 4, moved, trials / 50);
        assertEquals(after.view().members(), leave.recipients());
    }

    /** Claim 17: those to whom the newcomer is news are told by one who knew; claim 18: so are those that remain. */
    @Test
    void whoeverIsNewToAnAssociationIsTold() {
        for (int trial = 0; trial < 5_000; trial++) {
            Set<IlbId> members = members(3 + random.nextInt(6));
            IlbId other = members.stream()
                    .skip(random.nextInt(members.size()))
                    .findFirst()
                    .get();
            Set<IlbId> without = Sets.difference(members, Set.of(other)).immutableCopy();
            boolean joins = random.nextBoolean();
            Electorate before = electorate(1, joins ? without : members);
            Electorate after = electorate(2, joins ? members : without);
            ViewChange change = new ViewChange(before, after);
            Association association = association(before);
            Association now = change.of(association);
            if (now == association) {
                continue;
            }
            List<IlbId> tellers = new ArrayList<>();
            for (IlbId ilb : concerned(association)) {
                if (after.view().members().contains(ilb) && change.lists(ilb, association, now)) {
                    tellers.add(ilb);
                }
            }
            assertFalse(tellers.isEmpty(), () -> "nobody tells of " + now);
            for (IlbId news : Sets.difference(concerned(now), concerned(association))) {
                assertTrue(change.recipients().contains(news), () -> news + " is not told of " + now);
            }
        }
    }

    @Test
    void nothingChangesWhileNobodyIsIn() {
        Electorate before = electorate(1, members(3));
        Association association = association(before);
        assertSame(association, ViewChange.elected(electorate(2, Set.of()), association));
    }
}
