package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterTry;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Settings;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.flags.FlagRules;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Flattening;
import org.ilb.dataplane.rule.Pipeline;
import org.ilb.dataplane.rule.Rules;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/** Buckets at one ILB: what segments meet while their rules change, seen after each single change in the switch. */
class BucketInstallerTest {

    private static final DeviceId DEVICE = DeviceId.deviceId("of:0000000000000001");
    private static final Ilb ILB =
            new Ilb(IlbId.of(IpAddress.valueOf("10.10.1.1")), DEVICE, IpAddress.valueOf("10.10.1.1"), null);
    private static final Endpoint SERVICE = Endpoint.parse("10.100.0.1:80");
    private static final List<Endpoint> SERVERS = ImmutableList.of(
            Endpoint.parse("10.0.0.11:8080"), Endpoint.parse("10.0.0.12:8080"), Endpoint.parse("10.0.0.13:8080"));
    private static final PortNumber UPLINK = PortNumber.portNumber(1);
    private static final int COARSE = 0x1e;
    private static final int FINE = 0x3e;
    private static final Endpoint UP = Endpoint.parse("255.255.255.255:1");

    private final FakeFlowRules flows = new FakeFlowRules();
    private final Rules rules = new Rules(FakeNetwork.APP);
    private final Set<FlagRule> flags = Collections.synchronizedSet(new HashSet<>());
    private final FlagBoard board = new FlagBoard(new FlagRules() {
        @Override
        public void keep(Map<DeviceId, Set<FlagRule>> kept) {
            synchronized (flags) {
                flags.clear();
                flags.addAll(kept.getOrDefault(DEVICE, ImmutableSet.of()));
            }
            flows.watcher.run();
        }

        @Override
        public CompletableFuture<Boolean> confirm(DeviceId device) {
            return CompletableFuture.completedFuture(true);
        }
    });
    private volatile DeviceId writable = DEVICE;
    private final BucketInstaller installer = new BucketInstaller(
            flows, FakeNetwork.APP, board, ilb -> Optional.of(inputs()), ilb -> Optional.ofNullable(writable));
    private final List<String> broken = Collections.synchronizedList(new ArrayList<>());
    private volatile Map<Endpoint, BucketTable> tables = ImmutableMap.of();
    private volatile Map<IpAddress, Place> servers = places(3);

    BucketInstallerTest() {
        flows.put(rules.classify(DEVICE, FabricMac.of(ILB), SERVICE));
        flows.put(rules.punt(DEVICE, SERVICE));
        for (int i = 0; i < SERVERS.size(); i++) {
            flows.put(rules.transit(DEVICE, mac(i), PortNumber.portNumber(11 + i)));
        }
        installer.start();
    }

    @AfterTry
    void stop() {
        installer.stop();
    }

    @Property(tries = 40)
    void atEveryMomentASegmentGoesItsFormerWayOrItsNewOne(@ForAll Random random) throws Exception {
        BucketInstallerTest anew = new BucketInstallerTest();
        try {
            anew.changeAndChange(random);
        } finally {
            anew.stop();
        }
    }

    private void changeAndChange(Random random) throws Exception {
        Map<Endpoint, BucketTable> before = tables;
        for (int step = 0; step < 12; step++) {
            Map<Endpoint, BucketTable> former = before;
            Map<Endpoint, BucketTable> next = ImmutableMap.of(SERVICE, change(former, random));
            flows.watcher = () -> check(former, next);
            tables = next;
            installer.bring(ILB.id()).get(10, TimeUnit.SECONDS);
            flows.watcher = () -> {};
            assertEquals(ImmutableList.of(), ImmutableList.copyOf(broken));
            check(next, next);
            assertEquals(ImmutableList.of(), ImmutableList.copyOf(broken), "in the end");
            assertTrue(installer.stands(ILB.id()));
            BucketRules wanted = BucketRules.of(inputs(), rules, new Flattening(FakeNetwork.APP));
            assertEquals(
                    Sets.union(Sets.union(wanted.later(), wanted.quiet()), wanted.wildcards()),
                    flows.rules().stream().filter(Pipeline::isBucket).collect(Collectors.toSet()));
            assertEquals(wanted.flags(), flags);
            before = next;
        }
    }

    @Example
    void aChangeOfOneBucketTouchesNoOther() throws Exception {
        Map<Integer, BucketRoute> routes = new HashMap<>();
        for (int i = 0; i < 1024; i++) {
            routes.put(i << 1, BucketRoute.direct(SERVERS.get(i % 3)));
        }
        bring(BucketTable.of(0x7fe, routes));
        assertEquals(1024, flows.takeApplied().size());
        routes.put(8, BucketRoute.through(Optional.of(SERVERS.get(0)), true));
        bring(BucketTable.of(0x7fe, routes));
        assertEquals(
                3, flows.takeApplied().size(), "its fallback, its wildcard, and the way on of the first that moves");
        routes.put(8, BucketRoute.through(Optional.empty(), true));
        bring(BucketTable.of(0x7fe, routes));
        assertEquals(1, flows.takeApplied().size());
        bring(BucketTable.of(0x7fe, routes));
        assertTrue(flows.takeApplied().isEmpty());
    }

    @Example
    void aSwitchThatIsAwayIsToldWhenItReturns() throws Exception {
        writable = null;
        tables = ImmutableMap.of(
                SERVICE, BucketTable.of(COARSE, ImmutableMap.of(2, BucketRoute.direct(SERVERS.get(0)))));
        CompletableFuture<Void> refused = installer.bring(ILB.id());
        assertThrows(ExecutionException.class, () -> refused.get(5, TimeUnit.SECONDS));
        assertFalse(installer.stands(ILB.id()));
        writable = DEVICE;
        installer.distrust(ImmutableSet.of(DEVICE));
        installer.refresh();
        await(() -> installer.stands(ILB.id()));
        assertEquals(1, flows.takeApplied().size());
        writable = null;
        installer.refresh();
        await(() -> !installer.stands(ILB.id()));
        writable = DEVICE;
        flows.lose(DEVICE);
        installer.distrust(ImmutableSet.of(DEVICE));
        await(() -> installer.stands(ILB.id()));
        assertEquals(1, flows.takeApplied().size(), "sent again, whatever ONOS believes");
    }

    @Example
    void aServerThatNobodyKnowsIsWaitedForAndOneThatMovesIsFollowed() throws Exception {
        servers = places(1);
        tables = ImmutableMap.of(
                SERVICE,
                BucketTable.of(
                        COARSE,
                        ImmutableMap.of(2, BucketRoute.direct(SERVERS.get(0)), 4, BucketRoute.direct(SERVERS.get(1)))));
        CompletableFuture<Void> incomplete = installer.bring(ILB.id());
        assertThrows(ExecutionException.class, () -> incomplete.get(5, TimeUnit.SECONDS));
        assertFalse(installer.stands(ILB.id()));
        assertEquals(1, flows.takeApplied().size(), "the bucket of the known one stands all the same");
        servers = places(3);
        installer.refresh();
        await(() -> installer.stands(ILB.id()));
        assertEquals(1, flows.takeApplied().size());
        Map<IpAddress, Place> moved = new HashMap<>(servers);
        moved.put(
                SERVERS.get(0).address(),
                new Place(mac(7), servers.get(SERVERS.get(0).address()).location()));
        servers = ImmutableMap.copyOf(moved);
        installer.refresh();
        await(() -> !flows.applied.isEmpty());
        assertTrue(flows.takeApplied().get(0).rule().treatment().toString().contains(mac(7).toString()));
    }

    @Example
    void aSwitchThatRefusesIsTriedAgain() throws Exception {
        flows.refusing.add(DEVICE);
        tables = ImmutableMap.of(
                SERVICE, BucketTable.of(COARSE, ImmutableMap.of(2, BucketRoute.direct(SERVERS.get(0)))));
        CompletableFuture<Void> refused = installer.bring(ILB.id());
        assertThrows(ExecutionException.class, () -> refused.get(5, TimeUnit.SECONDS));
        assertFalse(installer.stands(ILB.id()));
        flows.refusing.clear();
        await(() -> installer.stands(ILB.id()));
        assertEquals(1, flows.rules().stream().filter(Pipeline::isBucket).count());
    }

    private void bring(BucketTable table) throws Exception {
        tables = ImmutableMap.of(SERVICE, table);
        installer.bring(ILB.id()).get(10, TimeUnit.SECONDS);
    }

    /** Some buckets go elsewhere, some get no rule; when all are settled the mask may get finer or coarser. */
    private static BucketTable change(Map<Endpoint, BucketTable> before, Random random) {
        BucketTable table = before.get(SERVICE);
        boolean settled = table == null || table.routes().values().stream().allMatch(BucketRoute::isDirect);
        boolean settle = random.nextInt(4) == 0;
        int mask =
                settled && settle ? (random.nextBoolean() ? COARSE : FINE) : table == null ? COARSE : table.portMask();
        Map<Integer, BucketRoute> routes = new HashMap<>();
        for (int bits = 0; bits <= mask; bits += 2) {
            BucketRoute route = table == null ? null : table.routes().get(bits & table.portMask());
            if (route == null || random.nextInt(3) == 0) {
                route = route(random);
            }
            if (route != null && settle && !route.isDirect()) {
                route = route.server().map(BucketRoute::direct).orElse(null);
            }
            if (route != null) {
                routes.put(bits, route);
            }
        }
        return BucketTable.of(mask, routes);
    }

    private static BucketRoute route(Random random) {
        Endpoint server = SERVERS.get(random.nextInt(SERVERS.size()));
        switch (random.nextInt(5)) {
            case 0:
                return null;
            case 1:
                return BucketRoute.through(Optional.empty(), true);
            case 2:
                return BucketRoute.through(Optional.of(server), true);
            case 3:
                return BucketRoute.through(Optional.of(server), false);
            default:
                return BucketRoute.direct(server);
        }
    }

    private void check(Map<Endpoint, BucketTable> former, Map<Endpoint, BucketTable> next) {
        Set<FlagRule> flagged;
        synchronized (flags) {
            flagged = ImmutableSet.copyOf(flags);
        }
        SwitchModel model = new SwitchModel(flows.rules(), flagged);
        for (int port = 32768; port < 32768 + 64; port++) {
            for (int tcp : new int[] {Packet.ACK, Packet.SYN, Packet.FIN | Packet.ACK}) {
                Packet packet = new Packet(
                                RandomNetwork.mac(0xff),
                                FabricMac.of(ILB),
                                Endpoint.of(IpAddress.valueOf("203.0.113.9"), port),
                                SERVICE)
                        .with(tcp);
                // A SYN may go where all that follows it will go, whether or not SYNs are to come up.
                Set<Endpoint> allowed =
                        ImmutableSet.of(goes(former, port, tcp), goes(next, port, tcp), goes(next, port, Packet.ACK));
                Endpoint went = went(model.receive(UPLINK, packet));
                if (!allowed.contains(went)) {
                    broken.add(packet + " went to " + went + ", not to one of " + allowed);
                }
            }
        }
    }

    private static Endpoint goes(Map<Endpoint, BucketTable> tables, int port, int tcp) {
        BucketTable table = tables.get(SERVICE);
        BucketRoute route = table == null ? null : table.routes().get(port & table.portMask());
        if (route == null || tcp == Packet.SYN && route.synsUp()) {
            return UP;
        }
        return route.server().orElse(UP);
    }

    /** Where it went, copies of ends apart. */
    private static Endpoint went(List<SwitchModel.Sent> sent) {
        Set<Endpoint> ports = sent.stream()
                .filter(one -> !one.port.equals(PortNumber.CONTROLLER))
                .map(one -> one.packet.destination)
                .collect(Collectors.toSet());
        if (ports.isEmpty()) {
            return sent.isEmpty() ? null : UP;
        }
        return ports.iterator().next();
    }

    private BucketRules.Inputs inputs() {
        FrontEnd frontEnd = new FrontEnd(
                ImmutableList.of(), ImmutableList.of(ILB), Settings.builder(1).build());
        Situation situation = Situation.of(frontEnd).servers(servers).build();
        return new BucketRules.Inputs(ILB, tables, situation, Standing.NONE);
    }

    private static Map<IpAddress, Place> places(int count) {
        ImmutableMap.Builder<IpAddress, Place> places = ImmutableMap.builder();
        for (int i = 0; i < count; i++) {
            places.put(
                    SERVERS.get(i).address(),
                    new Place(mac(i), new ConnectPoint(DEVICE, PortNumber.portNumber(11 + i))));
        }
        return places.build();
    }

    private static MacAddress mac(int server) {
        return RandomNetwork.mac(0x11 + server);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not happen in time");
            Thread.sleep(10);
        }
    }
}
