package org.ilb.controller.openflow.flow;

import java.util.List;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.DefaultFlowEntry;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.TrafficTreatment;
import org.projectfloodlight.openflow.protocol.OFFlowRemoved;
import org.projectfloodlight.openflow.protocol.OFFlowStatsEntry;
import org.projectfloodlight.openflow.protocol.instruction.OFInstruction;
import org.projectfloodlight.openflow.protocol.instruction.OFInstructionApplyActions;
import org.projectfloodlight.openflow.protocol.instruction.OFInstructionGotoTable;
import org.projectfloodlight.openflow.protocol.instruction.OFInstructionWriteActions;
import org.projectfloodlight.openflow.protocol.instruction.OFInstructionWriteMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a switch says of its flows, as flow entries. The cookie becomes the flow id. Stateless. */
final class FlowEntries {

    private static final Logger LOG = LoggerFactory.getLogger(FlowEntries.class);

    private FlowEntries() {}

    /**
     * Translates one flow of a statistics reply.
     *
     * @param deviceId the switch
     * @param flow the flow and its counters
     * @return the same as an entry that is ADDED
     */
    static FlowEntry of(DeviceId deviceId, OFFlowStatsEntry flow) {
        FlowRule rule = DefaultFlowRule.builder()
                .forDevice(deviceId)
                .withSelector(Matches.read(flow.getMatch()))
                .withTreatment(treatment(flow.getInstructions()))
                .withPriority(flow.getPriority())
                .withIdleTimeout(flow.getIdleTimeout())
                .withCookie(flow.getCookie().getValue())
                .forTable(flow.getTableId().getValue())
                .build();
        return new DefaultFlowEntry(
                rule,
                FlowEntry.FlowEntryState.ADDED,
                flow.getDurationSec(),
                flow.getPacketCount().getValue(),
                flow.getByteCount().getValue());
    }

    /**
     * Translates the report that a flow is no more.
     *
     * @param deviceId the switch
     * @param removed the report
     * @return the same as an entry that is REMOVED, with the reason and without a treatment
     */
    static FlowEntry of(DeviceId deviceId, OFFlowRemoved removed) {
        FlowRule rule = DefaultFlowRule.builder()
                .forDevice(deviceId)
                .withSelector(Matches.read(removed.getMatch()))
                .withPriority(removed.getPriority())
                .withIdleTimeout(removed.getIdleTimeout())
                .withCookie(removed.getCookie().getValue())
                .withReason(FlowRule.FlowRemoveReason.parseShort(
                        (short) removed.getReason().ordinal()))
                .forTable(removed.getTableId().getValue())
                .build();
        return new DefaultFlowEntry(
                rule,
                FlowEntry.FlowEntryState.REMOVED,
                removed.getDurationSec(),
                removed.getPacketCount().getValue(),
                removed.getByteCount().getValue());
    }

    /**
     * Translates a flow's instructions.
     *
     * @param instructions the instructions of a flow
     * @return the same as a treatment; what is not understood is left out, with a warning
     */
    static TrafficTreatment treatment(List<OFInstruction> instructions) {
        TrafficTreatment.Builder treatment = DefaultTrafficTreatment.builder();
        for (OFInstruction instruction : instructions) {
            switch (instruction.getType()) {
                case APPLY_ACTIONS:
                    Actions.read(((OFInstructionApplyActions) instruction).getActions(), treatment.immediate());
                    break;
                case WRITE_ACTIONS:
                    Actions.read(((OFInstructionWriteActions) instruction).getActions(), treatment.deferred());
                    break;
                case CLEAR_ACTIONS:
                    treatment.wipeDeferred();
                    break;
                case GOTO_TABLE:
                    treatment.transition((int)
                            ((OFInstructionGotoTable) instruction).getTableId().getValue());
                    break;
                case WRITE_METADATA:
                    OFInstructionWriteMetadata metadata = (OFInstructionWriteMetadata) instruction;
                    treatment.writeMetadata(
                            metadata.getMetadata().getValue(),
                            metadata.getMetadataMask().getValue());
                    break;
                default:
                    LOG.warn("Unknown instructions type {}", instruction.getType());
            }
        }
        return treatment.build();
    }
}
