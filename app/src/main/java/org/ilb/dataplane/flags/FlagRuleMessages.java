package org.ilb.dataplane.flags;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.projectfloodlight.openflow.protocol.OFBarrierRequest;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFlowMod;
import org.projectfloodlight.openflow.protocol.instruction.OFInstruction;
import org.projectfloodlight.openflow.protocol.match.Match;
import org.projectfloodlight.openflow.protocol.match.MatchField;
import org.projectfloodlight.openflow.types.EthType;
import org.projectfloodlight.openflow.types.IPv4Address;
import org.projectfloodlight.openflow.types.IpProtocol;
import org.projectfloodlight.openflow.types.MacAddress;
import org.projectfloodlight.openflow.types.OFGroup;
import org.projectfloodlight.openflow.types.OFPort;
import org.projectfloodlight.openflow.types.TableId;
import org.projectfloodlight.openflow.types.TransportPort;
import org.projectfloodlight.openflow.types.U16;
import org.projectfloodlight.openflow.types.U64;

/**
 * The OpenFlow 1.3 messages that add and remove one flag rule. OpenFlow cannot match "one of these flags", so that a FIN or
 * an RST takes two of the switch's rules. Not thread-safe; made for one switch.
 */
final class FlagRuleMessages {

    /** How many bytes of a segment are copied: its headers. */
    static final int COPIED = 128;

    /** SYN without ACK and RST. */
    private static final U16[] SYN = {U16.of(0x02), U16.of(0x16)};
    /** FIN without SYN. */
    private static final U16[] FIN = {U16.of(0x01), U16.of(0x03)};
    /** RST without SYN. */
    private static final U16[] RST = {U16.of(0x04), U16.of(0x06)};

    private static final int WHOLE = 0xffff;

    private final OFFactory factory;
    private final LongSupplier xids;

    FlagRuleMessages(OFFactory factory, LongSupplier xids) {
        this.factory = factory;
        this.xids = xids;
    }

    List<OFFlowMod> add(FlagRule rule) {
        return forEachMatch(rule, match -> factory.buildFlowAdd()
                .setXid(xids.getAsLong())
                .setTableId(TableId.of(rule.table()))
                .setPriority(rule.priority())
                .setCookie(U64.of(rule.kind().cookie()))
                .setMatch(match)
                .setInstructions(instructions(rule))
                .build());
    }

    List<OFFlowMod> remove(FlagRule rule) {
        return forEachMatch(rule, match -> factory.buildFlowDeleteStrict()
                .setXid(xids.getAsLong())
                .setTableId(TableId.of(rule.table()))
                .setPriority(rule.priority())
                .setMatch(match)
                .setOutPort(OFPort.ANY)
                .setOutGroup(OFGroup.ANY)
                .build());
    }

    /** Removes whatever a former run of the application left. */
    List<OFFlowMod> removeAll() {
        List<OFFlowMod> messages = new ArrayList<>();
        for (FlagRule.Kind kind : FlagRule.Kind.values()) {
            messages.add(factory.buildFlowDelete()
                    .setXid(xids.getAsLong())
                    .setTableId(TableId.ALL)
                    .setCookie(U64.of(kind.cookie()))
                    .setCookieMask(U64.NO_MASK)
                    .setOutPort(OFPort.ANY)
                    .setOutGroup(OFGroup.ANY)
                    .build());
        }
        return messages;
    }

    /** Asks whether all that was sent before is done. */
    OFBarrierRequest barrier(long xid) {
        return factory.buildBarrierRequest().setXid(xid).build();
    }

    private List<OFInstruction> instructions(FlagRule rule) {
        ImmutableList.Builder<OFInstruction> instructions = ImmutableList.builder();
        boolean goesOn = rule.nextTable().isPresent();
        instructions.add(factory.instructions()
                .applyActions(ImmutableList.of(factory.actions().output(OFPort.CONTROLLER, goesOn ? COPIED : WHOLE))));
        rule.nextTable()
                .ifPresent(table -> instructions.add(factory.instructions().gotoTable(TableId.of(table))));
        return instructions.build();
    }

    private List<OFFlowMod> forEachMatch(FlagRule rule, Function<Match, OFFlowMod> message) {
        return rule.kind() == FlagRule.Kind.CLIENT_SYN
                ? ImmutableList.of(message.apply(match(rule, SYN)))
                : ImmutableList.of(message.apply(match(rule, FIN)), message.apply(match(rule, RST)));
    }

    private Match match(FlagRule rule, U16[] flags) {
        boolean ofServer = rule.kind() == FlagRule.Kind.SERVER_END;
        IPv4Address address = IPv4Address.of(rule.endpoint().address().toOctets());
        TransportPort port = TransportPort.of(rule.endpoint().port());
        Match.Builder match = factory.buildMatch()
                .setExact(MatchField.ETH_TYPE, EthType.IPv4)
                .setExact(MatchField.IP_PROTO, IpProtocol.TCP)
                .setExact(ofServer ? MatchField.IPV4_SRC : MatchField.IPV4_DST, address)
                .setExact(ofServer ? MatchField.TCP_SRC : MatchField.TCP_DST, port)
                .setMasked(MatchField.OVS_TCP_FLAGS, flags[0], flags[1]);
        rule.ilb().ifPresent(mac -> match.setExact(MatchField.ETH_DST, MacAddress.of(mac.toBytes())));
        rule.bucket()
                .ifPresent(bucket -> match.setMasked(
                        MatchField.TCP_SRC,
                        TransportPort.of(bucket.port().toInt()),
                        TransportPort.of(bucket.mask().toInt())));
        return match.build();
    }
}
