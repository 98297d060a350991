package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.AfterTry;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.ReturnMode;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.ilb.Uplink;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Pipeline;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModEtherInstruction;
import org.onosproject.net.packet.InboundPacket;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketPriority;

/** The fabric over a network that answers: two ILBs, each linked to one leaf switch with servers. */
class FabricTest {

    private static final DeviceId ILB1 = DeviceId.deviceId("of:0000000000000001");
    private static final DeviceId ILB2 = DeviceId.deviceId("of:0000000000000002");
    private static final DeviceId LEAF = DeviceId.deviceId("of:0000000000000003");
    private static final Set<Cable> CABLES = ImmutableSet.of(
            cable(ILB1, 9, LEAF, 1), cable(LEAF, 1, ILB1, 9), cable(ILB2, 9, LEAF, 2), cable(LEAF, 2, ILB2, 9));
    private static final Endpoint SERVICE = Endpoint.parse("10.100.0.1:80");
    private static final Endpoint SERVER = Endpoint.parse("10.0.0.11:8080");
    private static final IpAddress GATEWAY = IpAddress.valueOf("10.0.0.254");
    private static final MacAddress SERVER_MAC = RandomNetwork.mac(0x11);
    private static final MacAddress ROUTER_MAC = RandomNetwork.mac(0xff);
    private static final ConnectPoint SERVER_PORT = new ConnectPoint(LEAF, PortNumber.portNumber(5));
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeNetwork network = new FakeNetwork();
    private final Fabric fabric = network.fabric();

    FabricTest() {
        network.connect(ILB1, 1, 9);
        network.connect(ILB2, 1, 9);
        network.connect(LEAF, 1, 2, 5, 6, 7);
        network.wire(CABLES);
        fabric.start();
    }

    @AfterTry
    void close() {
        fabric.detach();
    }

    @Example
    void findsServersAndRoutersByItselfAndThenRules() {
        fabric.configure(routed());
        await(() -> asked(SERVER.address(), SERVER_PORT));
        assertTrue(network.sent.stream().noneMatch(sent -> sent.port.port().toLong() == 9), "never on fabric ports");
        assertTrue(rules(Pipeline.RETURN_PRIORITY).isEmpty());
        answerAll();
        await(() -> rules(Pipeline.RETURN_PRIORITY).size() == 1);
        await(() -> rules(Pipeline.CLASSIFY_PRIORITY).size() == 2);
        assertEquals(Optional.of(new Place(SERVER_MAC, SERVER_PORT)), fabric.serverPlace(SERVER));
        assertEquals(Optional.of(ROUTER_MAC), fabric.nextHop(ilb(1).id()));
        PortNumber toLeaf = PortNumber.portNumber(9);
        assertEquals(Optional.of(toLeaf), fabric.egress(ILB1, SERVER_MAC, PortNumber.portNumber(1)));
        assertEquals(Optional.of(PortNumber.IN_PORT), fabric.egress(ILB1, SERVER_MAC, toLeaf));
    }

    @Example
    void repliesLeaveByAnotherUplinkWhenTheirsGoesDown() {
        fabric.configure(routed());
        settle();
        Ilb exit = returnsBy(1) ? ilb(1) : ilb(2);
        network.setPort(new ConnectPoint(exit.device(), PortNumber.portNumber(1)), false);
        int other = exit.equals(ilb(1)) ? 2 : 1;
        await(() -> returnsBy(other));
        network.setPort(new ConnectPoint(exit.device(), PortNumber.portNumber(1)), true);
        await(() -> returnsBy(3 - other));
        network.disconnect(exit.device());
        await(() -> returnsBy(other));
        network.disconnect(ilb(other).device());
        network.flows.takeApplied();
        // Nobody is connected: what stands stays.
        network.disconnect(LEAF);
        assertTrue(network.flows.takeApplied().isEmpty());
    }

    @Example
    void repliesLeaveByAnotherUplinkWhenTheirIlbIsOut() {
        fabric.configure(routed());
        settle();
        int exit = returnsBy(1) ? 1 : 2;
        fabric.out(ImmutableSet.of(ilb(exit).id()));
        await(() -> returnsBy(3 - exit));
        fabric.out(ImmutableSet.of(ilb(1).id(), ilb(2).id()));
        await(() -> returnsBy(exit));
        fabric.out(ImmutableSet.of(ilb(3 - exit).id()));
        await(() -> returnsBy(exit));
        fabric.out(ImmutableSet.of());
        await(() -> returnsBy(exit));
    }

    @Example
    void pointingRepliesElsewhereWaitsForNoSwitch() {
        fabric.detach();
        Fabric patient = network.fabric(Duration.ofHours(1));
        patient.start();
        try {
            patient.configure(routed());
            settle(patient);
            int exit = returnsBy(1) ? 1 : 2;
            // The rules' thread sends a switch its rules again and waits for an answer that never comes.
            network.flows.silent.add(ilb(exit).device());
            network.flows.takeApplied();
            network.connect(ilb(exit).device(), 1, 9);
            await(() -> !network.flows.applied.isEmpty());
            for (int round = 0; round < 3; round++) {
                patient.out(ImmutableSet.of(ilb(exit).id()));
                await(() -> returnsBy(3 - exit));
                patient.out(ImmutableSet.of());
                await(() -> returnsBy(exit));
            }
        } finally {
            patient.detach();
        }
    }

    @Example
    void aSwitchThatReturnsEmptyGetsItsRulesAgain() {
        fabric.configure(routed());
        settle();
        Set<FlowRule> before = network.flows.rules();
        network.disconnect(ILB1);
        network.flows.lose(ILB1);
        network.connect(ILB1, 1, 9);
        network.wire(CABLES);
        await(() -> network.flows.rules().equals(before));
    }

    @Example
    void theExactRuleFollowsTheServersMac() {
        fabric.configure(routed());
        settle();
        FlowKey key = FlowKey.of(SERVICE, Endpoint.parse("203.0.113.9:40000"));
        FlowRule exact =
                fabric.exact(ILB1, key, SERVER, PortNumber.portNumber(1)).orElseThrow();
        network.flows.put(exact);
        assertTrue(exact.treatment().toString().contains(SERVER_MAC.toString()));
        MacAddress other = RandomNetwork.mac(0x12);
        hear(ArpMessage.request(other, SERVER.address(), GATEWAY), SERVER_PORT);
        await(() -> network.flows.stored(exact).treatment().toString().contains(other.toString()));
        assertEquals(exact.timeout(), network.flows.stored(exact).timeout());
        assertEquals(exact.hardTimeout(), network.flows.stored(exact).hardTimeout());
        assertEquals(Optional.empty(), fabric.exact(LEAF, key, SERVER, PortNumber.portNumber(1)));
    }

    @Example
    void whereServersHoldTheVirtualAddressNothingButTheMacAddressSaysWhichServer() throws Exception {
        FrontEnd direct = returning(routed(), ReturnMode.DSR);
        fabric.configure(direct);
        settle();
        FlowKey key = FlowKey.of(SERVICE, Endpoint.parse("203.0.113.9:40000"));
        FlowRule exact =
                fabric.exact(ILB1, key, SERVER, PortNumber.portNumber(1)).orElseThrow();
        assertUntranslated(exact);
        network.flows.put(exact);
        MacAddress other = RandomNetwork.mac(0x12);
        hear(ArpMessage.request(other, SERVER.address(), GATEWAY), SERVER_PORT);
        await(() -> network.flows.stored(exact).treatment().toString().contains(other.toString()));
        assertUntranslated(network.flows.stored(exact));

        fabric.configure(returning(inBuckets(), ReturnMode.DSR));
        settle();
        IlbId ilb = ilb(1).id();
        fabric.buckets(ilb, tables(BucketRoute.direct(SERVER))).get(10, TimeUnit.SECONDS);
        FlowRule wildcard = network.flows.rules().stream()
                .filter(Pipeline::isWildcard)
                .findFirst()
                .orElseThrow();
        assertUntranslated(network.flows.stored(wildcard));
        fabric.configure(inBuckets());
        await(() -> network.flows
                .stored(wildcard)
                .treatment()
                .toString()
                .contains(SERVER.address().toString()));
    }

    private static void assertUntranslated(FlowRule rule) {
        assertTrue(
                rule.treatment().immediate().stream().allMatch(ModEtherInstruction.class::isInstance), rule::toString);
        assertEquals(2, rule.treatment().immediate().size());
    }

    private static FrontEnd returning(FrontEnd frontEnd, ReturnMode mode) {
        return new FrontEnd(
                ImmutableList.of(frontEnd.services().get(0).returning(mode)), frontEnd.ilbs(), frontEnd.settings());
    }

    @Example
    void aRelayRuleLeadsToAnotherIlbOnly() {
        fabric.configure(routed());
        settle();
        FlowKey key = FlowKey.of(SERVICE, Endpoint.parse("203.0.113.9:40000"));
        PortNumber uplink = PortNumber.portNumber(1);
        FlowRule relay = fabric.relay(ILB1, key, ilb(2).id(), uplink).orElseThrow();
        assertTrue(Pipeline.isExact(relay) && Pipeline.isRelay(relay));
        assertTrue(relay.treatment().toString().contains(FabricMac.of(ilb(2)).toString()));
        assertEquals(Optional.empty(), fabric.relay(ILB1, key, ilb(1).id(), uplink), "to itself");
        assertEquals(Optional.empty(), fabric.relay(ILB1, key, IlbId.ofIndex(9), uplink), "to nobody");
        assertEquals(Optional.empty(), fabric.relay(LEAF, key, ilb(1).id(), uplink), "from a switch that is no ILB");
    }

    @Example
    void inASwitchWithOneTableTheRelayRuleFollowsTheWayToTheOwner() {
        Cable direct = cable(ILB1, 8, ILB2, 8);
        network.connect(ILB1, 1, 8, 9);
        network.connect(ILB2, 1, 8, 9);
        network.wire(Sets.union(CABLES, ImmutableSet.of(direct, cable(ILB2, 8, ILB1, 8))));
        fabric.configure(with(Settings.builder(1).singleTable(ImmutableSet.of(ILB1))));
        answerAll();
        await(() -> {
            answerAll();
            return fabric.egress(ILB1, FabricMac.of(ilb(2)), PortNumber.portNumber(1))
                    .equals(Optional.of(PortNumber.portNumber(8)));
        });
        FlowKey key = FlowKey.of(SERVICE, Endpoint.parse("203.0.113.9:40000"));
        FlowRule relay =
                fabric.relay(ILB1, key, ilb(2).id(), PortNumber.portNumber(1)).orElseThrow();
        network.flows.put(relay);
        assertTrue(relay.treatment().toString().contains("OUTPUT:8"));
        network.setPort(direct.source(), false);
        network.wire(CABLES);
        await(() -> network.flows.stored(relay).treatment().toString().contains("OUTPUT:9"));
        assertTrue(network.flows
                .stored(relay)
                .treatment()
                .toString()
                .contains(FabricMac.of(ilb(2)).toString()));
    }

    @Example
    void theGatewayIsAnsweredAndTheServerFollowed() {
        fabric.configure(routed());
        settle();
        ConnectPoint elsewhere = new ConnectPoint(LEAF, PortNumber.portNumber(6));
        network.sent.clear();
        PacketContext context = hear(ArpMessage.request(SERVER_MAC, SERVER.address(), GATEWAY), elsewhere);
        verify(context).block();
        assertTrue(network.sent.stream()
                .anyMatch(sent -> sent.port.equals(elsewhere)
                        && sent.message.senderMac().equals(FabricMac.of(GATEWAY))
                        && sent.message.target().equals(SERVER.address())));
        await(() -> fabric.serverPlace(SERVER).equals(Optional.of(new Place(SERVER_MAC, elsewhere))));
    }

    @Example
    void othersArpIsLeftToThem() {
        fabric.configure(routed());
        settle();
        PacketContext context = hear(
                ArpMessage.request(RandomNetwork.mac(1), IpAddress.valueOf("10.0.0.77"), SERVER.address()),
                SERVER_PORT);
        verify(context, never()).block();
    }

    @Example
    void aNewFlatClientIsAnsweredWhenItsWayBackStands() {
        fabric.configure(flat());
        settle();
        MacAddress mac = RandomNetwork.mac(0x50);
        IpAddress client = IpAddress.valueOf("10.0.0.50");
        ConnectPoint at = new ConnectPoint(ILB1, PortNumber.portNumber(1));
        network.sent.clear();
        PacketContext context = hear(ArpMessage.request(mac, client, SERVICE.address()), at);
        verify(context).block();
        assertTrue(network.sent.stream().noneMatch(sent -> sent.message.target().equals(client)), "not yet");
        await(() -> network.sent.stream()
                .anyMatch(sent -> sent.port.equals(at)
                        && sent.message.target().equals(client)
                        && sent.message.senderMac().equals(FabricMac.of(ilb(1)))));
        assertTrue(network.flows.rules().stream()
                .anyMatch(rule -> rule.deviceId().equals(LEAF)
                        && rule.selector().toString().contains(mac.toString())));
    }

    @Example
    void aFlatClientIsLearntFromItsSegments() {
        fabric.configure(flat());
        settle();
        MacAddress mac = RandomNetwork.mac(0x50);
        fabric.seen(new ConnectPoint(ILB1, PortNumber.portNumber(1)), mac, IpAddress.valueOf("10.0.0.50"));
        await(() -> network.flows.rules().stream()
                .anyMatch(rule -> rule.selector().toString().contains(mac.toString())));
    }

    @Example
    void whatIsNotConfiguredAnyMoreGoesAndTheRestIsNotTouched() {
        fabric.configure(routed());
        settle();
        network.flows.takeApplied();
        fabric.configure(routed());
        fabric.configure(new FrontEnd(ImmutableList.of(), routed().ilbs(), routed().settings()));
        await(() -> rules(Pipeline.CLASSIFY_PRIORITY).isEmpty()
                && rules(Pipeline.RETURN_PRIORITY).isEmpty());
        network.flows
                .takeApplied()
                .forEach(operation -> assertEquals("REMOVE", operation.type().toString()));
    }

    @Example
    void closingRemovesAllButExactRules() {
        fabric.configure(routed());
        settle();
        FlowKey key = FlowKey.of(SERVICE, Endpoint.parse("203.0.113.9:40000"));
        FlowRule exact =
                fabric.exact(ILB1, key, SERVER, PortNumber.portNumber(1)).orElseThrow();
        network.flows.put(exact);
        fabric.close();
        assertEquals(ImmutableSet.of(exact), network.flows.rules());
        verify(network.packets).cancelPackets(any(), org.mockito.ArgumentMatchers.eq(PacketPriority.CONTROL), any());
        assertFalse(fabric.arp(context(ArpMessage.request(SERVER_MAC, SERVER.address(), GATEWAY), SERVER_PORT)));
    }

    @Example
    void flagRulesGoWhereTheSegmentsAreThatTheySingleOut() {
        fabric.configure(routed());
        settle();
        Map<DeviceId, Set<FlagRule>> wanted = new HashMap<>();
        for (Ilb ilb : routed().ilbs()) {
            wanted.put(
                    ilb.device(),
                    ImmutableSet.of(
                            FlagRule.clientSyn(FabricMac.of(ilb), SERVICE),
                            FlagRule.clientEnd(FabricMac.of(ilb), SERVICE)));
        }
        wanted.put(LEAF, ImmutableSet.of(FlagRule.serverEnd(SERVER)));
        await(() -> network.flags.equals(wanted));
        fabric.configure(with(Settings.builder(1).endFlags(false).singleTable(ImmutableSet.of(LEAF))));
        wanted.remove(LEAF);
        wanted.replaceAll((device, rules) -> Sets.filter(rules, rule -> rule.kind() == FlagRule.Kind.CLIENT_SYN));
        await(() -> network.flags.equals(wanted));
        fabric.configure(with(Settings.builder(1).synFlags(false).singleTable(ImmutableSet.of(ILB1, LEAF))));
        await(() -> network.flags.equals(
                ImmutableMap.of(ILB2, ImmutableSet.of(FlagRule.clientEnd(FabricMac.of(ilb(2)), SERVICE)))));
        fabric.close();
        assertTrue(network.flags.isEmpty());
    }

    private static FrontEnd with(Settings.Builder settings) {
        return new FrontEnd(
                routed().services(),
                routed().ilbs(),
                settings.gateways(ImmutableSet.of(GATEWAY)).build());
    }

    @Example
    void theNextRunNeedNotLearnWhatThisOneKnows() {
        fabric.configure(routed());
        settle();
        Set<FlowRule> before = network.flows.rules();
        await(() -> Knowledge.read(network.left).routers().size() == 2);
        fabric.detach();
        network.flows.lose(ILB1);
        network.flows.lose(ILB2);
        network.flows.lose(LEAF);
        network.wire(ImmutableSet.of());
        Fabric next = network.fabric();
        next.start();
        try {
            next.configure(routed());
            await(() -> network.flows.rules().equals(before));
        } finally {
            next.detach();
        }
    }

    @Example
    void exactRulesOfAServiceWithBucketsAreWhereMovingOnesLead() throws Exception {
        fabric.configure(inBuckets());
        settle();
        FlowKey key = FlowKey.of(SERVICE, Endpoint.parse("203.0.113.9:40000"));
        FlowRule exact =
                fabric.exact(ILB1, key, SERVER, PortNumber.portNumber(1)).orElseThrow();
        assertTrue(Pipeline.isIn(exact, Pipeline.MOVING_TABLE) && Pipeline.isExact(exact));
        IlbId ilb = ilb(1).id();
        assertFalse(fabric.bucketsStand(ilb));
        fabric.buckets(ilb, tables(BucketRoute.direct(SERVER))).get(10, TimeUnit.SECONDS);
        assertTrue(fabric.bucketsStand(ilb));
        assertEquals(1, fabric.bucketCounts(ilb, SERVICE).size());
        assertTrue(network.flags.isEmpty(), "nothing is looked at while nothing moves");
        fabric.buckets(ilb, tables(BucketRoute.through(Optional.of(SERVER), true)))
                .get(10, TimeUnit.SECONDS);
        Map<DeviceId, Set<FlagRule>> wanted = ImmutableMap.of(
                ILB1,
                ImmutableSet.of(FlagRule.movingSyn(SERVICE), FlagRule.movingEnd(SERVICE)),
                LEAF,
                ImmutableSet.of(FlagRule.movingServerEnd(SERVER)));
        await(() -> network.flags.equals(wanted));
        await(() -> rules(Pipeline.MOVING_RETURN_PRIORITY + 4).size() == 1);
        network.flows.put(exact);
        fabric.buckets(ilb, tables(BucketRoute.direct(SERVER))).get(10, TimeUnit.SECONDS);
        await(() -> network.flags.isEmpty()
                && rules(Pipeline.MOVING_RETURN_PRIORITY + 4).isEmpty());
        fabric.close();
        assertEquals(ImmutableSet.of(exact), network.flows.rules());
    }

    @Example
    void bucketsComeBackWithTheirSwitch() throws Exception {
        fabric.configure(inBuckets());
        settle();
        IlbId ilb = ilb(1).id();
        fabric.buckets(ilb, tables(BucketRoute.direct(SERVER))).get(10, TimeUnit.SECONDS);
        network.disconnect(ILB1);
        await(() -> !fabric.bucketsStand(ilb));
        network.flows.lose(ILB1);
        network.connect(ILB1, 1, 9);
        network.wire(CABLES);
        await(() -> fabric.bucketsStand(ilb));
        assertEquals(
                1, network.flows.rules().stream().filter(Pipeline::isWildcard).count());
    }

    @Example
    void whoIsKnownToAskIsAnsweredByTheSwitch() {
        fabric.configure(routed());
        settle();
        await(() -> rules(Pipeline.ARP_PRIORITY).size() == 1);
        fabric.configure(inBuckets());
        await(() -> rules(Pipeline.ARP_PRIORITY).size() == 5);
        fabric.out(ImmutableSet.of(ilb(1).id()));
        await(() -> rules(Pipeline.ARP_PRIORITY).size() == 3);
        assertTrue(rules(Pipeline.ARP_PRIORITY).stream()
                .noneMatch(rule -> rule.deviceId().equals(ILB1)));
    }

    private static Map<Endpoint, BucketTable> tables(BucketRoute route) {
        return ImmutableMap.of(SERVICE, BucketTable.of(0x1e, ImmutableMap.of(6, route)));
    }

    private static FrontEnd inBuckets() {
        Buckets buckets = new Buckets(0x1e, Buckets.Binding.AHEAD, Duration.ZERO, Duration.ZERO, 4);
        return new FrontEnd(
                ImmutableList.of(routed().services().get(0).inBuckets(Optional.of(buckets))),
                routed().ilbs(),
                routed().settings());
    }

    @Example
    void detachingRemovesNothing() {
        fabric.configure(routed());
        settle();
        Set<FlowRule> before = network.flows.rules();
        fabric.detach();
        assertEquals(before, network.flows.rules());
    }

    @Example
    void noBytesMakeItThrow() {
        fabric.configure(flat());
        settle();
        Random random = new Random(5);
        for (int i = 0; i < 5000; i++) {
            byte[] bytes = ArpMessage.request(
                            RandomNetwork.mac(i), IpAddress.valueOf(random.nextInt()), SERVICE.address())
                    .toFrame(MacAddress.BROADCAST)
                    .array();
            for (int flips = random.nextInt(6); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            PacketContext context = mock(PacketContext.class);
            InboundPacket packet = mock(InboundPacket.class);
            when(context.inPacket()).thenReturn(packet);
            when(packet.parsed()).thenReturn(ArpMessageTest.parse(bytes));
            when(packet.receivedFrom())
                    .thenReturn(new ConnectPoint(ILB1, PortNumber.portNumber(1 + random.nextInt(3))));
            fabric.arp(context);
        }
    }

    private void settle() {
        settle(fabric);
    }

    private void settle(Fabric started) {
        await(() -> {
            answerAll(started);
            return rules(Pipeline.RETURN_PRIORITY).size() == 1
                    && rules(Pipeline.CLASSIFY_PRIORITY).size() == 2;
        });
    }

    /** The router and the server answer whatever they were asked. */
    private void answerAll() {
        answerAll(fabric);
    }

    private void answerAll(Fabric started) {
        for (FakeNetwork.Sent sent : ImmutableList.copyOf(network.sent)) {
            ArpMessage request = sent.message;
            boolean server = request.target().equals(SERVER.address()) && sent.port.equals(SERVER_PORT);
            boolean router = request.target().toString().startsWith("192.168.");
            if (request.isRequest() && (server || router)) {
                started.arp(context(request.answer(server ? SERVER_MAC : ROUTER_MAC), sent.port));
            }
        }
    }

    private boolean asked(IpAddress target, ConnectPoint port) {
        return ImmutableList.copyOf(network.sent).stream()
                .anyMatch(
                        sent -> sent.port.equals(port) && sent.message.target().equals(target));
    }

    private Set<FlowRule> rules(int priority) {
        return network.flows.rules().stream()
                .filter(rule -> Pipeline.isIn(rule, 0) && rule.priority() == priority)
                .collect(ImmutableSet.toImmutableSet());
    }

    private boolean returnsBy(int number) {
        String mac = FabricMac.of(ilb(number)).toString();
        return network.flows.rules().stream()
                .filter(rule -> Pipeline.isIn(rule, Pipeline.REPLY_TABLE))
                .allMatch(rule -> rule.treatment().toString().contains(mac));
    }

    private PacketContext hear(ArpMessage message, ConnectPoint at) {
        PacketContext context = context(message, at);
        fabric.arp(context);
        return context;
    }

    private static PacketContext context(ArpMessage message, ConnectPoint at) {
        PacketContext context = mock(PacketContext.class);
        InboundPacket packet = mock(InboundPacket.class);
        when(context.inPacket()).thenReturn(packet);
        when(packet.receivedFrom()).thenReturn(at);
        when(packet.parsed())
                .thenReturn(ArpMessageTest.parse(
                        message.toFrame(MacAddress.BROADCAST).array()));
        return context;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not happen in time");
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static FrontEnd routed() {
        return frontEnd(ImmutableList.of(ilb(1), ilb(2)));
    }

    private static FrontEnd flat() {
        return frontEnd(ImmutableList.of(
                new Ilb(ilb(1).id(), ILB1, ilb(1).address().orElseThrow(), null),
                new Ilb(ilb(2).id(), ILB2, ilb(2).address().orElseThrow(), null)));
    }

    private static FrontEnd frontEnd(ImmutableList<Ilb> ilbs) {
        Service service = new Service(
                "web",
                SERVICE,
                "weighted-round-robin",
                HandOff.DIRECT,
                UnknownConnection.RESET,
                ImmutableList.of(),
                ImmutableList.of(new Server(SERVER, 1, null, null)));
        return new FrontEnd(
                ImmutableList.of(service),
                ilbs,
                Settings.builder(1).gateways(ImmutableSet.of(GATEWAY)).build());
    }

    private static Ilb ilb(int number) {
        IpAddress address = IpAddress.valueOf("192.168." + number + ".2");
        Uplink uplink = new Uplink(PortNumber.portNumber(1), IpAddress.valueOf("192.168." + number + ".1"));
        return new Ilb(IlbId.of(address), number == 1 ? ILB1 : ILB2, address, uplink);
    }

    private static Cable cable(DeviceId from, long out, DeviceId to, long in) {
        return new Cable(
                new ConnectPoint(from, PortNumber.portNumber(out)), new ConnectPoint(to, PortNumber.portNumber(in)));
    }
}
