package org.ilb.dataplane.flags;

import com.google.common.collect.ImmutableList;
import java.util.function.LongSupplier;
import org.ilb.dataplane.rule.Pipeline;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFlowMod;
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

/** The OpenFlow 1.3 messages that add and remove one SYN punt. Not thread-safe; made for one switch. */
final class SynPuntMessages {

    /** One above the rules that classify, and used by nothing else. */
    static final int PRIORITY = Pipeline.FLAGS_PRIORITY;

    /** Marks these rules in a switch's flow table. */
    static final long COOKIE = 0x494c420053594eL;

    private static final int SYN = 0x02;
    private static final int SYN_ACK_RST = 0x16;

    private final OFFactory factory;
    private final LongSupplier xids;

    SynPuntMessages(OFFactory factory, LongSupplier xids) {
        this.factory = factory;
        this.xids = xids;
    }

    OFFlowMod add(SynPunt punt) {
        return factory.buildFlowAdd()
                .setXid(xids.getAsLong())
                .setTableId(TableId.ZERO)
                .setPriority(PRIORITY)
                .setCookie(U64.of(COOKIE))
                .setMatch(match(punt))
                .setInstructions(ImmutableList.of(factory.instructions()
                        .applyActions(ImmutableList.of(factory.actions().output(OFPort.CONTROLLER, 0xffff)))))
                .build();
    }

    OFFlowMod remove(SynPunt punt) {
        return factory.buildFlowDeleteStrict()
                .setXid(xids.getAsLong())
                .setTableId(TableId.ZERO)
                .setPriority(PRIORITY)
                .setMatch(match(punt))
                .setOutPort(OFPort.ANY)
                .setOutGroup(OFGroup.ANY)
                .build();
    }

    /** Removes whatever a former run of the application left. */
    OFFlowMod removeAll() {
        return factory.buildFlowDelete()
                .setXid(xids.getAsLong())
                .setTableId(TableId.ZERO)
                .setCookie(U64.of(COOKIE))
                .setCookieMask(U64.NO_MASK)
                .setOutPort(OFPort.ANY)
                .setOutGroup(OFGroup.ANY)
                .build();
    }

    private Match match(SynPunt punt) {
        return factory.buildMatch()
                .setExact(MatchField.ETH_TYPE, EthType.IPv4)
                .setExact(MatchField.ETH_DST, MacAddress.of(punt.ilb().toBytes()))
                .setExact(MatchField.IP_PROTO, IpProtocol.TCP)
                .setExact(
                        MatchField.IPV4_DST,
                        IPv4Address.of(punt.service().address().toOctets()))
                .setExact(MatchField.TCP_DST, TransportPort.of(punt.service().port()))
                .setMasked(MatchField.OVS_TCP_FLAGS, U16.of(SYN), U16.of(SYN_ACK_RST))
                .build();
    }
}
