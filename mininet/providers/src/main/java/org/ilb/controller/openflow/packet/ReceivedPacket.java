package org.ilb.controller.openflow.packet;

import org.onlab.packet.DeserializationException;
import org.onlab.packet.Ethernet;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.Instructions.OutputInstruction;
import org.onosproject.net.packet.DefaultPacketContext;
import org.onosproject.net.packet.InboundPacket;
import org.onosproject.net.packet.OutboundPacket;
import org.onosproject.openflow.controller.OpenFlowPacketContext;
import org.projectfloodlight.openflow.types.OFPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A packet-in on its way through the core's processors. It is sent at most once, and by the first OUTPUT of its treatment
 * alone. Of one thread at a time.
 */
final class ReceivedPacket extends DefaultPacketContext {

    private static final Logger LOG = LoggerFactory.getLogger(ReceivedPacket.class);

    private final OpenFlowPacketContext packet;

    ReceivedPacket(long time, InboundPacket in, OutboundPacket out, OpenFlowPacketContext packet) {
        super(time, in, out, packet.isHandled());
        this.packet = packet;
    }

    @Override
    public void send() {
        if (block()) {
            return; // handled already
        }
        OFPort port = null;
        for (Instruction instruction : treatmentBuilder().build().allInstructions()) {
            if (port == null && instruction instanceof OutputInstruction) {
                port = OpenFlowPackets.openFlowPort(((OutputInstruction) instruction).port());
            } else {
                LOG.warn("Packet-out ignores {}: only the first OUTPUT is executed", instruction);
            }
        }
        if (port == null) {
            LOG.warn("Packet-out without an OUTPUT: not sent");
            return;
        }
        if (outPacket() == null) {
            packet.build(port);
            packet.send();
            return;
        }
        try {
            byte[] data = outPacket().data().array();
            packet.build(Ethernet.deserializer().deserialize(data, 0, data.length), port);
            packet.send();
        } catch (DeserializationException e) {
            LOG.warn("Packet-out is not a frame: not sent", e);
        }
    }
}
