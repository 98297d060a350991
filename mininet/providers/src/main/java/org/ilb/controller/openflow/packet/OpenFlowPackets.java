package org.ilb.controller.openflow.packet;

import static org.ilb.controller.openflow.DeviceIds.deviceId;
import static org.ilb.controller.openflow.DeviceIds.dpid;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import org.ilb.controller.openflow.DeviceIds;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.Instructions.OutputInstruction;
import org.onosproject.net.packet.DefaultInboundPacket;
import org.onosproject.net.packet.DefaultOutboundPacket;
import org.onosproject.net.packet.OutboundPacket;
import org.onosproject.net.packet.PacketProvider;
import org.onosproject.net.packet.PacketProviderRegistry;
import org.onosproject.net.packet.PacketProviderService;
import org.onosproject.net.provider.AbstractProvider;
import org.onosproject.openflow.controller.OpenFlowController;
import org.onosproject.openflow.controller.OpenFlowPacketContext;
import org.onosproject.openflow.controller.OpenFlowSwitch;
import org.onosproject.openflow.controller.PacketListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.projectfloodlight.openflow.protocol.OFPacketOut;
import org.projectfloodlight.openflow.types.OFBufferId;
import org.projectfloodlight.openflow.types.OFPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The packet provider: hands packet-ins to the core and sends its packet-outs. Thread-safe. */
@Component(
        immediate = true,
        service = {})
public final class OpenFlowPackets extends AbstractProvider implements PacketProvider {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFlowPackets.class);

    /** Stock's place among the listeners of the OpenFlow controller. */
    private static final int LISTENER_PRIORITY = 20;

    @Reference
    private PacketProviderRegistry registry;

    @Reference
    private OpenFlowController controller;

    private final PacketListener listener = this::packetIn;
    private volatile PacketProviderService core;

    /** Created by OSGi. */
    public OpenFlowPackets() {
        super(DeviceIds.OPENFLOW);
    }

    @Activate
    void activate() {
        core = registry.register(this);
        controller.addPacketListener(LISTENER_PRIORITY, listener);
        LOG.info("Started");
    }

    @Deactivate
    void deactivate() {
        controller.removePacketListener(listener);
        registry.unregister(this);
        core = null;
        LOG.info("Stopped");
    }

    @Override
    public void emit(OutboundPacket packet) {
        DeviceId deviceId = packet.sendThrough();
        OpenFlowSwitch device = controller.getSwitch(dpid(deviceId));
        if (device == null) {
            LOG.warn("Packet not sent: {} is not connected", deviceId);
            return;
        }
        OFPort inPort = packet.inPort() == null ? OFPort.CONTROLLER : openFlowPort(packet.inPort());
        for (Instruction instruction : packet.treatment().allInstructions()) {
            if (instruction instanceof OutputInstruction) {
                OFPort out = openFlowPort(((OutputInstruction) instruction).port());
                device.sendMsg(packetOut(device, packet.data(), inPort, out));
            } else {
                LOG.warn("Packet-out through {} ignores {}: only OUTPUT is executed", deviceId, instruction);
            }
        }
    }

    private void packetIn(OpenFlowPacketContext packet) {
        PacketProviderService service = core;
        if (service == null) {
            return;
        }
        DeviceId deviceId = deviceId(packet.dpid());
        DefaultInboundPacket in = new DefaultInboundPacket(
                new ConnectPoint(deviceId, PortNumber.portNumber(packet.inPort())),
                packet.parsed(),
                ByteBuffer.wrap(packet.unparsed()),
                packet.cookie());
        DefaultOutboundPacket out = packet.isBuffered()
                ? null
                : new DefaultOutboundPacket(deviceId, null, ByteBuffer.wrap(packet.unparsed()));
        service.processPacket(new ReceivedPacket(System.currentTimeMillis(), in, out, packet));
    }

    private static OFPacketOut packetOut(OpenFlowSwitch device, ByteBuffer data, OFPort inPort, OFPort out) {
        return device.factory()
                .buildPacketOut()
                .setBufferId(OFBufferId.NO_BUFFER)
                .setInPort(inPort)
                .setActions(ImmutableList.of(
                        device.factory().actions().buildOutput().setPort(out).build()))
                .setData(data.array())
                .build();
    }

    static OFPort openFlowPort(PortNumber port) {
        return OFPort.of((int) port.toLong());
    }
}
