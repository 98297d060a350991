package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.ilb.AdminState;
import org.ilb.Association;
import org.ilb.AssociationFilter;
import org.ilb.AssociationState;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Ranking;
import org.ilb.ReturnMode;
import org.ilb.Server;
import org.ilb.ServerFailure;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.ilb.ViewPeriod;
import org.ilb.connection.Ending;
import org.ilb.frontend.TestSwitches.Sent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/** The function with its real parts, over switches and a store that answer when they are told to. */
class FrontEndFunctionTest {

    private static final int SYN = 0x02;
    private static final int ACK = 0x10;
    private static final int RST = 0x04;

    private final TestSwitches switches = new TestSwitches();
    private final FrontEnd frontEnd = TestFrontEnd.routed(4, 3);

    @BeforeEach
    void configure() {
        switches.function().configure(Optional.of(frontEnd));
    }

    @AfterEach
    void close() {
        switches.close();
    }

    private Ilb ilb(int index) {
        return frontEnd.ilbs().get(index);
    }

    @Test
    void setsAConnectionUpByOneRuleAndOneWriteAndThenReleasesItsSyn() {
        switches.holdRules(true);
        switches.store().hold(true);
        Endpoint client = client(1);
        switches.arrive(ilb(0), client, SYN, 7);
        switches.await(() -> switches.rulesPut() == 1);

        switches.confirmRules();
        switches.settle();
        assertEquals(0, switches.sent().size(), "the write is not acknowledged");
        switches.store().hold(false);
        switches.await(() -> switches.sent().size() == 1);

        Association association = only();
        Sent sent = switches.sent().get(0);
        assertEquals(association.server(), sent.destination());
        assertEquals(ilb(0).device(), sent.device());
        assertEquals(TestSwitches.INGRESS, sent.inPort());
        assertEquals(1, switches.rulesPut());
        Ranking elected = switches.function().elect(association.key()).get();
        assertEquals(elected.owner(), association.owner());
        assertEquals(elected.backup(), association.backup());
    }

    @Test
    void holdsWhatRacesTheRuleAndReleasesItInOrderToTheSameServer() {
        switches.holdRules(true);
        Endpoint client = client(2);
        switches.arrive(ilb(1), client, SYN, 7);
        switches.arrive(ilb(1), client, SYN, 7);
        switches.arrive(ilb(1), client, ACK, 8);
        switches.settle();
        assertEquals(0, switches.sent().size());
        assertEquals(1, switches.rulesPut());
        switches.confirmRules();
        switches.await(() -> switches.sent().size() == 3);
        List<Sent> sent = switches.sent();
        assertEquals(
                List.of(7, 7, 8),
                List.of(
                        sent.get(0).sequence(),
                        sent.get(1).sequence(),
                        sent.get(2).sequence()));
        assertEquals(1, sent.stream().map(Sent::destination).distinct().count());
    }

    @Test
    void aClientWithAffinityHasOneServerWhicheverIlbsItComesInBy() {
        switches.function().configure(Optional.of(with(service -> service.affine(Optional.of(Duration.ofMinutes(1))))));
        for (int host = 1; host <= 3; host++) {
            for (int port = 40_000; port < 40_012; port++) {
                int before = switches.sent().size();
                switches.arrive(ilb(port % 4), Endpoint.parse("203.0.113." + host + ":" + port), SYN, port);
                switches.await(() -> switches.sent().size() == before + 1);
            }
            int last = switches.sent().size();
            assertEquals(
                    1,
                    switches.sent().subList(last - 12, last).stream()
                            .map(Sent::destination)
                            .distinct()
                            .count());
        }
        // Whose connections were there before the service had affinity keeps its server, too.
        switches.function().configure(Optional.of(frontEnd));
        Endpoint early = Endpoint.parse("203.0.113.9:41000");
        switches.arrive(ilb(0), early, SYN, 7);
        switches.await(() -> switches.sent().size() == 37);
        switches.settle();
        switches.function().configure(Optional.of(with(service -> service.affine(Optional.of(Duration.ofSeconds(1))))));
        switches.settle();
        switches.pass(Duration.ofSeconds(5));
        for (int port = 41_001; port < 41_008; port++) {
            int before = switches.sent().size();
            switches.arrive(ilb(port % 4), Endpoint.parse("203.0.113.9:" + port), SYN, port);
            switches.await(() -> switches.sent().size() == before + 1);
            assertEquals(
                    switches.sent().get(36).destination(),
                    switches.sent().get(before).destination());
        }
    }

    @Test
    void connectionsEndWhenTheirServersAreAddressedOtherwise() {
        switches.arrive(ilb(0), client(1), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        switches.settle();
        assertEquals(1, switches.store().all().join().size());
        switches.function().configure(Optional.of(with(service -> service.returning(ReturnMode.DSR))));
        switches.settle();
        assertTrue(switches.store().all().join().isEmpty());
        switches.arrive(ilb(0), client(2), SYN, 7);
        switches.await(() -> switches.sent().size() == 2);
        assertEquals(TestFrontEnd.SERVICE, switches.sent().get(1).destination(), "it is sent as it came");
    }

    @Test
    void findsTheServerOfAConnectionThatAnErrorIsAbout() {
        switches.arrive(ilb(1), client(1), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        List<Optional<Endpoint>> found = Collections.synchronizedList(new ArrayList<>());
        switches.function().path().findServer(FlowKey.of(TestFrontEnd.SERVICE, client(1)), found::add);
        switches.function().path().findServer(FlowKey.of(TestFrontEnd.SERVICE, client(2)), found::add);
        switches.settle();
        assertEquals(2, found.size());
        assertTrue(found.contains(Optional.of(switches.sent().get(0).destination())));
        assertTrue(found.contains(Optional.empty()));
    }

    private FrontEnd with(UnaryOperator<Service> change) {
        return new FrontEnd(
                ImmutableList.of(change.apply(frontEnd.services().get(0))), frontEnd.ilbs(), frontEnd.settings());
    }

    @Test
    void forwardsARetransmittedSynWithoutASecondDecision() {
        Endpoint client = client(3);
        switches.arrive(ilb(2), client, SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        switches.arrive(ilb(2), client, SYN, 7);
        switches.await(() -> switches.sent().size() == 2);
        assertEquals(
                switches.sent().get(0).destination(), switches.sent().get(1).destination());
        assertEquals(1, switches.rulesPut());
    }

    @Test
    void keepsTheServerWhenTheRouterChoosesAnotherIlb() {
        Endpoint client = client(4);
        switches.arrive(ilb(0), client, SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        for (int i = 1; i < 4; i++) {
            switches.arrive(ilb(i), client, ACK, 8);
        }
        switches.await(() -> switches.sent().size() == 4);
        assertEquals(
                1, switches.sent().stream().map(Sent::destination).distinct().count());
        assertEquals(4, switches.rulesPut(), "each receiving ILB has its own exact rule");
        assertEquals(
                1,
                switches.function().associations(AssociationFilter.ALL, 0, 10).total());
    }

    @Test
    void releasesTheSynWithoutTheStoreWhenTheStoreStalls() {
        configured(Settings.builder(1).storeWait(Duration.ofMillis(50)).build());
        switches.store().hold(true);
        switches.arrive(ilb(0), client(5), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        assertEquals(1, switches.count(Count.STORE_LATE));
        switches.arrive(ilb(1), client(5), SYN, 7);
        switches.await(() -> switches.sent().size() == 2);
        assertEquals(
                switches.sent().get(0).destination(), switches.sent().get(1).destination());
        switches.store().hold(false);
        switches.await(() ->
                switches.function().associations(AssociationFilter.ALL, 0, 10).total() == 1);
        assertEquals(switches.sent().get(0).destination(), only().server());
    }

    @Test
    void servesWithoutTheStoreWhenTheStoreFails() {
        switches.store().fail(true);
        switches.arrive(ilb(0), client(6), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        switches.arrive(ilb(1), client(6), ACK, 8);
        switches.await(() -> switches.sent().size() == 2);
        assertEquals(
                switches.sent().get(0).destination(), switches.sent().get(1).destination());
        assertTrue(switches.count(Count.STORE_FAILED) > 0);
    }

    @Test
    void dropsTheSynWhenTheSwitchRefusesAndServesTheNextOne() {
        switches.refuseRules(true);
        switches.arrive(ilb(0), client(7), SYN, 7);
        switches.await(() -> switches.count(Count.RULES_FAILED) == 1);
        assertEquals(0, switches.sent().size());
        switches.refuseRules(false);
        switches.arrive(ilb(0), client(7), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
    }

    @Test
    void resetsUnknownConnectionsAndNeverAnswersAReset() {
        switches.arrive(ilb(0), client(8), ACK, 8);
        switches.await(() -> switches.sent().size() == 1);
        Sent reset = switches.sent().get(0);
        assertTrue(reset.isReset());
        assertEquals(PortNumber.IN_PORT, reset.outPort());
        assertEquals(client(8), reset.destination());
        switches.arrive(ilb(0), client(8), RST, 8);
        switches.await(() -> switches.count(Count.UNKNOWN) == 2);
        assertEquals(1, switches.sent().size());
        assertEquals(0, switches.rulesPut());
    }

    @Test
    void adoptsUnknownConnectionsWhereTheServiceSaysSo() {
        switches.function().configure(Optional.of(TestFrontEnd.routed(4, 3, UnknownConnection.ADOPT)));
        switches.arrive(ilb(0), client(9), ACK, 8);
        switches.arrive(ilb(1), client(9), ACK, 8);
        switches.await(() -> switches.sent().size() == 2);
        assertEquals(
                switches.sent().get(0).destination(), switches.sent().get(1).destination());
        assertFalse(switches.sent().get(0).isReset());
    }

    @Test
    void dropsUnknownConnectionsWhereTheServiceSaysSo() {
        switches.function().configure(Optional.of(TestFrontEnd.routed(4, 3, UnknownConnection.DROP)));
        switches.arrive(ilb(0), client(10), ACK, 8);
        switches.await(() -> switches.count(Count.UNKNOWN) == 1);
        assertEquals(0, switches.sent().size());
    }

    @Test
    void takesEverythingOfAServiceAwayWithIt() {
        for (int i = 0; i < 20; i++) {
            switches.arrive(ilb(i % 4), client(100 + i), SYN, i);
        }
        switches.await(() -> switches.sent().size() == 20);
        switches.function()
                .configure(Optional.of(new FrontEnd(ImmutableList.of(), frontEnd.ilbs(), frontEnd.settings())));
        switches.await(() -> switches.rulesStanding() == 0);
        switches.await(() ->
                switches.function().associations(AssociationFilter.ALL, 0, 10).total() == 0);
        switches.await(() -> switches.store().all().join().isEmpty());
        assertEquals(20, switches.count(Count.WITHDRAWN));
    }

    @Test
    void endsOnlyTheConnectionsOfAServerThatLeaves() {
        for (int i = 0; i < 60; i++) {
            switches.arrive(ilb(i % 4), client(100 + i), SYN, i);
        }
        switches.await(() -> switches.sent().size() == 60);
        Map<FlowKey, Endpoint> before = servers();
        FrontEnd less = TestFrontEnd.routed(4, 2);
        Endpoint gone = frontEnd.services().get(0).servers().get(2).endpoint();
        switches.function().configure(Optional.of(less));
        switches.await(() -> !servers().containsValue(gone));
        switches.settle();
        before.values().removeIf(gone::equals);
        assertEquals(before, servers());
        switches.await(() -> switches.rulesStanding() == before.size());
    }

    @Test
    void endsTheConnectionsThatAnAdministratorNames() {
        for (int i = 0; i < 60; i++) {
            switches.arrive(ilb(i % 4), client(100 + i), SYN, i);
        }
        switches.await(() -> switches.sent().size() == 60);
        Map<FlowKey, Endpoint> before = servers();
        Endpoint server = frontEnd.services().get(0).servers().get(1).endpoint();
        AssociationFilter filter = AssociationFilter.ALL.server(server);
        int found = switches.function().end(filter);
        assertTrue(found > 0 && found < 60, found + " found");
        switches.await(() -> switches.function().associations(filter, 0, 1).total() == 0);
        switches.settle();
        before.values().removeIf(server::equals);
        assertEquals(before, servers());
        assertEquals(60 - found, before.size());
        assertEquals(found, switches.count(Count.DELETED));
        switches.await(() -> switches.rulesStanding() == before.size());
        switches.await(() -> switches.store().all().join().size() == before.size());
    }

    @Test
    void keepsServersAndLeavesRulesAloneWhenAnIlbComesAndGoes() {
        for (int i = 0; i < 60; i++) {
            switches.arrive(ilb(i % 3), client(100 + i), SYN, i);
        }
        switches.await(() -> switches.sent().size() == 60);
        Map<FlowKey, Endpoint> before = servers();
        for (int ilbs : new int[] {3, 5, 2, 4}) {
            switches.function().configure(Optional.of(TestFrontEnd.routed(ilbs, 3)));
            switches.await(() -> ownersAreElected());
            assertEquals(before, servers(), "with " + ilbs + " ILBs");
        }
        List<ViewPeriod> views = switches.function().views();
        assertEquals(switches.function().view(), views.get(0).view());
        assertTrue(views.size() > 8, views.size() + " views");
        for (int i = 1; i < views.size(); i++) {
            assertEquals(
                    views.get(i - 1).view().number() - 1, views.get(i).view().number());
            assertFalse(views.get(i).since().isAfter(views.get(i - 1).since()));
        }
    }

    @Test
    void changesTheScoreWithoutLosingAConnection() {
        for (int i = 0; i < 60; i++) {
            switches.arrive(ilb(i % 4), client(100 + i), SYN, i);
        }
        switches.await(() -> switches.sent().size() == 60);
        Map<FlowKey, Endpoint> before = servers();
        configured(Settings.builder(99).build());
        assertTrue(ownersAreElected());
        assertEquals(before, servers());
    }

    @Test
    void takesUpWhatAFormerRunLeft() {
        for (int i = 0; i < 20; i++) {
            switches.arrive(ilb(i % 4), client(100 + i), SYN, i);
        }
        switches.await(() -> switches.sent().size() == 20);
        Map<FlowKey, Endpoint> before = servers();
        try (TestSwitches next = new TestSwitches()) {
            next.function().takeUp(switches.store().all().join());
            next.function().configure(Optional.of(frontEnd));
            for (int i = 0; i < 20; i++) {
                next.arrive(ilb((i + 1) % 4), client(100 + i), ACK, i);
            }
            next.await(() -> next.sent().size() == 20);
            next.sent().forEach(sent -> assertEquals(before.get(sent.key(frontEnd)), sent.destination()));
            assertTrue(
                    next.function().view().number() > switches.function().view().number());
        }
    }

    @Test
    void forgetsAConnectionThatIsIdleAfterItsLastRule() {
        configured(Settings.builder(1).associationIdle(Duration.ofMinutes(1)).build());
        switches.arrive(ilb(0), client(11), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        switches.function().expire();
        switches.settle();
        assertEquals(
                1,
                switches.function().associations(AssociationFilter.ALL, 0, 10).total(),
                "its rule stands");
        switches.expireRules();
        switches.settle();
        switches.pass(Duration.ofSeconds(59));
        switches.function().expire();
        switches.settle();
        assertEquals(
                1,
                switches.function().associations(AssociationFilter.ALL, 0, 10).total());
        switches.pass(Duration.ofSeconds(2));
        switches.function().expire();
        switches.await(() ->
                switches.function().associations(AssociationFilter.ALL, 0, 10).total() == 0);
        switches.settle();
        assertTrue(switches.store().all().join().isEmpty());
    }

    @Test
    void forgetsAConnectionThatClosedWhenItHasLingered() {
        Association association = connect(12, 7);
        switches.end(Ending.ofServer(association.key(), false, true, 9));
        switches.end(Ending.ofClient(association.key(), false, 9));
        switches.await(() -> only().state() == AssociationState.CLOSING);
        for (int second = 0; second < 20; second += 2) {
            assertEquals(1, total(), "after " + second + " s");
            switches.pass(Duration.ofSeconds(2));
            switches.tick();
            if (total() == 0) {
                break;
            }
        }
        assertTrue(switches.store().all().join().isEmpty());
        assertEquals(0, switches.rulesStanding());
        assertEquals(1, switches.count(Count.CLOSED));
    }

    @Test
    void anEndThatOvertakesASlowStoreIsNotLost() {
        configured(Settings.builder(1).storeWait(Duration.ofMillis(1)).build());
        switches.store().hold(true);
        Endpoint client = client(12);
        switches.arrive(ilb(0), client, SYN, 1000);
        switches.await(() -> switches.sent().size() == 1);
        FlowKey key = switches.sent().get(0).key(frontEnd);
        switches.end(Ending.ofClient(key, true, 1001));
        switches.settle();
        switches.store().hold(false);
        switches.await(() -> total() == 1 && only().state() == AssociationState.CLOSING);
    }

    @Test
    void anEndOfAnOlderEpochEndsNothing() {
        Association association = connect(12, 1000);
        switches.end(Ending.ofServer(association.key(), false, true, 900));
        switches.end(Ending.ofClient(association.key(), true, 900));
        switches.settle();
        assertEquals(AssociationState.EMBRYONIC, only().state());
    }

    @Test
    void aReusedPortOfAClosingConnectionIsANewConnection() {
        Association first = connect(13, 1000);
        switches.end(Ending.ofClient(first.key(), true, 1001));
        switches.await(() -> only().state() == AssociationState.CLOSING);
        int sent = switches.sent().size();
        switches.arrive(ilb(1), client(13), SYN, 500_000);
        switches.await(() -> switches.sent().size() == sent + 1);
        Association second = only();
        assertEquals(500_000, second.initialSequence());
        assertEquals(Optional.of(ilb(1).id()), second.receiver());
        assertEquals(second.server(), switches.sent().get(sent).destination());
        assertEquals(
                second.server(), switches.store().get(second.key()).join().get().server());
        switches.end(Ending.ofClient(first.key(), true, 1001));
        for (int i = 0; i < 20; i++) {
            switches.arrive(ilb(1), client(13), ACK, 500_001);
            switches.pass(Duration.ofSeconds(2));
            switches.tick();
        }
        assertEquals(1, total(), "the end of the older one is not the end of this one");
        assertEquals(1, switches.rulesStanding(), "the older one's rule is gone from the other ILB");
    }

    @Test
    void aStraySynDoesNotMakeALivingConnectionEmbryonic() {
        Association living = connect(13, 1000);
        switches.arrive(ilb(0), client(13), ACK, 1001);
        switches.pass(Duration.ofSeconds(11));
        switches.tick();
        assertEquals(AssociationState.ESTABLISHED, only().state());
        int sent = switches.sent().size();
        switches.arrive(ilb(2), client(13), SYN, 900_000);
        switches.await(() -> switches.sent().size() == sent + 1);
        assertEquals(living.server(), switches.sent().get(sent).destination());
        for (int i = 0; i < 10; i++) {
            switches.pass(Duration.ofSeconds(5));
            switches.tick();
        }
        assertEquals(living.server(), only().server());
    }

    @Test
    void forgetsAConnectionWhoseClientNeverAnswers() {
        connect(14, 7);
        switches.pass(Duration.ofSeconds(9));
        switches.tick();
        assertEquals(1, total());
        switches.pass(Duration.ofSeconds(2));
        switches.tick();
        assertEquals(0, total());
        assertEquals(1, switches.count(Count.UNANSWERED));
        assertEquals(0, switches.rulesStanding());
    }

    /** As when the store is slow: the client's answer may be here, or counted by a rule that went, before the life begins. */
    @Test
    void keepsAConnectionWhoseClientAnsweredBeforeTheStoreDid() {
        switches.store().hold(true);
        switches.arrive(ilb(0), client(14), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        speak(14, ACK);
        switches.store().hold(false);
        switches.await(() -> total() == 1);
        switches.expireRules();
        switches.settle();
        switches.pass(Duration.ofSeconds(30));
        switches.tick();
        switches.pass(Duration.ofSeconds(30));
        switches.tick();
        assertEquals(1, total());
        assertEquals(0, switches.count(Count.UNANSWERED));
    }

    @Test
    void keepsTheBoundOnRulesAndEveryConnection() {
        configured(Settings.builder(1).maxRules(100).build());
        Map<FlowKey, Endpoint> servers = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            int expected = switches.sent().size() + 1;
            switches.arrive(ilb(0), client(i), SYN, 7);
            switches.await(() -> switches.sent().size() == expected);
            Sent sent = switches.sent().get(expected - 1);
            servers.put(sent.key(frontEnd), sent.destination());
            switches.tick();
            assertTrue(switches.rulesStanding() <= 100, switches.rulesStanding() + " rules");
        }
        assertEquals(1000, total());
        assertTrue(switches.rulesStanding() > 80, "room is not wasted: " + switches.rulesStanding());
        for (int i = 0; i < 1000; i++) {
            int expected = switches.sent().size() + 1;
            switches.arrive(ilb(0), client(i), ACK, 8);
            switches.await(() -> switches.sent().size() == expected);
            Sent sent = switches.sent().get(expected - 1);
            assertEquals(servers.get(sent.key(frontEnd)), sent.destination());
        }
    }

    @Test
    void aFullTableServesWhoSeldomSpeaksWithoutARuleAndWhoSpeaksOftenByOne() {
        configured(Settings.builder(1).maxRules(100).build());
        for (int i = 0; i < 300; i++) {
            switches.pass(Duration.ofMillis(20));
            speak(i, SYN);
            speak(i, ACK);
        }
        switches.pass(Duration.ofSeconds(10));
        long put = switches.rulesPut();
        Map<FlowKey, Endpoint> servers = servers();
        int idle = unruled();
        for (int segment = 1; segment <= 2; segment++) {
            switches.pass(Duration.ofMillis(40));
            Sent sent = speak(idle, ACK);
            assertEquals(servers.get(sent.key(frontEnd)), sent.destination());
            assertEquals(segment, switches.count(Count.UNRULED));
        }
        assertEquals(put, switches.rulesPut(), "nobody's rule had to go");
        switches.pass(Duration.ofMillis(400));
        Sent sent = speak(idle, ACK);
        assertEquals(put + 1, switches.rulesPut(), "it is busy");
        assertTrue(switches.hasRule(ilb(0), sent.key(frontEnd), servers.get(sent.key(frontEnd))));
        switches.tick();
        assertTrue(switches.rulesStanding() <= 100);
    }

    @Test
    void aConnectionThatIsServedWithoutARuleIdlesFromItsLastSegment() {
        configured(Settings.builder(1).maxRules(100).build());
        for (int i = 0; i < 300; i++) {
            switches.pass(Duration.ofMillis(20));
            speak(i, SYN);
            speak(i, ACK);
        }
        int idle = unruled();
        switches.pass(Duration.ofSeconds(3000));
        FlowKey key = speak(idle, ACK).key(frontEnd);
        switches.pass(Duration.ofSeconds(3000));
        switches.function().expire();
        switches.settle();
        assertTrue(servers().containsKey(key), "it spoke in time");
        switches.pass(Duration.ofSeconds(601));
        switches.function().expire();
        switches.await(() -> !servers().containsKey(key));
    }

    /** Lets a client send a segment, and returns what became of it. */
    private Sent speak(int client, int flags) {
        int expected = switches.sent().size() + 1;
        switches.arrive(ilb(0), client(client), flags, 7);
        switches.await(() -> switches.sent().size() == expected);
        return switches.sent().get(expected - 1);
    }

    /** A client whose connection has no rule any more. */
    private int unruled() {
        switches.tick();
        Map<FlowKey, Endpoint> servers = servers();
        for (int i = 0; i < 300; i++) {
            FlowKey key = FlowKey.of(TestFrontEnd.SERVICE, client(i));
            if (!switches.hasRule(ilb(0), key, servers.get(key))) {
                return i;
            }
        }
        throw new AssertionError("nothing was evicted");
    }

    @Test
    void relaysToTheOwnerWithoutACacheAndFollowsTheModeAndTheView() {
        FrontEnd relaying = TestFrontEnd.handedOff(frontEnd, HandOff.RELAY, 0);
        switches.function().configure(Optional.of(relaying));
        int direct = 0;
        int relayed = 0;
        for (int i = 0; i < 40; i++) {
            Association association = connect(i, 7);
            boolean concerned = association.concerns(ilb(0).id());
            assertEquals(!concerned, switches.isRelayed(ilb(0), association.key()), "connection " + i);
            Sent syn = switches.sent().get(switches.sent().size() - 1);
            DeviceId from = concerned ? ilb(0).device() : device(association.owner());
            assertEquals(from, syn.device(), "the owner sends the SYN");
            direct += concerned ? 1 : 0;
            relayed += concerned ? 0 : 1;
        }
        assertTrue(direct > 5 && relayed > 5);
        IlbId leaver = ilb(3).id();
        switches.function().out(ImmutableSet.of(leaver));
        switches.tick();
        for (Association association : all()) {
            assertFalse(association.concerns(leaver));
            assertEquals(
                    association.concerns(ilb(0).id()) ? null : association.owner(),
                    switches.relayedTo(ilb(0), association.key()),
                    "a rule that pointed at the one that left");
        }
        switches.function().out(ImmutableSet.of());
        switches.function().configure(Optional.of(frontEnd));
        switches.tick();
        for (Association association : all()) {
            assertFalse(switches.isRelayed(ilb(0), association.key()), "direct again");
        }
    }

    @Test
    void aDrainedIlbOwnsNothingAndServesWhatComesInByIt() {
        for (int i = 0; i < 40; i++) {
            connect(i, 7);
        }
        int rules = switches.rulesPut();
        switches.function().configure(Optional.of(TestFrontEnd.draining(frontEnd, 0)));
        all().forEach(association -> assertFalse(association.concerns(ilb(0).id())));
        switches.tick();
        assertEquals(rules, switches.rulesPut(), "no rule is touched");
        assertEquals(40, switches.rulesStanding());
        connect(41, 7);
        assertEquals(41, switches.rulesStanding());
    }

    @Test
    void putsTheRulesBackWhereTheyWereAfterARestart() {
        List<Association> formerRun = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            formerRun.add(connect(i, 7));
        }
        try (TestSwitches restarted = new TestSwitches()) {
            restarted.function().takeUp(formerRun);
            restarted.function().configure(Optional.of(frontEnd));
            restarted.tick();
            restarted.await(() -> restarted.rulesStanding() == 30);
            formerRun.forEach(
                    association -> assertTrue(restarted.hasRule(ilb(0), association.key(), association.server())));
            assertEquals(0, restarted.sent().size());
        }
    }

    private Association connect(int client, int sequence) {
        int expected = switches.sent().size() + 1;
        switches.arrive(ilb(0), client(client), SYN, sequence);
        switches.await(() -> switches.sent().size() == expected);
        FlowKey key = switches.sent().get(expected - 1).key(frontEnd);
        return all().stream()
                .filter(association -> association.key().equals(key))
                .findFirst()
                .get();
    }

    private int total() {
        return switches.function().associations(AssociationFilter.ALL, 0, 10).total();
    }

    private List<Association> all() {
        return switches.function()
                .associations(AssociationFilter.ALL, 0, 10_000)
                .associations();
    }

    private DeviceId device(IlbId id) {
        return frontEnd.ilbs().stream()
                .filter(ilb -> ilb.id().equals(id))
                .findFirst()
                .get()
                .device();
    }

    @Test
    void putsARuleBackThatTheSwitchHasLost() {
        switches.arrive(ilb(0), client(12), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        switches.pass(Duration.ofSeconds(2));
        switches.arrive(ilb(0), client(12), ACK, 8);
        switches.await(() -> switches.sent().size() == 2);
        assertEquals(2, switches.rulesPut());
    }

    @Test
    void refusesConnectionsBeyondTheBound() {
        configured(Settings.builder(1).maxAssociations(10).build());
        for (int i = 0; i < 30; i++) {
            switches.arrive(ilb(i % 4), client(100 + i), SYN, i);
        }
        switches.await(() -> switches.sent().size() + switches.count(Count.DROPPED_FULL) == 30);
        // Set-ups on different stripes may pass the check together.
        assertTrue(
                switches.sent().size() >= 10 && switches.sent().size() < 20,
                switches.sent().size() + " accepted");
    }

    /** Promise 1, under everything at once. */
    @Test
    void neverSendsAConnectionToTwoServers() {
        for (int seed = 0; seed < 20; seed++) {
            try (TestSwitches run = new TestSwitches()) {
                Random random = new Random(seed);
                run.function().configure(Optional.of(frontEnd));
                for (int step = 0; step < 400; step++) {
                    switch (random.nextInt(20)) {
                        case 0:
                            run.holdRules(random.nextBoolean());
                            break;
                        case 1:
                            run.confirmRules();
                            break;
                        case 2:
                            run.store().hold(random.nextBoolean());
                            break;
                        case 3:
                            run.function().configure(Optional.of(TestFrontEnd.routed(3 + random.nextInt(2), 3)));
                            break;
                        default:
                            int client = random.nextInt(40);
                            run.arrive(
                                    ilb(random.nextInt(3)), client(client), random.nextInt(3) == 0 ? ACK : SYN, client);
                    }
                }
                run.holdRules(false);
                run.confirmRules();
                run.store().hold(false);
                run.settle();
                Map<FlowKey, Endpoint> servers = new HashMap<>();
                for (Sent sent : run.sent()) {
                    if (!sent.isReset()) {
                        Endpoint other = servers.putIfAbsent(sent.key(frontEnd), sent.destination());
                        assertTrue(
                                other == null || other.equals(sent.destination()),
                                "seed " + seed + ": " + sent.key(frontEnd) + " went to two servers");
                    }
                }
                assertTrue(servers.size() > 20, "seed " + seed + " tested nothing");
            }
        }
    }

    private void configured(Settings settings) {
        switches.function().configure(Optional.of(new FrontEnd(frontEnd.services(), frontEnd.ilbs(), settings)));
    }

    private Association only() {
        List<Association> all =
                switches.function().associations(AssociationFilter.ALL, 0, 10).associations();
        assertEquals(1, all.size());
        return all.get(0);
    }

    private Map<FlowKey, Endpoint> servers() {
        Map<FlowKey, Endpoint> servers = new HashMap<>();
        switches.function()
                .associations(AssociationFilter.ALL, 0, 1000)
                .associations()
                .forEach(association -> servers.put(association.key(), association.server()));
        return servers;
    }

    private boolean ownersAreElected() {
        List<Association> all =
                switches.function().associations(AssociationFilter.ALL, 0, 1000).associations();
        return all.size() == 60
                && all.stream().allMatch(association -> {
                    Ranking elected =
                            switches.function().elect(association.key()).get();
                    return elected.owner().equals(association.owner())
                            && elected.backup().equals(association.backup());
                });
    }

    private static Endpoint client(int number) {
        return Endpoint.parse("198.51.100." + (1 + number % 200) + ":" + (40000 + number));
    }

    /** The same configuration, its first server in another state. */
    private FrontEnd first(AdminState state, Instant until, ServerFailure fate, UnknownConnection unknown) {
        Service service = TestFrontEnd.routed(4, 3, unknown).services().get(0);
        List<Server> servers = new ArrayList<>(service.servers());
        servers.set(0, servers.get(0).weighing(3).in(state, until));
        return new FrontEnd(
                ImmutableList.of(service.servedBy(servers).onFailure(fate)), frontEnd.ilbs(), frontEnd.settings());
    }

    private List<Association> atFirst() {
        Endpoint first = frontEnd.services().get(0).servers().get(0).endpoint();
        return switches.function().associations(AssociationFilter.ALL, 0, 1000).associations().stream()
                .filter(association -> association.server().equals(first))
                .collect(Collectors.toList());
    }

    private void begin(int from, int to) {
        int sent = switches.sent().size();
        for (int i = from; i < to; i++) {
            switches.arrive(ilb(i % 4), client(i), SYN, 7);
        }
        switches.await(() -> switches.sent().size() == sent + to - from);
        switches.settle();
    }

    @Test
    void aDrainedServerKeepsItsConnectionsAndGetsNoneUntilTheDeadlineEndsThem() {
        switches.function()
                .configure(Optional.of(first(AdminState.ENABLED, null, ServerFailure.RESET, UnknownConnection.DROP)));
        begin(0, 40);
        int before = atFirst().size();
        assertTrue(before > 0);
        Instant until = Instant.EPOCH.plusSeconds(60);
        switches.function()
                .configure(Optional.of(first(AdminState.DRAINING, until, ServerFailure.RESET, UnknownConnection.DROP)));
        begin(40, 80);
        List<Association> living = atFirst();
        assertEquals(before, living.size());

        switches.pass(Duration.ofSeconds(61));
        switches.tick();
        assertEquals(0, atFirst().size());
        assertEquals(before, switches.count(Count.SERVER_FAILED));
        Association dead = living.get(0);
        int sent = switches.sent().size();
        switches.arrive(ilb(1), dead.key().source(), ACK, 8);
        switches.await(() -> switches.sent().size() == sent + 1);
        assertTrue(switches.sent().get(sent).isReset(), "whatever becomes of unknown connections");
        switches.arrive(ilb(1), dead.key().source(), SYN, 900);
        switches.await(() -> switches.sent().size() == sent + 2);
        assertFalse(switches.sent().get(sent + 1).isReset());
        switches.arrive(ilb(1), dead.key().source(), ACK, 901);
        switches.await(() -> switches.sent().size() == sent + 3);
        assertFalse(switches.sent().get(sent + 2).isReset(), "another connection lives there now");
    }

    @Test
    void aDisabledServersConnectionsEndOrStayAsTheServiceSaysAndTheOthersAlwaysStay() {
        switches.function()
                .configure(Optional.of(first(AdminState.ENABLED, null, ServerFailure.KEEP, UnknownConnection.RESET)));
        begin(0, 40);
        int before = atFirst().size();
        switches.function()
                .configure(Optional.of(first(AdminState.DISABLED, null, ServerFailure.KEEP, UnknownConnection.RESET)));
        switches.tick();
        assertEquals(before, atFirst().size());
        switches.function()
                .configure(Optional.of(first(AdminState.DISABLED, null, ServerFailure.RESET, UnknownConnection.RESET)));
        switches.tick();
        assertEquals(0, atFirst().size());
        assertEquals(
                40 - before,
                switches.function().associations(AssociationFilter.ALL, 0, 1000).total());
    }

    @Test
    void clientsAreRefusedWhenNobodyTakesThem() {
        FrontEnd one = first(AdminState.DISABLED, null, ServerFailure.RESET, UnknownConnection.DROP);
        Service service = one.services().get(0);
        switches.function()
                .configure(Optional.of(new FrontEnd(
                        ImmutableList.of(service.servedBy(service.servers().subList(0, 1))),
                        one.ilbs(),
                        one.settings())));
        switches.arrive(ilb(0), client(1), SYN, 7);
        switches.await(() -> switches.sent().size() == 1);
        assertTrue(switches.sent().get(0).isReset());
        assertEquals(1, switches.count(Count.NO_SERVER));
    }
}
