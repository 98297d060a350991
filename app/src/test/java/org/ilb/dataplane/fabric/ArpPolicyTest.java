package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;
import java.util.Set;
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

class ArpPolicyTest {

    private static final IpAddress VIP = IpAddress.valueOf("10.0.100.1");
    private static final IpAddress GATEWAY = IpAddress.valueOf("10.0.0.254");
    private static final IpAddress SERVER = IpAddress.valueOf("10.0.0.11");
    private static final IpAddress CLIENT = IpAddress.valueOf("10.0.0.50");
    private static final IpAddress DIRECT = IpAddress.valueOf("10.9.0.5");
    private static final IpAddress STRANGER = IpAddress.valueOf("10.0.0.99");
    private static final IpAddress FIRST = IpAddress.valueOf("192.168.1.2");
    private static final IpAddress SECOND = IpAddress.valueOf("192.168.2.2");
    private static final ConnectPoint FIRST_UPLINK = port("of:1/1");
    private static final ConnectPoint SECOND_UPLINK = port("of:2/1");
    private static final ConnectPoint SERVER_PORT = port("of:3/1");
    private static final ConnectPoint CLIENT_PORT = port("of:2/5");
    private static final ConnectPoint OTHER_PORT = port("of:3/7");
    private static final ConnectPoint FABRIC_PORT = port("of:3/9");
    private static final Place SERVER_PLACE = new Place(RandomNetwork.mac(1), SERVER_PORT);
    private static final Place CLIENT_PLACE = new Place(RandomNetwork.mac(2), CLIENT_PORT);
    private static final Place DIRECT_PLACE = new Place(RandomNetwork.mac(3), OTHER_PORT);

    @Example
    void anIlbsAddressIsAnsweredOnItsOwnUplinkOnly() {
        assertAnswer(FabricMac.of(FIRST), ask(routed(), FIRST, FIRST_UPLINK));
        for (ConnectPoint elsewhere : Set.of(SECOND_UPLINK, SERVER_PORT, OTHER_PORT, FABRIC_PORT)) {
            assertEquals(Optional.empty(), ask(routed(), FIRST, elsewhere));
        }
        assertTrue(ArpPolicy.isOurs(routed(), request(STRANGER, FIRST)), "but nobody else may answer it");
    }

    @Example
    void onTheUplinkOfAnIlbThatIsOutNothingIsAnswered() {
        Situation situation = routed().withOut(ImmutableSet.of(IlbId.of(FIRST)));
        for (IpAddress target : Set.of(FIRST, VIP)) {
            assertEquals(Optional.empty(), ask(situation, target, FIRST_UPLINK));
            assertTrue(ArpPolicy.isOurs(situation, request(STRANGER, target)), "nor may anybody else answer it");
        }
        assertAnswer(FabricMac.of(SECOND), ask(situation, SECOND, SECOND_UPLINK));
    }

    @Example
    void aFlatClientIsToldOfNoIlbThatIsOutButItsOwnEdge() {
        Situation situation = flat().withOut(ImmutableSet.of(IlbId.of(SECOND)));
        assertAnswer(FabricMac.of(FIRST), ask(situation, VIP, OTHER_PORT));
        assertAnswer(FabricMac.of(SECOND), ask(situation, VIP, CLIENT_PORT));
        Situation nobody = flat().withOut(ImmutableSet.of(IlbId.of(FIRST), IlbId.of(SECOND)));
        assertTrue(ask(nobody, VIP, OTHER_PORT).isPresent());
    }

    @Example
    void inFlatModeAnIlbsAddressIsNotOurs() {
        assertEquals(Optional.empty(), ask(flat(), FIRST, CLIENT_PORT));
        assertFalse(ArpPolicy.isOurs(flat(), request(CLIENT, FIRST)));
    }

    @Example
    void inRoutedModeAVirtualAddressIsAnsweredOnUplinks() {
        assertAnswer(FabricMac.of(FIRST), ask(routed(), VIP, FIRST_UPLINK));
        assertAnswer(FabricMac.of(SECOND), ask(routed(), VIP, SECOND_UPLINK));
        assertEquals(Optional.empty(), ask(routed(), VIP, SERVER_PORT));
        assertTrue(ArpPolicy.isOurs(routed(), request(SERVER, VIP)));
    }

    @Example
    void aFlatClientIsToldOfItsOwnEdge() {
        assertAnswer(FabricMac.of(SECOND), ask(flat(), VIP, CLIENT_PORT));
    }

    @Example
    void aFlatClientWhoseEdgeIsNoIlbIsToldOfOneThatIsThere() {
        Optional<MacAddress> both = ask(flat(), VIP, OTHER_PORT);
        assertTrue(both.equals(Optional.of(FabricMac.of(FIRST))) || both.equals(Optional.of(FabricMac.of(SECOND))));
        Situation left =
                base(false).available(ImmutableSet.of(device(2), device(3))).build();
        assertAnswer(FabricMac.of(SECOND), ask(left, VIP, OTHER_PORT));
        Situation none = base(false).available(ImmutableSet.of(device(3))).build();
        assertEquals(Optional.empty(), ask(none, VIP, OTHER_PORT));
    }

    @Example
    void aGatewayIsAnsweredToServersAndNotToRouters() {
        for (Situation situation : ImmutableList.of(routed(), flat())) {
            assertAnswer(FabricMac.of(GATEWAY), ask(situation, GATEWAY, SERVER_PORT));
            assertEquals(Optional.empty(), ask(situation, GATEWAY, FABRIC_PORT));
        }
        assertEquals(Optional.empty(), ask(routed(), GATEWAY, FIRST_UPLINK));
    }

    @Example
    void serversAndThoseWhoUseThemAreIntroduced() {
        assertAnswer(CLIENT_PLACE.mac(), answer(flat(), request(SERVER, CLIENT), SERVER_PORT));
        assertAnswer(SERVER_PLACE.mac(), answer(flat(), request(CLIENT, SERVER), CLIENT_PORT));
        assertAnswer(DIRECT_PLACE.mac(), answer(flat(), request(SERVER, DIRECT), SERVER_PORT));
        assertAnswer(SERVER_PLACE.mac(), answer(flat(), request(DIRECT, SERVER), OTHER_PORT));
        assertAnswer(SERVER_PLACE.mac(), answer(routed(), request(DIRECT, SERVER), OTHER_PORT));
    }

    @Example
    void othersAreLeftToOthers() {
        for (Situation situation : ImmutableList.of(routed(), flat())) {
            for (ArpMessage message :
                    ImmutableList.of(request(STRANGER, SERVER), request(SERVER, STRANGER), request(STRANGER, CLIENT))) {
                assertEquals(Optional.empty(), answer(situation, message, OTHER_PORT));
                assertFalse(ArpPolicy.isOurs(situation, message));
            }
            ArpMessage reply = ArpMessage.reply(SERVER_PLACE.mac(), SERVER, RandomNetwork.mac(9), STRANGER);
            assertFalse(ArpPolicy.isOurs(situation, reply));
        }
    }

    @Example
    void repliesToOurProbesAndOurOwnRequestsAreOurs() {
        ArpMessage reply = ArpMessage.reply(SERVER_PLACE.mac(), SERVER, FabricMac.of(GATEWAY), GATEWAY);
        assertTrue(ArpPolicy.isOurs(routed(), reply));
        ArpMessage own = ArpMessage.request(FabricMac.of(GATEWAY), GATEWAY, SERVER);
        assertTrue(ArpPolicy.isOurs(routed(), own));
        assertEquals(Optional.empty(), answer(routed(), own, OTHER_PORT));
    }

    private static Situation routed() {
        return base(true).build();
    }

    private static Situation flat() {
        return base(false).clients(ImmutableMap.of(CLIENT, CLIENT_PLACE)).build();
    }

    private static Situation.Builder base(boolean routed) {
        Service service = new Service(
                "web",
                Endpoint.of(VIP, 80),
                "weighted-round-robin",
                HandOff.DIRECT,
                UnknownConnection.RESET,
                ImmutableList.of(IpPrefix.valueOf("10.9.0.0/16")),
                ImmutableList.of(new Server(Endpoint.of(SERVER, 8080), 1, null, null)));
        FrontEnd frontEnd = new FrontEnd(
                ImmutableList.of(service),
                ImmutableList.of(
                        ilb(device(1), FIRST, routed ? FIRST_UPLINK : null),
                        ilb(device(2), SECOND, routed ? SECOND_UPLINK : null)),
                Settings.builder(1).gateways(ImmutableSet.of(GATEWAY)).build());
        Set<Cable> cables = ImmutableSet.of(
                new Cable(port("of:1/9"), FABRIC_PORT),
                new Cable(FABRIC_PORT, port("of:1/9")),
                new Cable(port("of:2/9"), port("of:3/8")),
                new Cable(port("of:3/8"), port("of:2/9")));
        return Situation.of(frontEnd)
                .wiring(new Wiring(cables, ImmutableSet.of()))
                .available(ImmutableSet.of(device(1), device(2), device(3)))
                .servers(ImmutableMap.of(SERVER, SERVER_PLACE))
                .directHosts(ImmutableMap.of(DIRECT, DIRECT_PLACE));
    }

    private static Ilb ilb(DeviceId device, IpAddress address, ConnectPoint uplink) {
        return new Ilb(
                IlbId.of(address),
                device,
                address,
                uplink == null ? null : new Uplink(PortNumber.portNumber(1), IpAddress.valueOf("192.168.1.1")));
    }

    private static DeviceId device(int number) {
        return DeviceId.deviceId("of:" + number);
    }

    private static ConnectPoint port(String text) {
        return ConnectPoint.deviceConnectPoint(text);
    }

    private static ArpMessage request(IpAddress from, IpAddress target) {
        return ArpMessage.request(RandomNetwork.mac(77), from, target);
    }

    private static Optional<MacAddress> ask(Situation situation, IpAddress target, ConnectPoint at) {
        return answer(situation, request(STRANGER, target), at);
    }

    private static Optional<MacAddress> answer(Situation situation, ArpMessage message, ConnectPoint at) {
        return ArpPolicy.answer(situation, message, at);
    }

    private static void assertAnswer(MacAddress mac, Optional<MacAddress> answer) {
        assertEquals(Optional.of(mac), answer);
    }
}
