package org.ilb.controller.openflow.flow;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.onlab.packet.Ip4Address;
import org.onlab.packet.Ip4Prefix;
import org.onlab.packet.Ip6Address;
import org.onlab.packet.Ip6Prefix;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onlab.packet.MplsLabel;
import org.onlab.packet.TpPort;
import org.onlab.packet.VlanId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.flow.criteria.ArpHaCriterion;
import org.onosproject.net.flow.criteria.ArpOpCriterion;
import org.onosproject.net.flow.criteria.ArpPaCriterion;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.criteria.EthCriterion;
import org.onosproject.net.flow.criteria.EthTypeCriterion;
import org.onosproject.net.flow.criteria.IPCriterion;
import org.onosproject.net.flow.criteria.IPDscpCriterion;
import org.onosproject.net.flow.criteria.IPEcnCriterion;
import org.onosproject.net.flow.criteria.IPProtocolCriterion;
import org.onosproject.net.flow.criteria.IPv6ExthdrFlagsCriterion;
import org.onosproject.net.flow.criteria.IPv6FlowLabelCriterion;
import org.onosproject.net.flow.criteria.IPv6NDLinkLayerAddressCriterion;
import org.onosproject.net.flow.criteria.IPv6NDTargetAddressCriterion;
import org.onosproject.net.flow.criteria.IcmpCodeCriterion;
import org.onosproject.net.flow.criteria.IcmpTypeCriterion;
import org.onosproject.net.flow.criteria.Icmpv6CodeCriterion;
import org.onosproject.net.flow.criteria.Icmpv6TypeCriterion;
import org.onosproject.net.flow.criteria.MetadataCriterion;
import org.onosproject.net.flow.criteria.MplsBosCriterion;
import org.onosproject.net.flow.criteria.MplsCriterion;
import org.onosproject.net.flow.criteria.PortCriterion;
import org.onosproject.net.flow.criteria.SctpPortCriterion;
import org.onosproject.net.flow.criteria.TcpPortCriterion;
import org.onosproject.net.flow.criteria.TunnelIdCriterion;
import org.onosproject.net.flow.criteria.UdpPortCriterion;
import org.onosproject.net.flow.criteria.VlanIdCriterion;
import org.onosproject.net.flow.criteria.VlanPcpCriterion;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.match.Match;
import org.projectfloodlight.openflow.protocol.match.MatchField;
import org.projectfloodlight.openflow.types.ArpOpcode;
import org.projectfloodlight.openflow.types.EthType;
import org.projectfloodlight.openflow.types.ICMPv4Code;
import org.projectfloodlight.openflow.types.ICMPv4Type;
import org.projectfloodlight.openflow.types.IPv4Address;
import org.projectfloodlight.openflow.types.IPv6Address;
import org.projectfloodlight.openflow.types.IPv6FlowLabel;
import org.projectfloodlight.openflow.types.IpDscp;
import org.projectfloodlight.openflow.types.IpEcn;
import org.projectfloodlight.openflow.types.IpProtocol;
import org.projectfloodlight.openflow.types.Masked;
import org.projectfloodlight.openflow.types.OFBooleanValue;
import org.projectfloodlight.openflow.types.OFMetadata;
import org.projectfloodlight.openflow.types.OFPort;
import org.projectfloodlight.openflow.types.OFValueType;
import org.projectfloodlight.openflow.types.OFVlanVidMatch;
import org.projectfloodlight.openflow.types.TransportPort;
import org.projectfloodlight.openflow.types.U16;
import org.projectfloodlight.openflow.types.U32;
import org.projectfloodlight.openflow.types.U64;
import org.projectfloodlight.openflow.types.U8;
import org.projectfloodlight.openflow.types.VlanPcp;
import org.projectfloodlight.openflow.types.VlanVid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traffic selectors as OpenFlow matches, and back. Each line of {@link #FIELDS} is one criterion in both directions, so that
 * what is written reads back equal. Stateless.
 */
final class Matches {

    private static final Logger LOG = LoggerFactory.getLogger(Matches.class);

    private static final ImmutableList<Field<?, ?>> FIELDS = ImmutableList.of(
            exact(Criterion.Type.IN_PORT, PortCriterion.class, MatchField.IN_PORT)
                    .as(c -> OFPort.of((int) c.port().toLong()))
                    .back((s, v) -> s.matchInPort(PortNumber.portNumber(v.getPortNumber()))),
            exact(Criterion.Type.METADATA, MetadataCriterion.class, MatchField.METADATA)
                    .as(c -> OFMetadata.ofRaw(c.metadata()))
                    .back((s, v) -> s.matchMetadata(v.getValue().getValue())),
            exact(Criterion.Type.ETH_DST, EthCriterion.class, MatchField.ETH_DST)
                    .as(c -> mac(c.mac()))
                    .back((s, v) -> s.matchEthDst(mac(v))),
            masked(Criterion.Type.ETH_DST_MASKED, EthCriterion.class, MatchField.ETH_DST)
                    .as(c -> Masked.of(mac(c.mac()), mac(c.mask())))
                    .back((s, v) -> s.matchEthDstMasked(mac(v.getValue()), mac(v.getMask()))),
            exact(Criterion.Type.ETH_SRC, EthCriterion.class, MatchField.ETH_SRC)
                    .as(c -> mac(c.mac()))
                    .back((s, v) -> s.matchEthSrc(mac(v))),
            masked(Criterion.Type.ETH_SRC_MASKED, EthCriterion.class, MatchField.ETH_SRC)
                    .as(c -> Masked.of(mac(c.mac()), mac(c.mask())))
                    .back((s, v) -> s.matchEthSrcMasked(mac(v.getValue()), mac(v.getMask()))),
            exact(Criterion.Type.ETH_TYPE, EthTypeCriterion.class, MatchField.ETH_TYPE)
                    .as(c -> EthType.of(c.ethType().toShort()))
                    .back((s, v) -> s.matchEthType((short) v.getValue())),
            exact(Criterion.Type.VLAN_VID, VlanIdCriterion.class, MatchField.VLAN_VID)
                    .when(c -> !c.vlanId().equals(VlanId.ANY))
                    .as(c -> vlan(c.vlanId()))
                    .back((s, v) -> s.matchVlanId(vlan(v))),
            masked(Criterion.Type.VLAN_VID, VlanIdCriterion.class, MatchField.VLAN_VID)
                    .as(c -> Masked.of(OFVlanVidMatch.PRESENT, OFVlanVidMatch.PRESENT))
                    .back((s, v) -> s.matchVlanId(VlanId.ANY)),
            exact(Criterion.Type.VLAN_PCP, VlanPcpCriterion.class, MatchField.VLAN_PCP)
                    .as(c -> VlanPcp.of(c.priority()))
                    .back((s, v) -> s.matchVlanPcp(v.getValue())),
            exact(Criterion.Type.IP_DSCP, IPDscpCriterion.class, MatchField.IP_DSCP)
                    .as(c -> IpDscp.of(c.ipDscp()))
                    .back((s, v) -> s.matchIPDscp(v.getDscpValue())),
            exact(Criterion.Type.IP_ECN, IPEcnCriterion.class, MatchField.IP_ECN)
                    .as(c -> IpEcn.of(c.ipEcn()))
                    .back((s, v) -> s.matchIPEcn(v.getEcnValue())),
            exact(Criterion.Type.IP_PROTO, IPProtocolCriterion.class, MatchField.IP_PROTO)
                    .as(c -> IpProtocol.of(c.protocol()))
                    .back((s, v) -> s.matchIPProtocol((byte) v.getIpProtocolNumber())),
            exact(Criterion.Type.IPV4_SRC, IPCriterion.class, MatchField.IPV4_SRC)
                    .when(c -> c.ip().prefixLength() == Ip4Prefix.MAX_MASK_LENGTH)
                    .as(c -> ip4(c.ip()))
                    .back((s, v) -> s.matchIPSrc(prefix(v))),
            masked(Criterion.Type.IPV4_SRC, IPCriterion.class, MatchField.IPV4_SRC)
                    .as(c -> masked4(c.ip()))
                    .back((s, v) -> s.matchIPSrc(prefix4(v))),
            exact(Criterion.Type.IPV4_DST, IPCriterion.class, MatchField.IPV4_DST)
                    .when(c -> c.ip().prefixLength() == Ip4Prefix.MAX_MASK_LENGTH)
                    .as(c -> ip4(c.ip()))
                    .back((s, v) -> s.matchIPDst(prefix(v))),
            masked(Criterion.Type.IPV4_DST, IPCriterion.class, MatchField.IPV4_DST)
                    .as(c -> masked4(c.ip()))
                    .back((s, v) -> s.matchIPDst(prefix4(v))),
            exact(Criterion.Type.TCP_SRC, TcpPortCriterion.class, MatchField.TCP_SRC)
                    .as(c -> port(c.tcpPort()))
                    .back((s, v) -> s.matchTcpSrc(port(v))),
            masked(Criterion.Type.TCP_SRC_MASKED, TcpPortCriterion.class, MatchField.TCP_SRC)
                    .as(c -> Masked.of(port(c.tcpPort()), port(c.mask())))
                    .back((s, v) -> s.matchTcpSrcMasked(port(v.getValue()), port(v.getMask()))),
            exact(Criterion.Type.TCP_DST, TcpPortCriterion.class, MatchField.TCP_DST)
                    .as(c -> port(c.tcpPort()))
                    .back((s, v) -> s.matchTcpDst(port(v))),
            masked(Criterion.Type.TCP_DST_MASKED, TcpPortCriterion.class, MatchField.TCP_DST)
                    .as(c -> Masked.of(port(c.tcpPort()), port(c.mask())))
                    .back((s, v) -> s.matchTcpDstMasked(port(v.getValue()), port(v.getMask()))),
            exact(Criterion.Type.UDP_SRC, UdpPortCriterion.class, MatchField.UDP_SRC)
                    .as(c -> port(c.udpPort()))
                    .back((s, v) -> s.matchUdpSrc(port(v))),
            masked(Criterion.Type.UDP_SRC_MASKED, UdpPortCriterion.class, MatchField.UDP_SRC)
                    .as(c -> Masked.of(port(c.udpPort()), port(c.mask())))
                    .back((s, v) -> s.matchUdpSrcMasked(port(v.getValue()), port(v.getMask()))),
            exact(Criterion.Type.UDP_DST, UdpPortCriterion.class, MatchField.UDP_DST)
                    .as(c -> port(c.udpPort()))
                    .back((s, v) -> s.matchUdpDst(port(v))),
            masked(Criterion.Type.UDP_DST_MASKED, UdpPortCriterion.class, MatchField.UDP_DST)
                    .as(c -> Masked.of(port(c.udpPort()), port(c.mask())))
                    .back((s, v) -> s.matchUdpDstMasked(port(v.getValue()), port(v.getMask()))),
            exact(Criterion.Type.SCTP_SRC, SctpPortCriterion.class, MatchField.SCTP_SRC)
                    .as(c -> port(c.sctpPort()))
                    .back((s, v) -> s.matchSctpSrc(port(v))),
            masked(Criterion.Type.SCTP_SRC_MASKED, SctpPortCriterion.class, MatchField.SCTP_SRC)
                    .as(c -> Masked.of(port(c.sctpPort()), port(c.mask())))
                    .back((s, v) -> s.matchSctpSrcMasked(port(v.getValue()), port(v.getMask()))),
            exact(Criterion.Type.SCTP_DST, SctpPortCriterion.class, MatchField.SCTP_DST)
                    .as(c -> port(c.sctpPort()))
                    .back((s, v) -> s.matchSctpDst(port(v))),
            masked(Criterion.Type.SCTP_DST_MASKED, SctpPortCriterion.class, MatchField.SCTP_DST)
                    .as(c -> Masked.of(port(c.sctpPort()), port(c.mask())))
                    .back((s, v) -> s.matchSctpDstMasked(port(v.getValue()), port(v.getMask()))),
            exact(Criterion.Type.ICMPV4_TYPE, IcmpTypeCriterion.class, MatchField.ICMPV4_TYPE)
                    .as(c -> ICMPv4Type.of(c.icmpType()))
                    .back((s, v) -> s.matchIcmpType((byte) v.getType())),
            exact(Criterion.Type.ICMPV4_CODE, IcmpCodeCriterion.class, MatchField.ICMPV4_CODE)
                    .as(c -> ICMPv4Code.of(c.icmpCode()))
                    .back((s, v) -> s.matchIcmpCode((byte) v.getCode())),
            exact(Criterion.Type.ARP_OP, ArpOpCriterion.class, MatchField.ARP_OP)
                    .as(c -> ArpOpcode.of(c.arpOp()))
                    .back((s, v) -> s.matchArpOp(v.getOpcode())),
            exact(Criterion.Type.ARP_SPA, ArpPaCriterion.class, MatchField.ARP_SPA)
                    .as(c -> IPv4Address.of(c.ip().toInt()))
                    .back((s, v) -> s.matchArpSpa(ip4(v))),
            exact(Criterion.Type.ARP_TPA, ArpPaCriterion.class, MatchField.ARP_TPA)
                    .as(c -> IPv4Address.of(c.ip().toInt()))
                    .back((s, v) -> s.matchArpTpa(ip4(v))),
            exact(Criterion.Type.ARP_SHA, ArpHaCriterion.class, MatchField.ARP_SHA)
                    .as(c -> mac(c.mac()))
                    .back((s, v) -> s.matchArpSha(mac(v))),
            exact(Criterion.Type.ARP_THA, ArpHaCriterion.class, MatchField.ARP_THA)
                    .as(c -> mac(c.mac()))
                    .back((s, v) -> s.matchArpTha(mac(v))),
            exact(Criterion.Type.IPV6_SRC, IPCriterion.class, MatchField.IPV6_SRC)
                    .when(c -> c.ip().prefixLength() == Ip6Prefix.MAX_MASK_LENGTH)
                    .as(c -> ip6(c.ip()))
                    .back((s, v) -> s.matchIPv6Src(prefix(v))),
            masked(Criterion.Type.IPV6_SRC, IPCriterion.class, MatchField.IPV6_SRC)
                    .as(c -> masked6(c.ip()))
                    .back((s, v) -> s.matchIPv6Src(prefix6(v))),
            exact(Criterion.Type.IPV6_DST, IPCriterion.class, MatchField.IPV6_DST)
                    .when(c -> c.ip().prefixLength() == Ip6Prefix.MAX_MASK_LENGTH)
                    .as(c -> ip6(c.ip()))
                    .back((s, v) -> s.matchIPv6Dst(prefix(v))),
            masked(Criterion.Type.IPV6_DST, IPCriterion.class, MatchField.IPV6_DST)
                    .as(c -> masked6(c.ip()))
                    .back((s, v) -> s.matchIPv6Dst(prefix6(v))),
            exact(Criterion.Type.IPV6_FLABEL, IPv6FlowLabelCriterion.class, MatchField.IPV6_FLABEL)
                    .as(c -> IPv6FlowLabel.of(c.flowLabel()))
                    .back((s, v) -> s.matchIPv6FlowLabel(v.getIPv6FlowLabelValue())),
            exact(Criterion.Type.ICMPV6_TYPE, Icmpv6TypeCriterion.class, MatchField.ICMPV6_TYPE)
                    .as(c -> U8.of(c.icmpv6Type()))
                    .back((s, v) -> s.matchIcmpv6Type((byte) v.getValue())),
            exact(Criterion.Type.ICMPV6_CODE, Icmpv6CodeCriterion.class, MatchField.ICMPV6_CODE)
                    .as(c -> U8.of(c.icmpv6Code()))
                    .back((s, v) -> s.matchIcmpv6Code((byte) v.getValue())),
            exact(Criterion.Type.IPV6_ND_TARGET, IPv6NDTargetAddressCriterion.class, MatchField.IPV6_ND_TARGET)
                    .as(c -> IPv6Address.of(c.targetAddress().toOctets()))
                    .back((s, v) -> s.matchIPv6NDTargetAddress(Ip6Address.valueOf(v.getBytes()))),
            exact(Criterion.Type.IPV6_ND_SLL, IPv6NDLinkLayerAddressCriterion.class, MatchField.IPV6_ND_SLL)
                    .as(c -> mac(c.mac()))
                    .back((s, v) -> s.matchIPv6NDSourceLinkLayerAddress(mac(v))),
            exact(Criterion.Type.IPV6_ND_TLL, IPv6NDLinkLayerAddressCriterion.class, MatchField.IPV6_ND_TLL)
                    .as(c -> mac(c.mac()))
                    .back((s, v) -> s.matchIPv6NDTargetLinkLayerAddress(mac(v))),
            exact(Criterion.Type.IPV6_EXTHDR, IPv6ExthdrFlagsCriterion.class, MatchField.IPV6_EXTHDR)
                    .as(c -> U16.of(c.exthdrFlags()))
                    .back((s, v) -> s.matchIPv6ExthdrFlags((short) v.getValue())),
            exact(Criterion.Type.MPLS_LABEL, MplsCriterion.class, MatchField.MPLS_LABEL)
                    .as(c -> U32.of(c.label().toInt()))
                    .back((s, v) -> s.matchMplsLabel(MplsLabel.mplsLabel((int) v.getValue()))),
            exact(Criterion.Type.MPLS_BOS, MplsBosCriterion.class, MatchField.MPLS_BOS)
                    .as(c -> OFBooleanValue.of(c.mplsBos()))
                    .back((s, v) -> s.matchMplsBos(v.getValue())),
            exact(Criterion.Type.TUNNEL_ID, TunnelIdCriterion.class, MatchField.TUNNEL_ID)
                    .as(c -> U64.of(c.tunnelId()))
                    .back((s, v) -> s.matchTunnelId(v.getValue())));

    private static final ImmutableMap<Object, Field<?, ?>> EXACT_READERS =
            FIELDS.stream().filter(f -> !f.masks).collect(toImmutableMap(f -> f.field.id, f -> f));

    private static final ImmutableMap<Object, Field<?, ?>> MASK_READERS =
            FIELDS.stream().filter(f -> f.masks).collect(toImmutableMap(f -> f.field.id, f -> f));

    private Matches() {}

    /**
     * Translates a selector.
     *
     * @param selector what a rule matches
     * @param factory makes messages of the switch's OpenFlow version
     * @return the same as a match
     * @throws UntranslatableRuleException if a criterion has no translation
     */
    static Match write(TrafficSelector selector, OFFactory factory) {
        Match.Builder match = factory.buildMatch();
        for (Criterion criterion : selector.criteria()) {
            FIELDS.stream()
                    .filter(f -> f.takes(criterion))
                    .findFirst()
                    .orElseThrow(() -> new UntranslatableRuleException(criterion))
                    .write(criterion, match);
        }
        return match.build();
    }

    /**
     * Translates a match back. Fields that are not understood are left out, with a warning.
     *
     * @param match what a flow on a switch matches
     * @return the same as a selector
     */
    static TrafficSelector read(Match match) {
        TrafficSelector.Builder selector = DefaultTrafficSelector.builder();
        for (MatchField<?> field : match.getMatchFields()) {
            Field<?, ?> reader = (match.isPartiallyMasked(field) ? MASK_READERS : EXACT_READERS).get(field.id);
            if (reader == null) {
                LOG.warn("Match type {} not yet implemented.", field.id);
            } else {
                reader.read(match, selector);
            }
        }
        return selector.build();
    }

    /** One criterion in both directions, either with an exact value or with a mask. */
    private static final class Field<C extends Criterion, V extends OFValueType<V>> {
        private final Criterion.Type type;
        private final Class<C> criterion;
        private final MatchField<V> field;
        private final boolean masks;
        private Function<C, Boolean> condition = c -> true;
        private BiConsumer<C, Match.Builder> writer;
        private BiConsumer<Match, TrafficSelector.Builder> reader;

        Field(Criterion.Type type, Class<C> criterion, MatchField<V> field, boolean masks) {
            this.type = type;
            this.criterion = criterion;
            this.field = field;
            this.masks = masks;
        }

        boolean takes(Criterion candidate) {
            return candidate.type() == type
                    && criterion.isInstance(candidate)
                    && condition.apply(criterion.cast(candidate));
        }

        void write(Criterion value, Match.Builder match) {
            writer.accept(criterion.cast(value), match);
        }

        void read(Match match, TrafficSelector.Builder selector) {
            reader.accept(match, selector);
        }
    }

    private static <C extends Criterion, V extends OFValueType<V>> ExactField<C, V> exact(
            Criterion.Type type, Class<C> criterion, MatchField<V> field) {
        return new ExactField<>(new Field<>(type, criterion, field, false));
    }

    private static <C extends Criterion, V extends OFValueType<V>> MaskedField<C, V> masked(
            Criterion.Type type, Class<C> criterion, MatchField<V> field) {
        return new MaskedField<>(new Field<>(type, criterion, field, true));
    }

    /** Grammar of a line with an exact value. */
    private static final class ExactField<C extends Criterion, V extends OFValueType<V>> {
        private final Field<C, V> made;

        ExactField(Field<C, V> made) {
            this.made = made;
        }

        ExactField<C, V> when(Function<C, Boolean> condition) {
            made.condition = condition;
            return this;
        }

        ExactField<C, V> as(Function<C, V> value) {
            made.writer = (c, match) -> match.setExact(made.field, value.apply(c));
            return this;
        }

        Field<C, V> back(BiConsumer<TrafficSelector.Builder, V> back) {
            made.reader = (match, selector) -> back.accept(selector, match.get(made.field));
            return made;
        }
    }

    /** Grammar of a line with a mask. */
    private static final class MaskedField<C extends Criterion, V extends OFValueType<V>> {
        private final Field<C, V> made;

        MaskedField(Field<C, V> made) {
            this.made = made;
        }

        MaskedField<C, V> as(Function<C, Masked<V>> value) {
            made.writer = (c, match) -> match.setMasked(made.field, value.apply(c));
            return this;
        }

        Field<C, V> back(BiConsumer<TrafficSelector.Builder, Masked<V>> back) {
            made.reader = (match, selector) -> back.accept(selector, match.getMasked(made.field));
            return made;
        }
    }

    private static org.projectfloodlight.openflow.types.MacAddress mac(MacAddress mac) {
        return org.projectfloodlight.openflow.types.MacAddress.of(mac.toLong());
    }

    private static MacAddress mac(org.projectfloodlight.openflow.types.MacAddress mac) {
        return MacAddress.valueOf(mac.getLong());
    }

    private static TransportPort port(TpPort port) {
        return TransportPort.of(port.toInt());
    }

    private static TpPort port(TransportPort port) {
        return TpPort.tpPort(port.getPort());
    }

    private static OFVlanVidMatch vlan(VlanId vlan) {
        return vlan.equals(VlanId.NONE)
                ? OFVlanVidMatch.NONE
                : OFVlanVidMatch.ofVlanVid(VlanVid.ofVlan(vlan.toShort()));
    }

    private static VlanId vlan(OFVlanVidMatch vlan) {
        return vlan.isPresentBitSet() ? VlanId.vlanId(vlan.getVlan()) : VlanId.NONE;
    }

    private static IPv4Address ip4(IpPrefix prefix) {
        return IPv4Address.of(prefix.getIp4Prefix().address().toInt());
    }

    private static Ip4Address ip4(IPv4Address address) {
        return Ip4Address.valueOf(address.getInt());
    }

    private static Masked<IPv4Address> masked4(IpPrefix prefix) {
        int mask = Ip4Address.makeMaskPrefix(prefix.prefixLength()).toInt();
        return Masked.of(ip4(prefix), IPv4Address.of(mask));
    }

    private static Ip4Prefix prefix(IPv4Address address) {
        return Ip4Prefix.valueOf(address.getInt(), Ip4Prefix.MAX_MASK_LENGTH);
    }

    private static Ip4Prefix prefix4(Masked<IPv4Address> masked) {
        return Ip4Prefix.valueOf(masked.getValue().getInt(), masked.getMask().asCidrMaskLength());
    }

    private static IPv6Address ip6(IpPrefix prefix) {
        return IPv6Address.of(prefix.getIp6Prefix().address().toOctets());
    }

    private static Masked<IPv6Address> masked6(IpPrefix prefix) {
        byte[] mask = Ip6Address.makeMaskPrefix(prefix.prefixLength()).toOctets();
        return Masked.of(ip6(prefix), IPv6Address.of(mask));
    }

    private static Ip6Prefix prefix(IPv6Address address) {
        return Ip6Prefix.valueOf(address.getBytes(), Ip6Prefix.MAX_MASK_LENGTH);
    }

    private static Ip6Prefix prefix6(Masked<IPv6Address> masked) {
        return Ip6Prefix.valueOf(masked.getValue().getBytes(), masked.getMask().asCidrMaskLength());
    }
}
