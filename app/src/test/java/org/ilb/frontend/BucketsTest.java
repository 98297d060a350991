package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ilb.AdminState;
import org.ilb.Association;
import org.ilb.BucketState;
import org.ilb.BucketStatus;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Ranking;
import org.ilb.Server;
import org.ilb.ServerFailure;
import org.ilb.Service;
import org.ilb.dataplane.fabric.BucketRoute;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The function with a service in buckets, over switches and a store that answer when they are told to. */
class BucketsTest {

    private static final int SYN = 0x02;
    private static final int ACK = 0x10;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final Endpoint ONE = Endpoint.parse("10.0.0.11:8080");
    private static final Endpoint TWO = Endpoint.parse("10.0.0.12:8080");

    private final TestSwitches switches = new TestSwitches();
    private final FrontEnd connections = TestFrontEnd.routed(3, 2);

    @AfterEach
    void close() {
        switches.close();
    }

    private void configure(int... weights) {
        switches.function().configure(Optional.of(TestFrontEnd.inBuckets(connections, weights)));
        switches.tick();
    }

    private List<Ilb> ilbs() {
        return connections.ilbs();
    }

    private Map<BucketState, Long> states() {
        Map<BucketState, Long> states = new EnumMap<>(BucketState.class);
        for (BucketStatus bucket : switches.function().buckets("web")) {
            states.merge(bucket.state(), 1L, Long::sum);
        }
        return states;
    }

    private BucketStatus bucketOf(Endpoint client) {
        return switches.function().buckets("web").get(client.port() >> 1 & 15);
    }

    /** A client whose bucket has a server, by the bucket's association. */
    private Endpoint clientOf(Endpoint server) {
        for (int port = 40_000; port < 40_032; port++) {
            Endpoint client = Endpoint.parse("192.0.2.7:" + port);
            if (bucketOf(client).association().get().server().equals(server)) {
                return client;
            }
        }
        throw new AssertionError("no bucket has server " + server);
    }

    private static FlowKey key(Endpoint client) {
        return FlowKey.of(TestFrontEnd.SERVICE, client);
    }

    private Endpoint lastSentTo() {
        return switches.sent().get(switches.sent().size() - 1).destination();
    }

    private void arrive(int ilb, Endpoint client, int flags, int sequence) {
        int before = switches.sent().size();
        switches.arrive(ilbs().get(ilb), client, flags, sequence);
        switches.await(() -> switches.sent().size() == before + 1);
        switches.settle();
    }

    private void pass(Duration time) {
        switches.pass(time);
        switches.tick();
    }

    @Test
    void anErrorAboutAConnectionGoesToTheServerOfItsBucketOrItsOwn() {
        configure(3, 1);
        List<Optional<Endpoint>> found = new ArrayList<>();
        for (Endpoint server : List.of(ONE, TWO)) {
            switches.function().path().findServer(key(clientOf(server)), found::add);
            switches.settle();
        }
        assertEquals(List.of(Optional.of(ONE), Optional.of(TWO)), found);
    }

    @Test
    void bindsAheadByWeightAndRulesAtEveryIlb() {
        configure(3, 1);

        assertEquals(Map.of(BucketState.SETTLED, 16L), states());
        Map<Endpoint, Integer> shares = new HashMap<>();
        for (BucketStatus bucket : switches.function().buckets("web")) {
            Association association = bucket.association().get();
            shares.merge(association.server(), 1, Integer::sum);
            Ranking ranking = switches.function().elect(association.key()).get();
            assertEquals(ranking.owner(), association.owner());
            for (Ilb ilb : ilbs()) {
                assertEquals(
                        BucketRoute.direct(association.server()),
                        switches.buckets(ilb).get(association.key().sourcePort()));
            }
        }
        assertEquals(Map.of(ONE, 12, TWO, 4), shares);
        assertEquals(16, switches.store().all().join().size());
    }

    @Test
    void whatComesUpAllTheSameGoesWhereTheRulesLeadAndLeavesNothing() {
        configure(1, 1);
        Endpoint client = clientOf(TWO);
        arrive(0, client, SYN, 1);
        assertEquals(TWO, lastSentTo());
        arrive(1, client, ACK, 2);
        assertEquals(TWO, lastSentTo());
        assertEquals(0, switches.rulesStanding());
        assertEquals(16, switches.store().all().join().size());
    }

    @Test
    void aSynWaitsForItsBucketsServer() {
        switches.store().hold(true);
        switches.function().configure(Optional.of(TestFrontEnd.inBuckets(connections, 1, 1)));
        switches.arrive(ilbs().get(0), Endpoint.parse("192.0.2.7:40000"), SYN, 1);
        switches.tick();
        assertTrue(switches.sent().isEmpty());
        switches.store().hold(false);
        switches.await(() -> switches.sent().size() == 1);
    }

    @Test
    void aLazyBucketGetsItsServerWithItsFirstConnection() {
        switches.function().configure(Optional.of(TestFrontEnd.inLazyBuckets(connections, 1, 1)));
        switches.tick();
        assertEquals(Map.of(BucketState.UNBOUND, 16L), states());
        Map<Endpoint, Integer> shares = new HashMap<>();
        for (int port = 40_000; port < 40_032; port += 2) {
            Endpoint client = Endpoint.parse("192.0.2.7:" + port);
            arrive(port / 2 % 3, client, SYN, 1);
            Endpoint server = bucketOf(client).association().get().server();
            assertEquals(server, lastSentTo());
            shares.merge(server, 1, Integer::sum);
            ilbs().forEach(ilb -> assertEquals(
                    BucketRoute.direct(server), switches.buckets(ilb).get(client.port() & 0x1e)));
        }
        assertEquals(Map.of(BucketState.SETTLED, 16L), states());
        assertEquals(Map.of(ONE, 8, TWO, 8), shares);
        assertEquals(0, switches.rulesStanding());
    }

    @Test
    void aDrainedServerKeepsItsConnectionsAndGetsNoNewOnes() {
        configure(1, 1);
        Endpoint old = clientOf(ONE);
        Endpoint fresh = Endpoint.of(old.address(), old.port() + 64);
        Endpoint later = Endpoint.of(old.address(), old.port() + 128);

        configure(0, 1);
        assertEquals(Map.of(BucketState.SETTLED, 8L, BucketState.PREPARING, 8L), states());
        assertEquals(BucketRoute.through(Optional.of(ONE), true), route(old, 0));
        arrive(0, fresh, SYN, 1);
        assertEquals(ONE, lastSentTo(), "it may have been sent before");

        pass(SECOND.multipliedBy(4));
        assertEquals(BucketState.MOVING, bucketOf(old).state());
        arrive(1, later, SYN, 1);
        assertEquals(TWO, lastSentTo());
        ilbs().forEach(ilb -> assertTrue(switches.hasRule(ilb, key(later), TWO), "pinned at " + ilb));
        arrive(1, fresh, SYN, 1);
        assertEquals(ONE, lastSentTo(), "the same SYN again");

        pass(SECOND.multipliedBy(61));
        assertEquals(BucketState.PINNING, bucketOf(old).state());
        assertEquals(BucketRoute.through(Optional.empty(), true), route(old, 2));
        arrive(2, old, ACK, 1000);
        assertEquals(ONE, lastSentTo());
        assertTrue(switches.hasRule(ilbs().get(2), key(old), ONE));

        // Nobody unknown speaks for the idle time; what is known is pinned everywhere before the wildcard leads
        // elsewhere.
        Duration idle = connections.settings().associationIdle();
        for (int i = 0; i < 4; i++) {
            pass(idle.dividedBy(4).plus(SECOND));
        }
        assertEquals(BucketState.PINNED, bucketOf(old).state());
        assertEquals(BucketRoute.through(Optional.of(TWO), false), route(old, 0));
    }

    private BucketRoute route(Endpoint client, int ilb) {
        return switches.buckets(ilbs().get(ilb)).get(client.port() & 0x1e);
    }

    @Test
    void aServerThatIsGoneLosesItsBucketsAtOnce() {
        configure(1, 1);
        Endpoint client = clientOf(TWO);
        configure(1);
        assertEquals(BucketState.SETTLED, bucketOf(client).state());
        for (BucketStatus bucket : switches.function().buckets("web")) {
            assertEquals(ONE, bucket.association().get().server());
        }
    }

    @Test
    void aNewcomerGetsItsRulesBeforeItIsIn() {
        IlbId newcomer = ilbs().get(2).id();
        FrontEnd three = TestFrontEnd.inBuckets(connections, 1, 1);
        FrontEnd two = new FrontEnd(three.services(), three.ilbs().subList(0, 2), three.settings());
        switches.function().configure(Optional.of(two));
        switches.tick();
        switches.holdBuckets(true);
        switches.function().configure(Optional.of(three));
        switches.tick();
        assertFalse(switches.function().view().members().contains(newcomer));
        switches.holdBuckets(false);
        switches.tick();
        assertTrue(switches.function().view().members().contains(newcomer));
    }

    @Test
    void moreBucketsInheritAndFewerAreUnitedFirst() {
        configure(1, 1);
        Map<Integer, Endpoint> before = serversByPort();
        FrontEnd fine = TestFrontEnd.inBucketsOf(0x3e, connections, 1, 1);
        switches.function().configure(Optional.of(fine));
        switches.tick();
        assertEquals(Map.of(BucketState.SETTLED, 32L), states());
        serversByPort().forEach((port, server) -> assertEquals(before.get(port & 0x1e), server, "port " + port));
        assertEquals(32, switches.store().all().join().size());

        // Siblings that have different servers have to move before they become one.
        FrontEnd drained = TestFrontEnd.inBucketsOf(0x3e, connections, 1, 3);
        switches.function().configure(Optional.of(drained));
        switches.tick();
        Duration idle = drained.settings().associationIdle();
        for (int i = 0; i < 5; i++) {
            pass(idle.plus(SECOND.multipliedBy(70)));
        }
        assertEquals(Map.of(BucketState.SETTLED, 32L), states());
        switches.function().configure(Optional.of(TestFrontEnd.inBucketsOf(0x1e, connections, 1, 3)));
        switches.tick();
        for (int i = 0; i < 10 && switches.function().buckets("web").size() != 16; i++) {
            pass(idle.plus(SECOND.multipliedBy(70)));
        }
        assertEquals(16, switches.function().buckets("web").size());
        assertEquals(16, switches.store().all().join().size());
    }

    @Test
    void bucketsThatMoveAreDividedAndUnitedInEachState() {
        configure(1, 1);
        Endpoint old = clientOf(ONE);
        Endpoint fresh = Endpoint.of(old.address(), old.port() + 64);
        configure(0, 1);
        pass(SECOND.multipliedBy(4));
        assertEquals(BucketState.MOVING, bucketOf(old).state());
        arrive(0, fresh, SYN, 1);
        assertEquals(TWO, lastSentTo());

        // Moving, and there are more of them: everybody stays where they are.
        drainInBucketsOf(0x3e);
        assertEquals(Map.of(BucketState.PREPARING, 16L, BucketState.SETTLED, 16L), states());
        switches.store().all().join().stream()
                .filter(association -> association.key().isBucket())
                .forEach(association -> assertEquals(
                        association.server().equals(ONE) ? Optional.of(TWO) : Optional.empty(),
                        association.next(),
                        "what the store has of " + association.key()));
        arrive(1, fresh, ACK, 2);
        assertEquals(TWO, lastSentTo());
        arrive(1, old, ACK, 1000);
        assertEquals(ONE, lastSentTo());
        ilbs().forEach(ilb -> assertTrue(switches.hasRule(ilb, key(fresh), TWO), "pinned at " + ilb));

        // Preparing, and there are fewer.
        drainInBucketsOf(0x1e);
        assertEquals(Map.of(BucketState.PREPARING, 8L, BucketState.SETTLED, 8L), states());
        pass(SECOND.multipliedBy(4));
        assertEquals(BucketState.PINNING, bucketOf(old).state());

        // Pinning, and there are more, then fewer.
        for (int mask : new int[] {0x3e, 0x1e}) {
            drainInBucketsOf(mask);
            arrive(2, old, ACK, 1000);
            assertEquals(ONE, lastSentTo());
            arrive(2, fresh, ACK, 3);
            assertEquals(TWO, lastSentTo());
            pass(SECOND.multipliedBy(4));
        }
        Duration idle = connections.settings().associationIdle();
        for (int i = 0; i < 5; i++) {
            pass(idle.dividedBy(4).plus(SECOND));
        }
        assertEquals(BucketState.PINNED, bucketOf(old).state());
        assertEquals(BucketRoute.through(Optional.of(TWO), false), route(old, 0));
        ilbs().forEach(ilb -> assertTrue(switches.hasRule(ilb, key(old), ONE), "pinned at " + ilb));
        serversByPort().values().forEach(server -> assertEquals(TWO, server));
        assertEquals(
                16,
                switches.store().all().join().stream()
                        .filter(association -> association.key().isBucket())
                        .count());
    }

    private void drainInBucketsOf(int portMask) {
        switches.function().configure(Optional.of(TestFrontEnd.inBucketsOf(portMask, connections, 0, 1)));
        switches.tick();
        assertEquals(
                1 << Integer.bitCount(portMask),
                switches.function().buckets("web").size());
    }

    private Map<Integer, Endpoint> serversByPort() {
        Map<Integer, Endpoint> servers = new HashMap<>();
        for (BucketStatus bucket : switches.function().buckets("web")) {
            Association association = bucket.association().get();
            servers.put(association.key().sourcePort(), association.server());
        }
        return servers;
    }

    @Test
    void aMoveGoesOnAfterARestart() {
        configure(1, 1);
        Endpoint old = clientOf(ONE);
        Endpoint fresh = Endpoint.of(old.address(), old.port() + 64);
        configure(0, 1);
        pass(SECOND.multipliedBy(4));
        arrive(0, fresh, SYN, 1);
        assertEquals(TWO, lastSentTo());
        List<Association> left = switches.store().all().join();

        try (TestSwitches restarted = new TestSwitches()) {
            left.forEach(
                    association -> restarted.store().putIfAbsent(association).join());
            restarted.function().takeUp(left);
            restarted.function().configure(Optional.of(TestFrontEnd.inBuckets(connections, 0, 1)));
            restarted.tick();
            BucketStatus bucket = restarted.function().buckets("web").get(old.port() >> 1 & 15);
            assertEquals(ONE, bucket.association().get().server());
            assertEquals(Optional.of(TWO), bucket.next());
            assertEquals(
                    BucketRoute.through(Optional.empty(), true),
                    restarted.buckets(ilbs().get(0)).get(old.port() & 0x1e));
            restarted.arrive(ilbs().get(1), fresh, ACK, 2);
            restarted.await(() -> restarted.sent().size() == 1);
            assertEquals(TWO, restarted.sent().get(0).destination());
            restarted.arrive(ilbs().get(1), old, ACK, 2);
            restarted.await(() -> restarted.sent().size() == 2);
            assertEquals(ONE, restarted.sent().get(1).destination());
        }
    }

    @Test
    void aServiceThatGathersItsConnectionsPinsThoseThatLiveElsewhere() {
        switches.function().configure(Optional.of(connections));
        Map<Endpoint, Endpoint> servers = new HashMap<>();
        for (int i = 0; i < 32; i++) {
            Endpoint client = Endpoint.parse("192.0.2.7:" + (50_000 + i));
            arrive(i % 3, client, SYN, 1);
            servers.put(client, lastSentTo());
        }
        configure(1, 1);
        switches.tick();
        servers.forEach((client, server) -> {
            Endpoint bucket = bucketOf(client).association().get().server();
            if (bucket.equals(server)) {
                assertFalse(switches.hasRule(ilbs().get(0), key(client), server), "let go");
            } else {
                assertEquals(BucketState.PINNED, bucketOf(client).state());
                ilbs().forEach(ilb -> assertTrue(switches.hasRule(ilb, key(client), server), "pinned at " + ilb));
            }
        });
    }

    @Test
    void aConnectionThatEndedAfterItWasFoundKeepsNoPin() {
        configure(1, 1);
        Endpoint client = Endpoint.parse("192.0.2.7:40000");
        Association association = new Association(
                key(client),
                ONE,
                ilbs().get(0).id(),
                ilbs().get(1).id(),
                switches.function().view().number(),
                1);
        switches.function().path().pinning().found(association);
        switches.settle();
        assertEquals(0, bucketOf(client).pins());
    }

    @Test
    void aServiceThatGathersNoMoreFollowsItsBucketsUntilTheyAreIdle() {
        configure(1, 1);
        Endpoint old = clientOf(TWO);
        switches.function().configure(Optional.of(connections));
        switches.tick();
        arrive(0, old, ACK, 5);
        assertEquals(TWO, lastSentTo());
        assertTrue(switches.hasRule(ilbs().get(0), key(old), TWO));
        Duration idle = connections.settings().associationIdle();
        pass(idle.plus(SECOND));
        pass(SECOND);
        assertEquals(
                List.of(),
                switches.store().all().join().stream()
                        .filter(association -> association.key().isBucket())
                        .collect(Collectors.toList()));
    }

    private void configure(ServerFailure fate, AdminState... states) {
        Service service = TestFrontEnd.inBuckets(connections, 1, 1).services().get(0);
        List<Server> servers = new ArrayList<>();
        for (Server server : service.servers()) {
            servers.add(server.in(states[servers.size()], null));
        }
        switches.function()
                .configure(Optional.of(new FrontEnd(
                        List.of(service.servedBy(servers).onFailure(fate)),
                        connections.ilbs(),
                        connections.settings())));
        switches.tick();
    }

    @Test
    void aFailedServersBucketsFlipAtOnceAndADrainedOnesMove() {
        configure(ServerFailure.RESET, AdminState.ENABLED, AdminState.ENABLED);
        configure(ServerFailure.RESET, AdminState.DRAINING, AdminState.ENABLED);
        assertEquals(Map.of(BucketState.PREPARING, 8L, BucketState.SETTLED, 8L), states());
        assertEquals(Optional.of(TWO), bucketOf(clientOf(ONE)).next());
        configure(ServerFailure.RESET, AdminState.ENABLED, AdminState.ENABLED);
        configure(ServerFailure.RESET, AdminState.ENABLED, AdminState.DISABLED);
        for (BucketStatus bucket : switches.function().buckets("web")) {
            assertEquals(ONE, bucket.association().get().server());
        }
    }

    @Test
    void whereConnectionsAreKeptAFailedServersBucketsMoveAllTogetherAndWaitForNoSyn() {
        configure(ServerFailure.KEEP, AdminState.ENABLED, AdminState.ENABLED);
        Endpoint client = clientOf(ONE);
        configure(ServerFailure.KEEP, AdminState.DISABLED, AdminState.ENABLED);
        assertEquals(Map.of(BucketState.MOVING, 8L, BucketState.SETTLED, 8L), states());
        arrive(0, client, SYN, 7);
        assertEquals(TWO, lastSentTo());
    }

    @Test
    void refusesWhoIsNewWhileNobodyTakesConnectionsAndResetsWhoseServerIsDead() {
        configure(ServerFailure.RESET, AdminState.ENABLED, AdminState.ENABLED);
        Endpoint client = clientOf(ONE);
        configure(ServerFailure.RESET, AdminState.DRAINING, AdminState.DISABLED);
        BucketRoute drained = switches.buckets(ilbs().get(0)).get(client.port() & 0x1e);
        assertEquals(BucketRoute.through(Optional.of(ONE), true), drained, "living connections go on");
        arrive(0, client, SYN, 7);
        assertTrue(switches.sent().get(switches.sent().size() - 1).isReset());

        configure(ServerFailure.RESET, AdminState.DISABLED, AdminState.DISABLED);
        for (BucketRoute route : switches.buckets(ilbs().get(0)).values()) {
            assertEquals(BucketRoute.through(Optional.empty(), false), route);
        }
        arrive(1, client, SYN, 7);
        assertTrue(switches.sent().get(switches.sent().size() - 1).isReset());
        arrive(1, client, ACK, 8);
        assertTrue(switches.sent().get(switches.sent().size() - 1).isReset());
        assertEquals(2, switches.count(Count.NO_SERVER));

        configure(ServerFailure.RESET, AdminState.ENABLED, AdminState.ENABLED);
        for (BucketRoute route : switches.buckets(ilbs().get(0)).values()) {
            assertTrue(route.isDirect());
        }
    }
}
