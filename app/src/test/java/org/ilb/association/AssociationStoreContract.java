package org.ilb.association;

import static org.ilb.association.Associations.ONE;
import static org.ilb.association.Associations.OTHER_SERVER;
import static org.ilb.association.Associations.SERVER;
import static org.ilb.association.Associations.THREE;
import static org.ilb.association.Associations.TWO;
import static org.ilb.association.Associations.association;
import static org.ilb.association.Associations.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises; two nodes share the one under test. */
abstract class AssociationStoreContract {

    private AssociationStore mine;
    private AssociationStore others;

    /** Creates two nodes' parts in one empty store. */
    abstract List<AssociationStore> twoNodes();

    /** Waits until everything that was written has been heard. */
    abstract void settle() throws Exception;

    @BeforeEach
    void open() {
        List<AssociationStore> nodes = twoNodes();
        mine = nodes.get(0);
        others = nodes.get(1);
    }

    @AfterEach
    void close() {
        mine.close();
        others.close();
    }

    static <T> T answer(CompletableFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(10, TimeUnit.SECONDS);
    }

    @Test
    void theFirstProposalStandsAndTheLoserAdoptsIt() throws Exception {
        assertEquals(association(1), answer(mine.putIfAbsent(association(1))));
        assertEquals(association(1), answer(others.putIfAbsent(association(1, OTHER_SERVER, 8))));
        assertEquals(Optional.of(association(1)), answer(others.get(key(1))));
        assertEquals(Optional.empty(), answer(others.get(key(2))));
    }

    @Test
    void keepsEveryFieldOfAnAssociation() throws Exception {
        List<Association> associations = new ArrayList<>();
        IlbId[] ids = {ONE, IlbId.parse("10.10.1.1"), IlbId.parse("2001:db8::1"), IlbId.ofIndex(Integer.MAX_VALUE)};
        for (IlbId owner : ids) {
            for (Endpoint server :
                    List.of(SERVER, Endpoint.parse("255.1.2.3:65535"), Endpoint.parse("[2001:db8::7]:1"))) {
                int number = associations.size();
                associations.add(established(new Association(key(number), server, owner, null, Long.MAX_VALUE, -1)));
                associations.add(established(new Association(key(number + 1), server, owner, ids[number % 4], 0, 1))
                        .receivedBy(ids[(number + 1) % 4]));
                associations.add(new Association(key(number + 2), server, owner, null, 1, number)
                        .bound(SERVER, Optional.of(server)));
            }
        }
        for (Association association : associations) {
            assertEquals(association, answer(mine.putIfAbsent(association)));
            assertEquals(Optional.of(association), answer(others.get(association.key())));
        }
        assertEquals(new HashSet<>(associations), new HashSet<>(answer(others.all())));
        assertEquals(associations.size(), answer(mine.all()).size());
    }

    private static Association established(Association association) {
        return association.in(AssociationState.ESTABLISHED);
    }

    @Test
    void keepsNoStateAndTakesWhatItReadsForEstablished() throws Exception {
        for (AssociationState state : AssociationState.values()) {
            Association association = association(state.ordinal()).in(state);
            assertEquals(association, answer(mine.putIfAbsent(association)));
            assertEquals(
                    established(association),
                    answer(mine.get(association.key())).get());
            assertTrue(answer(mine.replace(association.elected(THREE, ONE, 2))));
            assertEquals(
                    AssociationState.ESTABLISHED,
                    answer(others.get(association.key())).get().state());
        }
    }

    @Test
    void supersedesAnOlderEpochOnceAndTheLoserAdoptsTheWinners() throws Exception {
        Association former = association(1, SERVER, 7);
        Association winner = association(1, OTHER_SERVER, 8);
        answer(mine.putIfAbsent(former));
        assertEquals(winner, answer(mine.supersede(former, winner)));
        assertEquals(winner, answer(mine.supersede(former, winner)), "it may be repeated");
        assertEquals(winner, answer(others.supersede(former, association(1, SERVER, 9))));
        assertEquals(Optional.of(winner), answer(others.get(key(1))));
    }

    @Test
    void supersedesWhatIsGoneByNow() throws Exception {
        Association proposal = association(1, OTHER_SERVER, 8);
        assertEquals(proposal, answer(mine.supersede(association(1, SERVER, 7), proposal)));
        assertEquals(Optional.of(proposal), answer(others.get(key(1))));
    }

    @Test
    void aBucketsServersChangeOneAfterTheOther() throws Exception {
        Association settled = association(1);
        Association moving = settled.bound(SERVER, Optional.of(OTHER_SERVER));
        Association moved = moving.bound(OTHER_SERVER, Optional.empty());
        answer(mine.putIfAbsent(settled));
        assertEquals(moving, answer(mine.supersede(settled, moving)));
        assertEquals(moving, answer(others.supersede(settled, settled.bound(OTHER_SERVER, Optional.empty()))));
        assertTrue(answer(others.replace(moving.elected(THREE, ONE, 2))));
        assertEquals(Optional.of(OTHER_SERVER), answer(mine.get(key(1))).get().next(), "another view moves it no less");
        assertEquals(moved, answer(others.supersede(moving, moved)));
        assertEquals(Optional.of(moved), answer(mine.get(key(1))));
    }

    @Test
    void onlyAnotherEpochOfTheSameConnectionSupersedes() {
        assertThrows(
                IllegalArgumentException.class, () -> mine.supersede(association(1), association(1, OTHER_SERVER, 7)));
        assertThrows(
                IllegalArgumentException.class, () -> mine.supersede(association(1), association(2, OTHER_SERVER, 8)));
    }

    @Test
    void replacesOwnerAndBackupOfTheSameConnectionOnly() throws Exception {
        Association moved = association(1).elected(THREE, ONE, 2);
        assertFalse(answer(mine.replace(moved)), "there is none to replace");
        answer(mine.putIfAbsent(association(1)));
        assertTrue(answer(others.replace(moved)));
        assertEquals(Optional.of(moved), answer(mine.get(key(1))));
        moved = moved.receivedBy(TWO);
        assertTrue(answer(mine.replace(moved)), "another ILB receives it");
        assertEquals(Optional.of(moved), answer(others.get(key(1))));
        assertFalse(answer(mine.replace(association(1, OTHER_SERVER, 7))), "another server");
        assertFalse(answer(mine.replace(association(1, SERVER, 8))), "another epoch");
        assertEquals(Optional.of(moved), answer(mine.get(key(1))));
    }

    @Test
    void theEndOfAnOlderEpochRemovesNothing() throws Exception {
        answer(mine.putIfAbsent(association(1, SERVER, 8)));
        assertFalse(answer(mine.remove(association(1, SERVER, 7))));
        assertTrue(answer(others.remove(association(1, SERVER, 8))));
        assertFalse(answer(mine.remove(association(1, SERVER, 8))), "it is gone");
        assertEquals(Optional.empty(), answer(mine.get(key(1))));
        assertEquals(List.of(), answer(mine.all()));
    }

    @Test
    void aNodeHearsWhatOthersWriteAndNotWhatItWrites() throws Exception {
        List<String> heard = new ArrayList<>();
        List<String> echoed = new ArrayList<>();
        others.addListener(recording(heard));
        mine.addListener(recording(echoed));
        Association moved = association(1).elected(THREE, ONE, 2);
        answer(mine.putIfAbsent(association(1)));
        answer(mine.replace(moved));
        answer(mine.remove(moved));
        answer(mine.putIfAbsent(association(1, SERVER, 8)));
        answer(mine.supersede(association(1, SERVER, 8), association(1, OTHER_SERVER, 9)));
        settle();
        assertEquals(
                List.of(
                        "put " + association(1),
                        "put " + moved,
                        "removed " + moved,
                        "put " + association(1, SERVER, 8),
                        "removed " + association(1, SERVER, 8),
                        "put " + association(1, OTHER_SERVER, 9)),
                heard);
        assertEquals(List.of(), echoed);
        answer(others.remove(association(1, OTHER_SERVER, 9)));
        settle();
        assertEquals(List.of("removed " + association(1, OTHER_SERVER, 9)), echoed);
    }

    private static AssociationListener recording(List<String> events) {
        return new AssociationListener() {
            @Override
            public void put(Association association) {
                events.add("put " + association);
            }

            @Override
            public void removed(Association association) {
                events.add("removed " + association);
            }
        };
    }

    @Test
    void agreesWithAMapThroughAnySequenceOfOperations() throws Exception {
        Random random = new Random(1);
        Map<FlowKey, Association> model = new HashMap<>();
        Map<FlowKey, Association> heard = new HashMap<>();
        AssociationListener listener = new AssociationListener() {
            @Override
            public void put(Association association) {
                heard.put(association.key(), association);
            }

            @Override
            public void removed(Association association) {
                assertEquals(association, heard.remove(association.key()));
            }
        };
        others.addListener(listener);
        for (int i = 0; i < 3_000; i++) {
            int number = random.nextInt(20);
            Association association =
                    association(number, random.nextBoolean() ? SERVER : OTHER_SERVER, random.nextInt(2));
            Association standing = model.get(association.key());
            boolean sameEpoch = standing != null && standing.initialSequence() == association.initialSequence();
            switch (random.nextInt(4)) {
                case 0:
                    assertEquals(sameEpoch, answer(mine.remove(association)));
                    if (sameEpoch) {
                        model.remove(association.key());
                    }
                    break;
                case 1:
                    Association moved = association.elected(THREE, null, i).receivedBy(TWO);
                    boolean same = sameEpoch && standing.server().equals(association.server());
                    assertEquals(same, answer(mine.replace(moved)));
                    if (same) {
                        model.put(moved.key(), moved);
                    }
                    break;
                case 2:
                    Association next = association(number, OTHER_SERVER, i + 2);
                    if (standing == null || sameEpoch) {
                        model.put(next.key(), next);
                    }
                    assertEquals(model.get(next.key()), answer(mine.supersede(association, next)));
                    break;
                default:
                    model.putIfAbsent(association.key(), association);
                    assertEquals(model.get(association.key()), answer(mine.putIfAbsent(association)));
            }
        }
        settle();
        assertEquals(model, heard);
        assertEquals(new HashSet<>(model.values()), new HashSet<>(answer(mine.all())));
    }

    @Test
    void whatIsDestroyedIsEmptyAndClosed() throws Exception {
        answer(mine.putIfAbsent(association(1)));
        answer(mine.destroy());
        assertEquals(List.of(), answer(others.all()));
        ExecutionException refused = assertThrows(ExecutionException.class, () -> answer(mine.get(key(1))));
        assertInstanceOf(StoreException.class, refused.getCause());
    }
}
