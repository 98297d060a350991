package org.ilb.controller.openflow.group;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import org.ilb.controller.openflow.flow.Actions;
import org.ilb.controller.openflow.flow.UntranslatableRuleException;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.L3SubType;
import org.onosproject.net.group.GroupBucket;
import org.onosproject.net.group.GroupDescription;
import org.onosproject.net.group.GroupOperation;
import org.projectfloodlight.openflow.protocol.OFBucket;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFGroupMod;
import org.projectfloodlight.openflow.protocol.OFGroupType;
import org.projectfloodlight.openflow.types.OFGroup;
import org.projectfloodlight.openflow.types.OFPort;

/** Group operations as group mods. Stateless. */
final class GroupMods {

    /** Stock writes these in flow rules only. */
    private static final ImmutableSet<Object> NOT_IN_BUCKETS = ImmutableSet.of(
            Instruction.Type.QUEUE,
            L3SubType.IP_DSCP,
            L3SubType.ARP_SPA,
            L3SubType.ARP_TPA,
            L3SubType.ARP_SHA,
            L3SubType.ARP_THA,
            L3SubType.ARP_OP);

    private GroupMods() {}

    /**
     * Translates an operation.
     *
     * @param operation what the core wants
     * @param factory makes messages of the switch's OpenFlow version
     * @param xid transaction id
     * @return the message
     * @throws UntranslatableRuleException if the group's type or an instruction in a bucket has no translation
     */
    static OFGroupMod of(GroupOperation operation, OFFactory factory, long xid) {
        switch (operation.opType()) {
            case ADD:
                return fill(factory.buildGroupAdd(), operation, xid)
                        .setBuckets(buckets(operation, factory))
                        .build();
            case MODIFY:
                return fill(factory.buildGroupModify(), operation, xid)
                        .setBuckets(buckets(operation, factory))
                        .build();
            default:
                return fill(factory.buildGroupDelete(), operation, xid).build();
        }
    }

    private static OFGroupMod.Builder fill(OFGroupMod.Builder mod, GroupOperation operation, long xid) {
        return mod.setXid(xid).setGroup(OFGroup.of(operation.groupId().id())).setGroupType(type(operation.groupType()));
    }

    private static OFGroupType type(GroupDescription.Type type) {
        switch (type) {
            case ALL:
                return OFGroupType.ALL;
            case INDIRECT:
                return OFGroupType.INDIRECT;
            case SELECT:
                return OFGroupType.SELECT;
            case FAILOVER:
                return OFGroupType.FF;
            default:
                throw new UntranslatableRuleException(type);
        }
    }

    private static List<OFBucket> buckets(GroupOperation operation, OFFactory factory) {
        return operation.buckets().buckets().stream()
                .map(bucket -> bucket(bucket, operation.groupType(), factory))
                .collect(toImmutableList());
    }

    private static OFBucket bucket(GroupBucket bucket, GroupDescription.Type type, OFFactory factory) {
        List<Instruction> instructions = bucket.treatment().allInstructions();
        for (Instruction instruction : instructions) {
            if (NOT_IN_BUCKETS.contains(kind(instruction))) {
                throw new UntranslatableRuleException(instruction);
            }
        }
        OFBucket.Builder built = factory.buildBucket()
                .setActions(Actions.write(instructions, factory))
                .setWatchPort(OFPort.ANY)
                .setWatchGroup(OFGroup.ANY);
        if (type == GroupDescription.Type.SELECT) {
            built.setWeight(bucket.weight());
        }
        if (type == GroupDescription.Type.FAILOVER && bucket.watchPort() != null) {
            built.setWatchPort(OFPort.of((int) bucket.watchPort().toLong()));
        }
        if (type == GroupDescription.Type.FAILOVER && bucket.watchGroup() != null) {
            built.setWatchGroup(OFGroup.of(bucket.watchGroup().id()));
        }
        return built.build();
    }

    private static Object kind(Instruction instruction) {
        if (instruction instanceof L2ModificationInstruction) {
            return ((L2ModificationInstruction) instruction).subtype();
        }
        if (instruction instanceof L3ModificationInstruction) {
            return ((L3ModificationInstruction) instruction).subtype();
        }
        return instruction.type();
    }
}
