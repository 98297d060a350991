package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.ilb.Uplink;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/** What is learnt from ARP, and what is asked by it. */
class NeighboursTest {

    private static final IpAddress VIP = IpAddress.valueOf("10.0.100.1");
    private static final IpAddress GATEWAY = IpAddress.valueOf("10.0.0.254");
    private static final IpAddress LEARNT = IpAddress.valueOf("10.0.0.11");
    private static final IpAddress PINNED = IpAddress.valueOf("10.0.0.12");
    private static final IpAddress CLIENT = IpAddress.valueOf("10.0.0.50");
    private static final IpAddress ROUTER = IpAddress.valueOf("192.168.1.1");
    private static final MacAddress MAC = RandomNetwork.mac(1);
    private static final MacAddress OTHER_MAC = RandomNetwork.mac(2);
    private static final MacAddress PINNED_MAC = RandomNetwork.mac(3);
    private static final DeviceId ILB = DeviceId.deviceId("of:1");
    private static final ConnectPoint UPLINK = port("of:1/1");
    private static final ConnectPoint PINNED_PORT = port("of:2/3");
    private static final ConnectPoint HERE = port("of:2/4");
    private static final ConnectPoint THERE = port("of:2/5");
    private static final ConnectPoint FABRIC = port("of:2/9");
    private static final Set<ConnectPoint> PORTS = ImmutableSet.of(UPLINK, PINNED_PORT, HERE, THERE);

    private final Neighbours neighbours = new Neighbours();
    private final Prober prober = new Prober();

    @Example
    void aServerIsBelievedUnlessTheConfigurationSaysOtherwise() {
        assertTrue(hear(flat(), LEARNT, MAC, HERE, 0));
        assertFalse(hear(flat(), LEARNT, MAC, HERE, 1), "nothing new");
        assertEquals(new Place(MAC, HERE), places(flat()).get(LEARNT));
        assertTrue(hear(flat(), LEARNT, MAC, THERE, 2), "it moved");
        assertEquals(new Place(MAC, THERE), places(flat()).get(LEARNT));
        assertFalse(hear(flat(), PINNED, OTHER_MAC, PINNED_PORT, 3));
        assertFalse(hear(flat(), PINNED, PINNED_MAC, HERE, 4));
        assertEquals(new Place(PINNED_MAC, PINNED_PORT), places(flat()).get(PINNED));
    }

    @Example
    void nothingIsLearntOnFabricPortsNorUnderOurOwnAddresses() {
        assertFalse(hear(flat(), LEARNT, MAC, FABRIC, 0));
        for (IpAddress ours : List.of(VIP, GATEWAY)) {
            assertFalse(hear(flat(), ours, MAC, HERE, 0));
        }
        assertFalse(hear(flat(), LEARNT, FabricMac.of(GATEWAY), HERE, 0));
        assertFalse(hear(flat(), IpAddress.valueOf(0), MAC, HERE, 0));
        assertFalse(places(flat()).containsKey(LEARNT));
        hear(flat(), LEARNT, MAC, HERE, 0);
        assertFalse(
                neighbours.servers(frontEnd(false), HERE::equals).containsKey(LEARNT),
                "a port that turns out to be between switches");
    }

    @Example
    void aRouterIsHeardOnItsUplinkOnly() {
        assertFalse(hear(routed(), ROUTER, MAC, HERE, 0));
        assertFalse(hear(routed(), LEARNT, MAC, UPLINK, 0));
        assertTrue(hear(routed(), ROUTER, MAC, UPLINK, 0));
        assertFalse(hear(routed(), ROUTER, MAC, UPLINK, 1));
        assertTrue(hear(routed(), ROUTER, OTHER_MAC, UPLINK, 2), "another router took over");
        assertTrue(hear(routed(), ROUTER, OTHER_MAC, UPLINK, 3 + Neighbours.FRESH_MILLIS), "it was lost");
    }

    @Example
    void whoAsksForAVirtualAddressIsAClientInFlatModeOnly() {
        ArpMessage request = ArpMessage.request(MAC, CLIENT, VIP);
        assertFalse(neighbours.hear(routed(), request, HERE, 0));
        assertTrue(neighbours.hear(flat(), request, HERE, 0));
        assertEquals(new Place(MAC, HERE), neighbours.clients(port -> false).get(CLIENT));
        assertTrue(neighbours.hear(flat(), ArpMessage.request(MAC, CLIENT, LEARNT), THERE, 1), "it moved");
        assertTrue(neighbours.age(2 + Neighbours.HOST_AGE_MILLIS));
        assertTrue(neighbours.clients(port -> false).isEmpty());
    }

    @Example
    void aStrangerIsNoClientButADirectHostIsRemembered() {
        assertFalse(hear(flat(), CLIENT, MAC, HERE, 0));
        IpAddress direct = IpAddress.valueOf("10.9.0.1");
        assertTrue(hear(flat(), direct, MAC, HERE, 0));
        assertEquals(
                ImmutableSet.of(direct), neighbours.directHosts(port -> false).keySet());
        assertTrue(neighbours.clients(port -> false).isEmpty());
    }

    @Example
    void whomAServerAsksForIsLookedForAndThenAClient() {
        neighbours.hear(flat(), ArpMessage.request(MAC, LEARNT, CLIENT), HERE, 0);
        assertEquals(ImmutableSet.of(CLIENT), neighbours.sought(0));
        assertTrue(asked(flat(), 0).contains(CLIENT));
        ArpMessage found = ArpMessage.reply(OTHER_MAC, CLIENT, FabricMac.of(GATEWAY), GATEWAY);
        assertTrue(neighbours.hear(flat(), found, THERE, 1));
        assertEquals(
                new Place(OTHER_MAC, THERE), neighbours.clients(port -> false).get(CLIENT));
        assertTrue(neighbours.sought(1).isEmpty());
    }

    @Example
    void whatServersAskForIsBounded() {
        for (int i = 0; i < 1000; i++) {
            neighbours.hear(flat(), ArpMessage.request(MAC, LEARNT, IpAddress.valueOf(0x0a003000 + i)), HERE, 0);
        }
        assertEquals(Neighbours.MAX_SOUGHT, neighbours.sought(0).size());
        assertTrue(neighbours.sought(Neighbours.SOUGHT_MILLIS).isEmpty());
    }

    @Example
    void expectedClientsAreLookedForForAWhile() {
        neighbours.expect(ImmutableList.of(CLIENT), 0);
        assertTrue(asked(flat(), 0).contains(CLIENT));
        assertFalse(asked(flat(), 500).contains(CLIENT));
        assertTrue(asked(flat(), 1000).contains(CLIENT));
        assertFalse(asked(flat(), Neighbours.EXPECTED_MILLIS).contains(CLIENT));
    }

    @Example
    void aSegmentTellsOfAClientThatIsNotKnownYet() {
        assertTrue(neighbours.see(flat(), new Place(MAC, HERE), CLIENT, 0));
        assertFalse(neighbours.see(flat(), new Place(OTHER_MAC, THERE), CLIENT, 1), "ARP knows better");
        assertFalse(neighbours.see(flat(), new Place(MAC, FABRIC), LEARNT, 2));
        assertFalse(neighbours.see(routed(), new Place(MAC, HERE), PINNED, 3));
    }

    @Example
    void whoIsUnknownIsAskedForOftenAndWhoIsKnownNowAndThen() {
        assertEquals(ImmutableSet.of(LEARNT, ROUTER), asked(routed(), 0), "the pinned server needs no asking");
        assertTrue(asked(routed(), 500).isEmpty());
        assertEquals(ImmutableSet.of(LEARNT, ROUTER), asked(routed(), 1000));
        hear(routed(), ROUTER, MAC, UPLINK, 1100);
        assertEquals(ImmutableSet.of(LEARNT), asked(routed(), 2000));
        hear(routed(), LEARNT, MAC, HERE, 2100);
        for (long now = 3000; now < 21_000; now += 500) {
            assertTrue(asked(routed(), now).isEmpty());
        }
        assertEquals(ImmutableSet.of(ROUTER), asked(routed(), 21_100));
        assertEquals(ImmutableSet.of(LEARNT), asked(routed(), 22_100));
    }

    @Example
    void aKnownServerIsAskedWhereItIsAndALostOneEverywhere() {
        hear(flat(), LEARNT, MAC, HERE, 0);
        Situation known = situation(false);
        List<Prober.Probe> there = prober.due(known, neighbours, PORTS, Prober.REFRESH_MILLIS);
        assertEquals(ImmutableSet.of(HERE), ports(there));
        List<Prober.Probe> everywhere =
                prober.due(known, neighbours, PORTS, Neighbours.FRESH_MILLIS + Prober.REFRESH_MILLIS);
        assertEquals(PORTS, ports(everywhere));
        hear(flat(), LEARNT, MAC, HERE, 100_000);
        Set<ConnectPoint> left = ImmutableSet.of(PINNED_PORT, THERE);
        assertEquals(left, ports(prober.due(known, neighbours, left, 102_000)), "its port went down");
    }

    @Example
    void theRouterOfAnIlbThatIsOutIsAskedInNobodysName() {
        Situation in = situation(true);
        Ilb ilb = in.frontEnd().ilbs().get(0);
        Situation out = in.withOut(ImmutableSet.of(ilb.id()));
        IpAddress router = ilb.uplink().orElseThrow().nextHop();
        assertEquals(
                List.of(ilb.address().orElseThrow()),
                read(new Prober().due(in, neighbours, PORTS, 0)).stream()
                        .filter(request -> request.target().equals(router))
                        .map(ArpMessage::sender)
                        .collect(Collectors.toList()));
        assertTrue(read(new Prober().due(out, neighbours, PORTS, 0)).stream()
                .anyMatch(request -> request.target().equals(router) && !request.hasSender()));
    }

    @Example
    void requestsNameAGatewayOrNobody() {
        ArpMessage asked =
                read(prober.due(situation(false), neighbours, PORTS, 0)).get(0);
        assertEquals(GATEWAY, asked.sender());
        assertEquals(FabricMac.of(GATEWAY), asked.senderMac());
        FrontEnd none = new FrontEnd(
                frontEnd(false).services(),
                frontEnd(false).ilbs(),
                Settings.builder(1).build());
        ArpMessage anonymous = read(new Prober()
                        .due(Situation.of(none).wiring(wiring()).build(), neighbours, PORTS, 0))
                .get(0);
        assertFalse(anonymous.hasSender());
        assertTrue(FabricMac.isOurs(anonymous.senderMac()));
    }

    private boolean hear(Situation situation, IpAddress sender, MacAddress mac, ConnectPoint at, long now) {
        return neighbours.hear(situation, ArpMessage.reply(mac, sender, FabricMac.of(GATEWAY), GATEWAY), at, now);
    }

    private Set<IpAddress> asked(Situation situation, long now) {
        Situation current = situation.routed() ? situation(true) : situation(false);
        return read(prober.due(current, neighbours, PORTS, now)).stream()
                .map(ArpMessage::target)
                .collect(Collectors.toSet());
    }

    private static List<ArpMessage> read(List<Prober.Probe> probes) {
        return probes.stream()
                .map(probe -> ArpMessage.read(ArpMessageTest.parse(probe.frame().array()))
                        .orElseThrow())
                .collect(Collectors.toList());
    }

    private static Set<ConnectPoint> ports(List<Prober.Probe> probes) {
        return probes.stream().map(Prober.Probe::port).collect(Collectors.toSet());
    }

    private Map<IpAddress, Place> places(Situation situation) {
        return neighbours.servers(situation.frontEnd(), situation.wiring()::isFabric);
    }

    /** The situation with what has been learnt so far. */
    private Situation situation(boolean routed) {
        FrontEnd frontEnd = frontEnd(routed);
        return Situation.of(frontEnd)
                .wiring(wiring())
                .servers(neighbours.servers(frontEnd, port -> false))
                .build();
    }

    private static Situation routed() {
        return Situation.of(frontEnd(true)).wiring(wiring()).build();
    }

    private static Situation flat() {
        return Situation.of(frontEnd(false)).wiring(wiring()).build();
    }

    private static Wiring wiring() {
        return new Wiring(
                ImmutableSet.of(new Cable(port("of:1/9"), FABRIC), new Cable(FABRIC, port("of:1/9"))),
                ImmutableSet.of());
    }

    private static FrontEnd frontEnd(boolean routed) {
        Service service = new Service(
                "web",
                Endpoint.of(VIP, 80),
                "weighted-round-robin",
                HandOff.DIRECT,
                UnknownConnection.RESET,
                ImmutableList.of(IpPrefix.valueOf("10.9.0.0/16")),
                ImmutableList.of(
                        new Server(Endpoint.of(LEARNT, 8080), 1, null, null),
                        new Server(Endpoint.of(PINNED, 8080), 1, PINNED_MAC, PINNED_PORT)));
        IpAddress address = IpAddress.valueOf("192.168.1.2");
        Uplink uplink = routed ? new Uplink(PortNumber.portNumber(1), ROUTER) : null;
        return new FrontEnd(
                ImmutableList.of(service),
                ImmutableList.of(new Ilb(IlbId.of(address), ILB, address, uplink)),
                Settings.builder(1).gateways(ImmutableSet.of(GATEWAY)).build());
    }

    private static ConnectPoint port(String text) {
        return ConnectPoint.deviceConnectPoint(text);
    }
}
