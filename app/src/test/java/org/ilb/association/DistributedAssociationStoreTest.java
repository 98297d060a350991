package org.ilb.association;

import static org.ilb.association.Associations.OTHER_SERVER;
import static org.ilb.association.Associations.SERVER;
import static org.ilb.association.Associations.TWO;
import static org.ilb.association.Associations.association;
import static org.ilb.association.Associations.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.ilb.Association;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class DistributedAssociationStoreTest extends AssociationStoreContract {

    private final FakeMap map = new FakeMap();
    private final List<DistributedAssociationStore> nodes = new ArrayList<>();

    @Override
    List<AssociationStore> twoNodes() {
        nodes.add(new DistributedAssociationStore(map));
        nodes.add(new DistributedAssociationStore(map));
        return List.copyOf(nodes);
    }

    @Override
    void settle() throws InterruptedException {
        map.settle();
    }

    @Test
    void boundsWhatIsUnderWayAndAnswersAllInTheEnd() throws Exception {
        map.hold(true);
        List<CompletableFuture<Association>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(nodes.get(0).putIfAbsent(association(i)));
        }
        assertEquals(64, map.underWay());
        boolean more = true;
        while (more) {
            more = map.step();
            assertTrue(map.underWay() <= 64);
        }
        for (int i = 0; i < answers.size(); i++) {
            assertEquals(association(i), answer(answers.get(i)));
        }
    }

    @Test
    void refusesAtOnceWhenTooManyWait() {
        map.hold(true);
        for (int i = 0; i < 64 + 20_000; i++) {
            nodes.get(0).get(key(1));
        }
        CompletionException refused = assertThrows(
                CompletionException.class, () -> nodes.get(0).get(key(1)).join());
        assertInstanceOf(StoreException.class, refused.getCause());
    }

    @Test
    void whatAViewChangeWritesLetsNewConnectionsGoFirst() throws Exception {
        for (int i = 0; i < 200; i++) {
            answer(nodes.get(0).putIfAbsent(association(i)));
        }
        map.hold(true);
        List<CompletableFuture<Boolean>> replaced = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            replaced.add(nodes.get(0).replace(association(i).receivedBy(TWO)));
        }
        assertEquals(16, map.underWay());
        CompletableFuture<Association> created = nodes.get(0).putIfAbsent(association(200));
        for (int i = 0; i < 17; i++) {
            map.step();
        }
        assertEquals(association(200), answer(created));
        boolean more = true;
        while (more) {
            more = map.step();
        }
        for (CompletableFuture<Boolean> each : replaced) {
            assertTrue(answer(each));
        }
    }

    /** Each removal is two operations of the map: what is asked next must not get in between. */
    @Test
    void whatIsAskedOfOneConnectionTakesEffectInThisOrder() throws Exception {
        map.hold(true);
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Association association = association(1, SERVER, i);
            CompletableFuture<Association> created = nodes.get(0).putIfAbsent(association);
            answers.add(created.thenAccept(standing -> assertEquals(association, standing)));
            answers.add(nodes.get(0).remove(association).thenAccept(Assertions::assertTrue));
        }
        boolean more = true;
        while (more) {
            more = map.step();
        }
        for (CompletableFuture<?> each : answers) {
            answer(each);
        }
    }

    @Test
    void answersNeverOnTheThreadThatAnswersForOnos() throws Exception {
        map.hold(true);
        CompletableFuture<String> thread = nodes.get(0).get(key(1)).thenApply(answer -> Thread.currentThread()
                .getName());
        map.step();
        assertTrue(answer(thread).startsWith("onos-ilb"), thread::join);
    }

    @Test
    void listsMoreEntriesThanAStackIsDeep() throws Exception {
        for (int i = 0; i < 60_000; i++) {
            map.putIfAbsent(new AssociationCodec().key(key(i)), new AssociationCodec().value(association(i), 0));
        }
        assertEquals(60_000, answer(nodes.get(0).all()).size());
    }

    @Test
    void anEntryThatIsNoneOfOursIsAnErrorAloneAndSkippedAmongOthers() throws Exception {
        answer(nodes.get(0).putIfAbsent(association(1)));
        map.corrupt(new AssociationCodec().key(key(2)), new byte[] {99});
        map.corrupt("neither", new byte[0]);
        assertEquals(List.of(association(1)), answer(nodes.get(0).all()));
        ExecutionException error =
                assertThrows(ExecutionException.class, () -> answer(nodes.get(0).get(key(2))));
        assertInstanceOf(StoreException.class, error.getCause());
    }

    @Test
    void ofTwoThatSupersedeAtTheSameTimeOneWins() throws Exception {
        Association former = association(1);
        answer(nodes.get(0).putIfAbsent(former));
        map.hold(true);
        Association proposal = association(1, OTHER_SERVER, 8);
        CompletableFuture<Association> winner = nodes.get(0).supersede(former, proposal);
        CompletableFuture<Association> loser = nodes.get(1).supersede(former, association(1, SERVER, 9));
        boolean more = true;
        while (more) {
            more = map.step();
        }
        assertEquals(proposal, answer(winner));
        assertEquals(proposal, answer(loser));
    }

    @Test
    void whatAFormerReleaseWroteIsReadWithoutAReceiver() throws Exception {
        AssociationCodec codec = new AssociationCodec();
        byte[] value = codec.value(association(1), 5);
        // Format 1 ended before the receiver and the next server, each of which has one byte here: none.
        byte[] former = Arrays.copyOf(value, value.length - 2);
        former[0] = 1;
        map.corrupt(codec.key(key(1)), former);
        assertEquals(Optional.of(association(1)), answer(nodes.get(0).get(key(1))));
        assertTrue(answer(nodes.get(0).replace(association(1).receivedBy(TWO))));
        assertEquals(TWO, answer(nodes.get(1).get(key(1))).get().receiver().get());
    }

    /** Or uninstalling the application would have to wait for the ends of all connections, one by one. */
    @Test
    void whatIsDestroyedGivesUpWhatWaitsAndSeesOutWhatIsUnderWay() throws Exception {
        for (int i = 0; i < 100; i++) {
            answer(nodes.get(0).putIfAbsent(association(i)));
        }
        map.hold(true);
        List<CompletableFuture<Association>> created = new ArrayList<>();
        for (int i = 100; i < 10_000; i++) {
            created.add(nodes.get(0).putIfAbsent(association(i)));
        }
        CompletableFuture<Boolean> patient = nodes.get(0).replace(association(1).receivedBy(TWO));
        CompletableFuture<Void> destroyed = nodes.get(0).destroy();
        assertEquals(64, map.underWay());
        for (int i = 0; i < 64; i++) {
            assertFalse(destroyed.isDone());
            map.step();
        }
        assertEquals(1, map.underWay());
        map.step();
        answer(destroyed);
        assertEquals(0, map.underWay());
        map.hold(false);
        assertEquals(List.of(), answer(nodes.get(1).all()));
        for (int i = 0; i < created.size(); i++) {
            CompletableFuture<Association> each = created.get(i);
            if (i < 64) {
                assertEquals(association(100 + i), answer(each));
            } else {
                assertInstanceOf(
                        StoreException.class,
                        assertThrows(ExecutionException.class, () -> answer(each))
                                .getCause());
            }
        }
        assertThrows(ExecutionException.class, () -> answer(patient));
    }

    @Test
    void whatGetsNoAnswerDoesNotKeepTheStoreFromBeingDestroyed() throws Exception {
        answer(nodes.get(0).putIfAbsent(association(1)));
        map.hold(true);
        nodes.get(0).get(key(1));
        CompletableFuture<Void> destroyed = nodes.get(0).destroy();
        map.hold(false);
        answer(destroyed);
        assertEquals(List.of(), answer(nodes.get(1).all()));
    }

    @Test
    void operationsUnderWayWhenItClosesAreAnsweredAllTheSame() throws Exception {
        map.hold(true);
        CompletableFuture<Association> answer = nodes.get(0).putIfAbsent(association(1));
        nodes.get(0).close();
        map.step();
        assertEquals(association(1), answer(answer));
    }
}
