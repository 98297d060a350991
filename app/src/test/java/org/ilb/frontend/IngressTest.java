package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.ilb.connection.Ending;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.rule.FabricMac;
import org.junit.jupiter.api.Test;
import org.onlab.packet.Data;
import org.onlab.packet.Ethernet;
import org.onlab.packet.IPv4;
import org.onlab.packet.MacAddress;
import org.onlab.packet.TCP;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.packet.InboundPacket;
import org.onosproject.net.packet.PacketContext;

/** What becomes of copies of FINs and RSTs among the packets that switches send up. */
class IngressTest {

    private static final Endpoint SERVICE = Endpoint.parse("10.100.0.1:80");
    private static final Endpoint SERVER = Endpoint.parse("10.0.0.11:8080");
    private static final Endpoint CLIENT = Endpoint.parse("203.0.113.7:40000");
    private static final FlowKey KEY = FlowKey.of(SERVICE, CLIENT);
    private static final DeviceId DEVICE = DeviceId.deviceId("of:0000000000000001");
    private static final Ilb ILB = new Ilb(IlbId.ofIndex(1), DEVICE, null, null);
    private static final int FIN_ACK = 0x11;
    private static final int RST = 0x04;

    private final List<Ending> endings = new ArrayList<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final Ingress ingress = new Ingress(
            context -> {},
            () -> new Enrolment(frontEnd()),
            arrivals::add,
            endings::add,
            (at, mac, client) -> {},
            (ilb, message) -> {},
            packet -> false,
            (ilb, ingress, frame) -> {});

    @Test
    void aCopyOfTheClientsFinIsReadAndGoesNoFurther() {
        PacketContext context = process(FlagRule.Kind.CLIENT_END.cookie(), CLIENT, SERVICE, FIN_ACK);
        verify(context).block();
        assertEquals(1, endings.size());
        assertEquals(KEY, endings.get(0).key());
        assertEquals(Ending.Side.CLIENT, endings.get(0).side());
        assertTrue(!endings.get(0).isReset());
        assertTrue(endings.get(0).belongsTo(1000) && !endings.get(0).belongsTo(1001), "its sequence number is kept");
        assertTrue(arrivals.isEmpty());
    }

    @Test
    void aCopyOfTheServersEndIsOfTheConnectionAsTheClientSeesIt() {
        process(FlagRule.Kind.SERVER_END.cookie(), SERVER, CLIENT, RST);
        process(FlagRule.Kind.SERVER_END.cookie(), SERVER, CLIENT, FIN_ACK);
        assertEquals(2, endings.size());
        for (Ending ending : endings) {
            assertEquals(KEY, ending.key());
            assertEquals(Ending.Side.SERVER, ending.side());
        }
        assertTrue(endings.get(0).isReset() && endings.get(0).belongsTo(2001), "it acknowledges nothing");
        assertTrue(endings.get(1).belongsTo(2000) && !endings.get(1).belongsTo(2001));
    }

    @Test
    void copiesOfNoServiceAreSwallowed() {
        for (FlagRule.Kind kind : List.of(FlagRule.Kind.CLIENT_END, FlagRule.Kind.SERVER_END)) {
            PacketContext context = process(kind.cookie(), CLIENT, Endpoint.parse("10.100.0.9:80"), FIN_ACK);
            verify(context).block();
        }
        assertTrue(endings.isEmpty());
    }

    @Test
    void aSegmentThatARuleOfOnosPuntedIsNoCopy() {
        PacketContext context = process(77, CLIENT, SERVICE, FIN_ACK);
        verify(context).block();
        process(FlagRule.Kind.CLIENT_SYN.cookie(), CLIENT, SERVICE, 0x02);
        assertEquals(2, arrivals.size());
        assertTrue(endings.isEmpty());
    }

    @Test
    void whatAnotherHandledIsLeftAlone() {
        PacketContext context = context(FlagRule.Kind.CLIENT_END.cookie(), CLIENT, SERVICE, FIN_ACK);
        when(context.isHandled()).thenReturn(true);
        ingress.process(context);
        verify(context, never()).block();
        assertTrue(endings.isEmpty());
    }

    private PacketContext process(long cookie, Endpoint from, Endpoint to, int flags) {
        PacketContext context = context(cookie, from, to, flags);
        ingress.process(context);
        return context;
    }

    private static PacketContext context(long cookie, Endpoint from, Endpoint to, int flags) {
        TCP tcp = new TCP();
        tcp.setSourcePort(from.port())
                .setDestinationPort(to.port())
                .setSequence(1000)
                .setAcknowledge(2000)
                .setFlags((short) flags)
                .setPayload(new Data(new byte[500]));
        IPv4 ip = new IPv4();
        ip.setSourceAddress(from.address().getIp4Address().toInt())
                .setDestinationAddress(to.address().getIp4Address().toInt())
                .setProtocol(IPv4.PROTOCOL_TCP)
                .setPayload(tcp);
        Ethernet frame = new Ethernet();
        frame.setSourceMACAddress(MacAddress.valueOf(7))
                .setDestinationMACAddress(FabricMac.of(ILB))
                .setEtherType(Ethernet.TYPE_IPV4)
                .setPayload(ip);
        byte[] bytes = frame.serialize();
        boolean copy = cookie == FlagRule.Kind.CLIENT_END.cookie() || cookie == FlagRule.Kind.SERVER_END.cookie();
        InboundPacket packet = mock(InboundPacket.class);
        when(packet.cookie()).thenReturn(Optional.of(cookie));
        when(packet.receivedFrom()).thenReturn(ConnectPoint.deviceConnectPoint(DEVICE + "/1"));
        when(packet.unparsed()).thenReturn(ByteBuffer.wrap(copy ? Arrays.copyOf(bytes, 128) : bytes));
        // What is cut short may be unreadable to ONOS.
        when(packet.parsed()).thenReturn(copy ? null : frame);
        PacketContext context = mock(PacketContext.class);
        when(context.inPacket()).thenReturn(packet);
        return context;
    }

    private static FrontEnd frontEnd() {
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
                ImmutableList.of(ILB),
                Settings.builder(1).build());
    }
}
