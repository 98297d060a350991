package org.ilb.connection;

import static org.ilb.AssociationState.CLOSING;
import static org.ilb.connection.Scenery.NO_SERVER;
import static org.ilb.connection.Scenery.ONE_SERVER;
import static org.ilb.connection.Scenery.OTHER_SERVER;
import static org.ilb.connection.Scenery.SEQUENCE;
import static org.ilb.connection.Scenery.SERVER;
import static org.ilb.connection.Scenery.association;
import static org.ilb.connection.Scenery.backup;
import static org.ilb.connection.Scenery.electorate;
import static org.ilb.connection.Scenery.ilbs;
import static org.ilb.connection.Scenery.key;
import static org.ilb.connection.Scenery.owner;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.UnknownConnection;
import org.ilb.election.Electorate;
import org.ilb.membership.TransferTable;
import org.junit.jupiter.api.Test;

/** What one ILB does with a segment, limitation by limitation of claims 13 to 15, 17 and 18. */
class LoadBalancerTest {

    private static final int CONNECTIONS = 500;

    private final Electorate four = electorate(3, ilbs(4));
    private final Map<IlbId, LoadBalancer> ilbs = new HashMap<>();

    LoadBalancerTest() {
        for (IlbId id : ilbs(5)) {
            ilbs.put(id, new LoadBalancer(id, four, 100, ONE_SERVER));
        }
    }

    private LoadBalancer ownerOf(FlowKey key) {
        return ilbs.get(owner(four, key));
    }

    private LoadBalancer backupOf(FlowKey key) {
        return ilbs.get(backup(four, key));
    }

    /** An ILB of the view that neither owns nor backs up a connection. */
    private LoadBalancer strangerTo(FlowKey key) {
        return ilbs(4).stream()
                .filter(id -> !association(four, key).concerns(id))
                .map(ilbs::get)
                .findFirst()
                .get();
    }

    private static String create(Association association) {
        return "create " + association;
    }

    private static String forward(Association association) {
        return "forward " + association;
    }

    @Test
    void claim13ThatReceivesASynAndIsOwnerSelectsAServer() {
        for (int i = 0; i < CONNECTIONS; i++) {
            FlowKey key = key(i);
            Verdict verdict = ownerOf(key).syn(key, SEQUENCE);
            assertEquals(create(association(four, key)), verdict.toString());
            assertNull(ownerOf(key).ltoc().get(key), "nothing is remembered that the store has not confirmed");
        }
    }

    @Test
    void claim13ThatReceivesASynAndIsNotOwnerHandsItOff() {
        for (int i = 0; i < CONNECTIONS; i++) {
            FlowKey key = key(i);
            for (IlbId receiver : ilbs(5)) {
                if (!receiver.equals(owner(four, key))) {
                    assertEquals(
                            "hand off to " + owner(four, key) + " in view 3",
                            ilbs.get(receiver).syn(key, SEQUENCE).toString());
                }
            }
        }
    }

    @Test
    void claim13ThatIsHandedASynAsOwnerSelectsAServer() {
        FlowKey key = key(1);
        assertEquals(
                create(association(four, key)),
                ownerOf(key).handedOff(HandedOff.syn(key, SEQUENCE, 3)).toString());
    }

    @Test
    void whoIsHandedASynInAnotherViewSaysSo() {
        FlowKey key = key(1);
        for (long view : new long[] {2, 4}) {
            assertEquals(
                    "elect again, in view 3",
                    ownerOf(key).handedOff(HandedOff.syn(key, SEQUENCE, view)).toString());
        }
        assertEquals(
                "elect again, in view 3",
                strangerTo(key).handedOff(HandedOff.syn(key, SEQUENCE, 3)).toString());
    }

    @Test
    void claim13OwnerAndBackupStoreTheNewAssociationAndOthersNeedNot() {
        for (int i = 0; i < CONNECTIONS; i++) {
            FlowKey key = key(i);
            Association association = association(four, key);
            assertEquals(forward(association), ownerOf(key).decided(association).toString());
            ilbs.values().forEach(ilb -> ilb.heard(association));
            for (LoadBalancer ilb : ilbs.values()) {
                assertEquals(association.concerns(ilb.id()), ilb.ltoc().get(key) != null);
                assertNull(ilb.cache().get(key));
            }
        }
        int owned = ilbs.values().stream().mapToInt(ilb -> ilb.ltoc().owned()).sum();
        int backedUp =
                ilbs.values().stream().mapToInt(ilb -> ilb.ltoc().backedUp()).sum();
        assertEquals(CONNECTIONS, owned);
        assertEquals(CONNECTIONS, backedUp);
    }

    @Test
    void aRetransmittedSynKeepsItsServer() {
        FlowKey key = key(1);
        Association association = association(four, key);
        ownerOf(key).decided(association);
        ownerOf(key).servers(k -> Optional.of(OTHER_SERVER));
        assertEquals(forward(association), ownerOf(key).syn(key, SEQUENCE).toString());
        assertEquals(
                forward(association),
                ownerOf(key).handedOff(HandedOff.syn(key, SEQUENCE, 3)).toString());
    }

    @Test
    void whoLosesThePutAdoptsTheWinners() {
        FlowKey key = key(1);
        Association winner = new Association(key, OTHER_SERVER, owner(four, key), backup(four, key), 3, SEQUENCE);
        assertEquals(
                create(association(four, key)), ownerOf(key).syn(key, SEQUENCE).toString());
        assertEquals(forward(winner), ownerOf(key).decided(winner).toString());
        assertEquals(forward(winner), ownerOf(key).segment(key).toString());
    }

    @Test
    void withoutAServerASynIsDropped() {
        FlowKey key = key(1);
        ownerOf(key).servers(NO_SERVER);
        assertEquals("drop: NO_SERVER", ownerOf(key).syn(key, SEQUENCE).toString());
    }

    @Test
    void claim14OwnerAndBackupForwardByTheirLtoc() {
        FlowKey key = key(1);
        Association association = association(four, key);
        for (LoadBalancer ilb : List.of(ownerOf(key), backupOf(key))) {
            assertEquals("ask the store", ilb.segment(key).toString());
            ilb.heard(association);
            assertEquals(forward(association), ilb.segment(key).toString());
        }
    }

    @Test
    void claim14AnyOtherForwardsByItsCacheOrElseHandsOff() {
        FlowKey key = key(1);
        Association association = association(four, key);
        LoadBalancer stranger = strangerTo(key);
        assertEquals(
                "hand off to " + owner(four, key) + " in view 3",
                stranger.segment(key).toString());
        stranger.learnt(association);
        assertEquals(forward(association), stranger.segment(key).toString());
    }

    @Test
    void claim15WithoutACacheHandsOff() {
        FlowKey key = key(1);
        LoadBalancer cacheless = new LoadBalancer(strangerTo(key).id(), four, 0, ONE_SERVER);
        cacheless.learnt(association(four, key));
        assertEquals(
                "hand off to " + owner(four, key) + " in view 3",
                cacheless.segment(key).toString());
    }

    @Test
    void whoIsHandedASegmentAnswersInAnyViewOrAsksTheStore() {
        FlowKey key = key(1);
        HandedOff message = HandedOff.segment(key, 99);
        assertEquals("ask the store", ownerOf(key).handedOff(message).toString());
        ownerOf(key).heard(association(four, key));
        assertEquals(
                forward(association(four, key)), ownerOf(key).handedOff(message).toString());
    }

    @Test
    void whatTheStoreKnowsEntersTheLtoc() {
        FlowKey key = key(1);
        Association association = association(four, key);
        Verdict verdict = ownerOf(key).stored(key, Optional.of(association), true, UnknownConnection.RESET, NO_SERVER);
        assertEquals(forward(association), verdict.toString());
        assertEquals(forward(association), ownerOf(key).segment(key).toString());
    }

    @Test
    void whatNobodyKnowsIsTreatedAsTheServiceSays() {
        FlowKey key = key(1);
        LoadBalancer owner = ownerOf(key);
        Optional<Association> none = Optional.empty();
        assertEquals(
                "reset",
                owner.stored(key, none, true, UnknownConnection.RESET, ONE_SERVER)
                        .toString());
        assertEquals(
                "drop: UNKNOWN",
                owner.stored(key, none, true, UnknownConnection.DROP, ONE_SERVER)
                        .toString());
        assertEquals(
                create(new Association(key, SERVER, owner(four, key), backup(four, key), 3, 0)),
                owner.stored(key, none, true, UnknownConnection.ADOPT, ONE_SERVER)
                        .toString());
        assertEquals(
                "drop: UNSETTLED",
                owner.stored(key, none, false, UnknownConnection.RESET, ONE_SERVER)
                        .toString());
    }

    @Test
    void ownerAndBackupOfThePreviousViewAreAskedWhatTheStoreLacks() {
        Electorate three = electorate(4, ilbs(3));
        IlbId leaver = IlbId.ofIndex(4);
        int asked = 0;
        ilbs.values().forEach(ilb -> ilb.change(three));
        for (int i = 0; i < CONNECTIONS; i++) {
            FlowKey key = key(i);
            LoadBalancer owner = ilbs.get(owner(three, key));
            Verdict verdict = owner.stored(key, Optional.empty(), true, UnknownConnection.RESET, NO_SERVER);
            List<IlbId> former = new ArrayList<>(List.of(owner(four, key), backup(four, key)));
            former.remove(owner.id());
            assertEquals("ask former owner and backup " + former, verdict.toString());
            asked += owner(four, key).equals(leaver) ? 1 : 0;
            Association before = association(four, key);
            Association now = before.concerns(leaver) ? association(three, key) : before;
            assertEquals(
                    create(now),
                    owner.formerly(key, Optional.of(before), true, UnknownConnection.RESET, NO_SERVER)
                            .toString());
            assertEquals(
                    "reset",
                    owner.formerly(key, Optional.empty(), true, UnknownConnection.RESET, NO_SERVER)
                            .toString());
        }
        assertTrue(asked > 0);
    }

    @Test
    void anEndIsForgottenByAllUnlessItIsOfAnOlderEpoch() {
        FlowKey key = key(1);
        Association association = association(four, key);
        Association older = new Association(key, SERVER, owner(four, key), backup(four, key), 3, SEQUENCE - 1);
        ilbs.values().forEach(ilb -> ilb.heard(association));
        strangerTo(key).learnt(association);
        ilbs.values().forEach(ilb -> ilb.ended(older));
        assertNotNull(ownerOf(key).ltoc().get(key));
        assertNotNull(strangerTo(key).cache().get(key));
        ilbs.values().forEach(ilb -> ilb.ended(association));
        for (LoadBalancer ilb : ilbs.values()) {
            assertNull(ilb.known(key));
        }
    }

    private Association nextEpoch(FlowKey key) {
        return new Association(key, OTHER_SERVER, owner(four, key), backup(four, key), 3, SEQUENCE + 1);
    }

    @Test
    void aSynWithAnotherSequenceNumberOnAClosingAssociationIsANewConnection() {
        FlowKey key = key(1);
        LoadBalancer owner = ownerOf(key);
        Association established = association(four, key);
        owner.servers(k -> Optional.of(OTHER_SERVER));
        owner.decided(established);
        assertEquals(forward(established), owner.syn(key, SEQUENCE - 1).toString(), "a stray of an earlier one");
        Association closing = established.in(CLOSING);
        assertEquals(closing, owner.update(closing));
        assertEquals(forward(closing), owner.syn(key, SEQUENCE).toString(), "a retransmission is not new");
        String supersede = create(nextEpoch(key)) + " in place of " + closing;
        assertEquals(supersede, owner.syn(key, SEQUENCE + 1).toString());
        assertEquals(
                supersede, owner.handedOff(HandedOff.syn(key, SEQUENCE + 1, 3)).toString());
        assertEquals(forward(closing), owner.segment(key).toString(), "a late ACK still finds its server");
    }

    /** A client reuses a port, and its SYN is quicker than the sign that the former connection has ended. */
    @Test
    void aSynWithALaterSequenceNumberIsAnEpochOfItsOwnEvenBeforeTheFormerIsKnownToClose() {
        FlowKey key = key(1);
        LoadBalancer owner = ownerOf(key);
        Association former = association(four, key);
        owner.servers(k -> Optional.of(OTHER_SERVER));
        owner.decided(former);
        Association next = new Association(key, SERVER, owner(four, key), backup(four, key), 3, SEQUENCE + 1);
        String supersede = create(next) + " in place of " + former;
        assertEquals(supersede, owner.syn(key, SEQUENCE + 1).toString());
        owner.superseded(former, next);
        owner.ended(former);
        assertNull(owner.update(former.in(CLOSING)));
        assertEquals(forward(next), owner.syn(key, SEQUENCE + 1).toString());
        assertEquals(forward(next), owner.segment(key).toString());
    }

    @Test
    void whatIsSupersededIsForgottenByAllBeforeTheNewOneIsKnown() {
        FlowKey key = key(1);
        Association closing = association(four, key).in(CLOSING);
        ilbs.values().forEach(ilb -> ilb.heard(closing));
        strangerTo(key).learnt(closing);
        Association standing = nextEpoch(key);
        for (LoadBalancer ilb : ilbs.values()) {
            assertEquals(forward(standing), ilb.superseded(closing, standing).toString());
        }
        assertEquals(standing, ownerOf(key).known(key));
        assertEquals(standing, backupOf(key).known(key));
        assertNull(strangerTo(key).known(key));
        ilbs.values().forEach(ilb -> ilb.ended(closing));
        assertEquals(standing, ownerOf(key).known(key), "the end of the former ends nothing");
    }

    @Test
    void whoHearsOfTwoEpochsBelievesNeitherAndAsks() {
        FlowKey key = key(1);
        for (LoadBalancer ilb : List.of(ownerOf(key), strangerTo(key))) {
            ilb.learnt(nextEpoch(key));
            ilb.heard(association(four, key));
            assertNull(ilb.known(key));
        }
    }

    @Test
    void anotherStateOrReceiverIsNotedByWhoeverKnowsTheEpoch() {
        FlowKey key = key(1);
        Association association = association(four, key);
        Association changed = association.in(CLOSING).receivedBy(strangerTo(key).id());
        assertNull(ownerOf(key).update(changed));
        ownerOf(key).heard(nextEpoch(key));
        assertNull(ownerOf(key).update(changed));
        backupOf(key).heard(association);
        assertEquals(changed, backupOf(key).update(changed));
        backupOf(key).heard(association);
        assertEquals(changed, backupOf(key).ltoc().get(key), "old news changes nothing");
        assertEquals(association.receivedBy(strangerTo(key).id()), backupOf(key).update(association));
    }

    @Test
    void aRouteIsWhatASegmentWouldBeToldAndUsesNothing() {
        FlowKey key = key(1);
        Association association = association(four, key);
        LoadBalancer stranger = new LoadBalancer(strangerTo(key).id(), four, 2, ONE_SERVER);
        assertEquals(stranger.segment(key).toString(), stranger.route(key).toString());
        assertEquals("ask the store", ownerOf(key).route(key).toString());
        ownerOf(key).heard(association);
        assertEquals(forward(association), ownerOf(key).route(key).toString());
        List<FlowKey> strange = new ArrayList<>();
        for (int i = 1; strange.size() < 3; i++) {
            if (!association(four, key(i)).concerns(stranger.id())) {
                strange.add(key(i));
            }
        }
        assertNull(stranger.learnt(association(four, strange.get(0))));
        assertNull(stranger.learnt(association(four, strange.get(1))));
        assertEquals(
                forward(association(four, strange.get(0))),
                stranger.route(strange.get(0)).toString());
        assertEquals(association(four, strange.get(0)), stranger.learnt(association(four, strange.get(2))));
        assertEquals(
                "hand off to " + owner(four, strange.get(0)) + " in view 3",
                stranger.route(strange.get(0)).toString());
    }

    @Test
    void claim17AfterAJoinEachLtocHoldsWhatItsIlbOwnsOrBacksUpAndNothingElse() {
        for (int i = 0; i < CONNECTIONS; i++) {
            Association association = association(four, key(i));
            ilbs.values().forEach(ilb -> ilb.heard(association));
        }
        assertStepTo(electorate(4, ilbs(5)), Set.of(IlbId.ofIndex(5)));
    }

    @Test
    void claim18AfterALeaveEachLtocHoldsWhatItsIlbOwnsOrBacksUpAndNothingElse() {
        for (int i = 0; i < CONNECTIONS; i++) {
            Association association = association(four, key(i));
            ilbs.values().forEach(ilb -> ilb.heard(association));
        }
        assertStepTo(electorate(4, ilbs(3)), Set.copyOf(ilbs(3)));
    }

    private void assertStepTo(Electorate next, Set<IlbId> recipients) {
        List<TransferTable> tables = new ArrayList<>();
        ilbs.values().forEach(ilb -> tables.add(ilb.change(next)));
        for (TransferTable table : tables) {
            assertEquals(recipients, table.recipients());
            assertEquals(4, table.view());
            for (IlbId recipient : table.recipients()) {
                table.associations().forEach(ilbs.get(recipient)::transferred);
            }
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            FlowKey key = key(i);
            for (LoadBalancer ilb : ilbs.values()) {
                Association known = ilb.ltoc().get(key);
                assertEquals(association(next, key).concerns(ilb.id()), known != null, () -> ilb.id() + " and " + key);
                if (known != null) {
                    assertEquals(owner(next, key), known.owner());
                    assertEquals(backup(next, key), known.backup().get());
                    assertEquals(SERVER, known.server());
                }
            }
        }
    }

    @Test
    void claim18CachesFlushWhatPointsAtTheLeaver() {
        IlbId leaver = IlbId.ofIndex(4);
        int cached = 0;
        for (int i = 0; i < 100; i++) {
            LoadBalancer stranger = strangerTo(key(i));
            stranger.learnt(association(four, key(i)));
            cached++;
        }
        ilbs.values().forEach(ilb -> ilb.change(electorate(4, ilbs(3))));
        int kept = 0;
        for (int i = 0; i < cached; i++) {
            boolean flushed = association(four, key(i)).concerns(leaver);
            kept += flushed ? 0 : 1;
            assertEquals(flushed, strangerTo(key(i)).cache().get(key(i)) == null);
        }
        assertTrue(kept > 0 && kept < cached);
    }

    @Test
    void whatALeaveDoesNotConcernIsNotTouched() {
        FlowKey untouched = key(1);
        IlbId leaver = strangerTo(untouched).id();
        List<IlbId> remaining = new ArrayList<>(ilbs(4));
        remaining.remove(leaver);
        Association association = association(four, untouched);
        ownerOf(untouched).heard(association);
        Association before = ownerOf(untouched).ltoc().get(untouched);
        ownerOf(untouched).change(electorate(4, remaining));
        assertSame(before, ownerOf(untouched).ltoc().get(untouched));
    }

    @Test
    void whereNobodyIsInSegmentsAreDropped() {
        LoadBalancer lonely = new LoadBalancer(IlbId.ofIndex(1), electorate(0, List.of()), 10, ONE_SERVER);
        assertEquals("drop: NO_ILB", lonely.syn(key(1), SEQUENCE).toString());
        assertEquals("drop: NO_ILB", lonely.segment(key(1)).toString());
    }
}
