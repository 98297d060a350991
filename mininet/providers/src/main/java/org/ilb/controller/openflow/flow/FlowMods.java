package org.ilb.controller.openflow.flow;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.flow.instructions.Instructions.MetadataInstruction;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFlowMod;
import org.projectfloodlight.openflow.protocol.OFFlowModFlags;
import org.projectfloodlight.openflow.protocol.action.OFAction;
import org.projectfloodlight.openflow.protocol.instruction.OFInstruction;
import org.projectfloodlight.openflow.types.OFBufferId;
import org.projectfloodlight.openflow.types.TableId;
import org.projectfloodlight.openflow.types.U64;

/**
 * Flow rules as flow mods. The cookie is the rule's flow id; switches report every removal; hard timeouts are sent, idle
 * timeouts are not. Stateless.
 */
final class FlowMods {

    private FlowMods() {}

    /**
     * Makes the message that adds a rule, or replaces the instructions and counters of the rule with the same match.
     *
     * @param rule the rule
     * @param factory makes messages of the switch's OpenFlow version
     * @param xid transaction id
     * @return the message
     * @throws UntranslatableRuleException if part of the rule has no translation
     */
    static OFFlowMod add(FlowRule rule, OFFactory factory, long xid) {
        return fill(factory.buildFlowAdd(), rule, factory, xid)
                .setInstructions(instructions(rule.treatment(), factory))
                .build();
    }

    /**
     * Makes the message that changes the instructions of a rule where it exists.
     *
     * @param rule the rule
     * @param factory makes messages of the switch's OpenFlow version
     * @param xid transaction id
     * @return the message
     * @throws UntranslatableRuleException if part of the rule has no translation
     */
    static OFFlowMod modify(FlowRule rule, OFFactory factory, long xid) {
        return fill(factory.buildFlowModify(), rule, factory, xid)
                .setInstructions(instructions(rule.treatment(), factory))
                .build();
    }

    /**
     * Makes the message that removes the rule with exactly this match, priority and table.
     *
     * @param rule the rule
     * @param factory makes messages of the switch's OpenFlow version
     * @param xid transaction id
     * @return the message
     * @throws UntranslatableRuleException if part of the match has no translation
     */
    static OFFlowMod remove(FlowRule rule, OFFactory factory, long xid) {
        return fill(factory.buildFlowDeleteStrict(), rule, factory, xid).build();
    }

    private static OFFlowMod.Builder fill(OFFlowMod.Builder mod, FlowRule rule, OFFactory factory, long xid) {
        return mod.setXid(xid)
                .setCookie(U64.of(rule.id().value()))
                .setBufferId(OFBufferId.NO_BUFFER)
                .setMatch(Matches.write(rule.selector(), factory))
                .setFlags(ImmutableSet.of(OFFlowModFlags.SEND_FLOW_REM))
                .setPriority(rule.priority())
                .setTableId(TableId.of(rule.tableId()))
                .setHardTimeout(rule.hardTimeout());
    }

    private static List<OFInstruction> instructions(TrafficTreatment treatment, OFFactory factory) {
        if (treatment.metered() != null || !treatment.meters().isEmpty()) {
            throw new UntranslatableRuleException("meter");
        }
        if (treatment.statTrigger() != null) {
            throw new UntranslatableRuleException("statistics trigger");
        }
        ImmutableList.Builder<OFInstruction> instructions = ImmutableList.builder();
        if (treatment.clearedDeferred()) {
            instructions.add(factory.instructions().clearActions());
        }
        List<OFAction> immediate = Actions.write(treatment.immediate(), factory);
        if (!immediate.isEmpty()) {
            instructions.add(factory.instructions().applyActions(immediate));
        }
        List<OFAction> deferred = Actions.write(treatment.deferred(), factory);
        if (!deferred.isEmpty()) {
            instructions.add(factory.instructions().writeActions(deferred));
        }
        if (treatment.tableTransition() != null) {
            instructions.add(factory.instructions()
                    .gotoTable(TableId.of(treatment.tableTransition().tableId())));
        }
        MetadataInstruction metadata = treatment.writeMetadata();
        if (metadata != null) {
            instructions.add(
                    factory.instructions().writeMetadata(U64.of(metadata.metadata()), U64.of(metadata.metadataMask())));
        }
        return instructions.build();
    }
}
