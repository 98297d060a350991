package org.ilb.controller.openflow.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.InjectMocks;
import org.mockito.Mock;
import org.mockito.MockitoAnnotations;
import org.onlab.packet.Ethernet;
import org.onlab.packet.MacAddress;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.packet.DefaultOutboundPacket;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketProviderRegistry;
import org.onosproject.net.packet.PacketProviderService;
import org.onosproject.openflow.controller.Dpid;
import org.onosproject.openflow.controller.OpenFlowController;
import org.onosproject.openflow.controller.OpenFlowPacketContext;
import org.onosproject.openflow.controller.OpenFlowSwitch;
import org.onosproject.openflow.controller.PacketListener;
import org.projectfloodlight.openflow.protocol.OFFactories;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFPacketOut;
import org.projectfloodlight.openflow.protocol.OFVersion;
import org.projectfloodlight.openflow.protocol.action.OFActionOutput;
import org.projectfloodlight.openflow.types.OFPort;

/** The limits of packet-out that applications have to live with. */
class OpenFlowPacketsTest {

    private static final Dpid DPID = new Dpid(1);
    private static final DeviceId DEVICE = DeviceId.deviceId(Dpid.uri(DPID));

    @Mock
    private PacketProviderRegistry registry;

    @Mock
    private OpenFlowController controller;

    @InjectMocks
    private OpenFlowPackets packets;

    private final OpenFlowSwitch device = mock(OpenFlowSwitch.class);
    private final PacketProviderService core = mock(PacketProviderService.class);
    private final OpenFlowPacketContext received = mock(OpenFlowPacketContext.class);
    private final byte[] bytes = frame().serialize();
    private PacketListener listener;

    @BeforeEach
    void start() throws Exception {
        MockitoAnnotations.openMocks(this).close();
        when(controller.getSwitch(DPID)).thenReturn(device);
        when(device.factory()).thenReturn(OFFactories.getFactory(OFVersion.OF_13));
        when(registry.register(packets)).thenReturn(core);
        packets.activate();
        ArgumentCaptor<PacketListener> added = ArgumentCaptor.forClass(PacketListener.class);
        verify(controller).addPacketListener(anyInt(), added.capture());
        listener = added.getValue();
    }

    @Test
    void emitSendsOneMessageForEachOutputAndIgnoresTheRest() {
        packets.emit(new DefaultOutboundPacket(
                DEVICE,
                treatment()
                        .setEthDst(MacAddress.BROADCAST)
                        .setOutput(PortNumber.portNumber(2))
                        .build(),
                data()));
        List<OFPacketOut> sent = sent();
        assertEquals(List.of(OFPort.of(1), OFPort.of(2)), outputs(sent));
        sent.forEach(message -> assertArrayEquals(bytes, message.getData()));
    }

    @Test
    void withoutAnIngressPortItIsTheController() {
        packets.emit(new DefaultOutboundPacket(DEVICE, treatment().build(), data()));
        assertEquals(OFPort.CONTROLLER, sent().get(0).getInPort());
    }

    @Test
    void withAnIngressPortItIsThat() {
        packets.emit(new DefaultOutboundPacket(DEVICE, treatment().build(), data(), PortNumber.portNumber(7)));
        assertEquals(OFPort.of(7), sent().get(0).getInPort());
    }

    @Test
    void aPacketInComesWithTheCookieOfItsRule() {
        assertEquals(Optional.of(0xcafeL), receive().inPacket().cookie());
    }

    @Test
    void sendObeysTheFirstOutputAloneAndOnce() {
        PacketContext context = receive();
        context.treatmentBuilder().setOutput(PortNumber.portNumber(1)).setOutput(PortNumber.portNumber(2));
        context.send();
        context.send();
        verify(received).build(any(Ethernet.class), eq(OFPort.of(1)));
        verify(received, times(1)).send();
    }

    @Test
    void aBlockedPacketIsNotSent() {
        PacketContext context = receive();
        context.block();
        context.treatmentBuilder().setOutput(PortNumber.portNumber(1));
        context.send();
        verify(received, never()).send();
    }

    @Test
    void withoutAnOutputNothingIsSent() {
        receive().send();
        verify(received, never()).send();
    }

    private PacketContext receive() {
        when(received.dpid()).thenReturn(DPID);
        when(received.inPort()).thenReturn(3);
        when(received.parsed()).thenReturn(frame());
        when(received.unparsed()).thenReturn(bytes);
        when(received.cookie()).thenReturn(Optional.of(0xcafeL));
        listener.handlePacket(received);
        ArgumentCaptor<PacketContext> context = ArgumentCaptor.forClass(PacketContext.class);
        verify(core).processPacket(context.capture());
        return context.getValue();
    }

    private List<OFPacketOut> sent() {
        ArgumentCaptor<OFMessage> messages = ArgumentCaptor.forClass(OFMessage.class);
        verify(device, atLeast(1)).sendMsg(messages.capture());
        return messages.getAllValues().stream().map(m -> (OFPacketOut) m).collect(Collectors.toList());
    }

    private static List<OFPort> outputs(List<OFPacketOut> messages) {
        return messages.stream()
                .flatMap(message -> message.getActions().stream())
                .map(action -> ((OFActionOutput) action).getPort())
                .collect(Collectors.toList());
    }

    private static TrafficTreatment.Builder treatment() {
        return DefaultTrafficTreatment.builder().setOutput(PortNumber.portNumber(1));
    }

    private ByteBuffer data() {
        return ByteBuffer.wrap(bytes);
    }

    private static Ethernet frame() {
        Ethernet frame = new Ethernet();
        frame.setEtherType((short) 0x88b5)
                .setSourceMACAddress(MacAddress.valueOf("02:00:00:00:00:01"))
                .setDestinationMACAddress(MacAddress.valueOf("02:00:00:00:00:02"))
                .setPad(true);
        return frame;
    }
}
