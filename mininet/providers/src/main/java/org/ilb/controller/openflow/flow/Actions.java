package org.ilb.controller.openflow.flow;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.onlab.packet.Ip4Address;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onlab.packet.MplsLabel;
import org.onlab.packet.TpPort;
import org.onlab.packet.VlanId;
import org.onosproject.core.GroupId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.Instructions.GroupInstruction;
import org.onosproject.net.flow.instructions.Instructions.OutputInstruction;
import org.onosproject.net.flow.instructions.Instructions.SetQueueInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.L2SubType;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModEtherInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModMplsBosInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModMplsHeaderInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModMplsLabelInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModTunnelIdInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModVlanHeaderInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModVlanIdInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModVlanPcpInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.L3SubType;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModArpEthInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModArpIPInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModArpOpInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModDscpInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModIPInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModIPv6FlowLabelInstruction;
import org.onosproject.net.flow.instructions.L4ModificationInstruction;
import org.onosproject.net.flow.instructions.L4ModificationInstruction.L4SubType;
import org.onosproject.net.flow.instructions.L4ModificationInstruction.ModTransportPortInstruction;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.action.OFAction;
import org.projectfloodlight.openflow.protocol.action.OFActionGroup;
import org.projectfloodlight.openflow.protocol.action.OFActionOutput;
import org.projectfloodlight.openflow.protocol.action.OFActionPopMpls;
import org.projectfloodlight.openflow.protocol.action.OFActionPushVlan;
import org.projectfloodlight.openflow.protocol.action.OFActionSetField;
import org.projectfloodlight.openflow.protocol.action.OFActionSetQueue;
import org.projectfloodlight.openflow.protocol.match.MatchField;
import org.projectfloodlight.openflow.protocol.oxm.OFOxm;
import org.projectfloodlight.openflow.types.ArpOpcode;
import org.projectfloodlight.openflow.types.EthType;
import org.projectfloodlight.openflow.types.IPv4Address;
import org.projectfloodlight.openflow.types.IPv6Address;
import org.projectfloodlight.openflow.types.IPv6FlowLabel;
import org.projectfloodlight.openflow.types.IpDscp;
import org.projectfloodlight.openflow.types.OFBooleanValue;
import org.projectfloodlight.openflow.types.OFGroup;
import org.projectfloodlight.openflow.types.OFPort;
import org.projectfloodlight.openflow.types.OFValueType;
import org.projectfloodlight.openflow.types.OFVlanVidMatch;
import org.projectfloodlight.openflow.types.TransportPort;
import org.projectfloodlight.openflow.types.U32;
import org.projectfloodlight.openflow.types.U64;
import org.projectfloodlight.openflow.types.VlanPcp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Instructions that change or send a packet as OpenFlow actions, and back. Also used for the buckets of groups. Stateless.
 */
public final class Actions {

    private static final Logger LOG = LoggerFactory.getLogger(Actions.class);

    /** The whole packet goes to the controller, none of it is buffered. */
    private static final int NO_BUFFER = 0xffff;

    /** Writers by the instruction's type, or by its subtype where it has one. */
    private static final ImmutableMap<Object, BiFunction<Instruction, OFFactory, OFAction>> WRITERS =
            ImmutableMap.<Object, BiFunction<Instruction, OFFactory, OFAction>>builder()
                    .put(Instruction.Type.OUTPUT, (i, f) -> output((OutputInstruction) i, f))
                    .put(Instruction.Type.GROUP, (i, f) -> f.actions()
                            .group(OFGroup.of(((GroupInstruction) i).groupId().id())))
                    .put(Instruction.Type.QUEUE, (i, f) -> f.actions().setQueue(((SetQueueInstruction) i).queueId()))
                    .put(L2SubType.ETH_DST, (i, f) -> set(f, f.oxms().ethDst(mac(((ModEtherInstruction) i).mac()))))
                    .put(L2SubType.ETH_SRC, (i, f) -> set(f, f.oxms().ethSrc(mac(((ModEtherInstruction) i).mac()))))
                    .put(
                            L2SubType.VLAN_ID,
                            (i, f) -> set(
                                    f,
                                    f.oxms()
                                            .vlanVid(OFVlanVidMatch.ofVlan(((ModVlanIdInstruction) i)
                                                    .vlanId()
                                                    .toShort()))))
                    .put(
                            L2SubType.VLAN_PCP,
                            (i, f) -> set(f, f.oxms().vlanPcp(VlanPcp.of(((ModVlanPcpInstruction) i).vlanPcp()))))
                    .put(L2SubType.VLAN_PUSH, (i, f) -> f.actions()
                            .pushVlan(ethType(((ModVlanHeaderInstruction) i).ethernetType())))
                    .put(L2SubType.VLAN_POP, (i, f) -> f.actions().popVlan())
                    .put(L2SubType.MPLS_PUSH, (i, f) -> f.actions()
                            .pushMpls(ethType(((ModMplsHeaderInstruction) i).ethernetType())))
                    .put(L2SubType.MPLS_POP, (i, f) -> f.actions()
                            .popMpls(ethType(((ModMplsHeaderInstruction) i).ethernetType())))
                    .put(
                            L2SubType.MPLS_LABEL,
                            (i, f) -> set(
                                    f,
                                    f.oxms()
                                            .mplsLabel(U32.of(((ModMplsLabelInstruction) i)
                                                    .label()
                                                    .toInt()))))
                    .put(
                            L2SubType.MPLS_BOS,
                            (i, f) ->
                                    set(f, f.oxms().mplsBos(OFBooleanValue.of(((ModMplsBosInstruction) i).mplsBos()))))
                    .put(L2SubType.DEC_MPLS_TTL, (i, f) -> f.actions().decMplsTtl())
                    .put(
                            L2SubType.TUNNEL_ID,
                            (i, f) -> set(f, f.oxms().tunnelId(U64.of(((ModTunnelIdInstruction) i).tunnelId()))))
                    .put(L3SubType.IPV4_SRC, (i, f) -> set(f, f.oxms().ipv4Src(ip4(((ModIPInstruction) i).ip()))))
                    .put(L3SubType.IPV4_DST, (i, f) -> set(f, f.oxms().ipv4Dst(ip4(((ModIPInstruction) i).ip()))))
                    .put(
                            L3SubType.IP_DSCP,
                            (i, f) -> set(f, f.oxms().ipDscp(IpDscp.of(((ModDscpInstruction) i).dscp()))))
                    .put(L3SubType.IPV6_SRC, (i, f) -> set(f, f.oxms().ipv6Src(ip6(((ModIPInstruction) i).ip()))))
                    .put(L3SubType.IPV6_DST, (i, f) -> set(f, f.oxms().ipv6Dst(ip6(((ModIPInstruction) i).ip()))))
                    .put(
                            L3SubType.IPV6_FLABEL,
                            (i, f) -> set(
                                    f,
                                    f.oxms()
                                            .ipv6Flabel(
                                                    IPv6FlowLabel.of(((ModIPv6FlowLabelInstruction) i).flowLabel()))))
                    .put(L3SubType.ARP_SPA, (i, f) -> set(f, f.oxms().arpSpa(ip4(((ModArpIPInstruction) i).ip()))))
                    .put(L3SubType.ARP_TPA, (i, f) -> set(f, f.oxms().arpTpa(ip4(((ModArpIPInstruction) i).ip()))))
                    .put(L3SubType.ARP_SHA, (i, f) -> set(f, f.oxms().arpSha(mac(((ModArpEthInstruction) i).mac()))))
                    .put(L3SubType.ARP_THA, (i, f) -> set(f, f.oxms().arpTha(mac(((ModArpEthInstruction) i).mac()))))
                    .put(
                            L3SubType.ARP_OP,
                            (i, f) -> set(f, f.oxms().arpOp(ArpOpcode.of((int) ((ModArpOpInstruction) i).op()))))
                    .put(L3SubType.DEC_TTL, (i, f) -> f.actions().decNwTtl())
                    .put(L3SubType.TTL_IN, (i, f) -> f.actions().copyTtlIn())
                    .put(L3SubType.TTL_OUT, (i, f) -> f.actions().copyTtlOut())
                    .put(L4SubType.TCP_SRC, (i, f) -> set(f, f.oxms().tcpSrc(port(i))))
                    .put(L4SubType.TCP_DST, (i, f) -> set(f, f.oxms().tcpDst(port(i))))
                    .put(L4SubType.UDP_SRC, (i, f) -> set(f, f.oxms().udpSrc(port(i))))
                    .put(L4SubType.UDP_DST, (i, f) -> set(f, f.oxms().udpDst(port(i))))
                    .build();

    /** Readers of set-fields. IPv6 is not among them: stock does not read it back either. */
    private static final ImmutableMap<Object, BiConsumer<TrafficTreatment.Builder, OFOxm<?>>> SET_FIELD_READERS =
            ImmutableMap.<Object, BiConsumer<TrafficTreatment.Builder, OFOxm<?>>>builder()
                    .put(MatchField.ETH_DST.id, back(MatchField.ETH_DST, (t, v) -> t.setEthDst(mac(v))))
                    .put(MatchField.ETH_SRC.id, back(MatchField.ETH_SRC, (t, v) -> t.setEthSrc(mac(v))))
                    .put(
                            MatchField.VLAN_VID.id,
                            back(MatchField.VLAN_VID, (t, v) -> t.setVlanId(VlanId.vlanId(v.getVlan()))))
                    .put(MatchField.VLAN_PCP.id, back(MatchField.VLAN_PCP, (t, v) -> t.setVlanPcp(v.getValue())))
                    .put(
                            MatchField.MPLS_LABEL.id,
                            back(MatchField.MPLS_LABEL, (t, v) -> t.setMpls(MplsLabel.mplsLabel((int) v.getValue()))))
                    .put(MatchField.MPLS_BOS.id, back(MatchField.MPLS_BOS, (t, v) -> t.setMplsBos(v.getValue())))
                    .put(MatchField.TUNNEL_ID.id, back(MatchField.TUNNEL_ID, (t, v) -> t.setTunnelId(v.getValue())))
                    .put(MatchField.IPV4_SRC.id, back(MatchField.IPV4_SRC, (t, v) -> t.setIpSrc(ip4(v))))
                    .put(MatchField.IPV4_DST.id, back(MatchField.IPV4_DST, (t, v) -> t.setIpDst(ip4(v))))
                    .put(MatchField.IP_DSCP.id, back(MatchField.IP_DSCP, (t, v) -> t.setIpDscp(v.getDscpValue())))
                    .put(MatchField.ARP_SPA.id, back(MatchField.ARP_SPA, (t, v) -> t.setArpSpa(ip4(v))))
                    .put(MatchField.ARP_TPA.id, back(MatchField.ARP_TPA, (t, v) -> t.setArpTpa(ip4(v))))
                    .put(MatchField.ARP_SHA.id, back(MatchField.ARP_SHA, (t, v) -> t.setArpSha(mac(v))))
                    .put(MatchField.ARP_THA.id, back(MatchField.ARP_THA, (t, v) -> t.setArpTha(mac(v))))
                    .put(MatchField.ARP_OP.id, back(MatchField.ARP_OP, (t, v) -> t.setArpOp((short) v.getOpcode())))
                    .put(MatchField.TCP_SRC.id, back(MatchField.TCP_SRC, (t, v) -> t.setTcpSrc(port(v))))
                    .put(MatchField.TCP_DST.id, back(MatchField.TCP_DST, (t, v) -> t.setTcpDst(port(v))))
                    .put(MatchField.UDP_SRC.id, back(MatchField.UDP_SRC, (t, v) -> t.setUdpSrc(port(v))))
                    .put(MatchField.UDP_DST.id, back(MatchField.UDP_DST, (t, v) -> t.setUdpDst(port(v))))
                    .build();

    private Actions() {}

    /**
     * Translates a list of instructions. A list with a NOACTION is an empty one.
     *
     * @param instructions instructions, in order
     * @param factory makes messages of the switch's OpenFlow version
     * @return the same as actions, in order
     * @throws UntranslatableRuleException if an instruction has no translation
     */
    public static List<OFAction> write(List<Instruction> instructions, OFFactory factory) {
        ImmutableList.Builder<OFAction> actions = ImmutableList.builder();
        for (Instruction instruction : instructions) {
            if (instruction.type() == Instruction.Type.NOACTION) {
                return ImmutableList.of();
            }
            BiFunction<Instruction, OFFactory, OFAction> writer = WRITERS.get(kind(instruction));
            if (writer == null || queueOfPort(instruction)) {
                throw new UntranslatableRuleException(instruction);
            }
            actions.add(writer.apply(instruction, factory));
        }
        return actions.build();
    }

    /**
     * Translates actions back. Those that are not understood are left out, with a warning.
     *
     * @param actions actions, in order
     * @param treatment where the instructions go
     */
    public static void read(List<OFAction> actions, TrafficTreatment.Builder treatment) {
        for (OFAction action : actions) {
            switch (action.getType()) {
                case OUTPUT:
                    treatment.setOutput(PortNumber.portNumber(
                            ((OFActionOutput) action).getPort().getPortNumber()));
                    break;
                case GROUP:
                    treatment.group(
                            GroupId.valueOf(((OFActionGroup) action).getGroup().getGroupNumber()));
                    break;
                case SET_QUEUE:
                    treatment.setQueue(((OFActionSetQueue) action).getQueueId());
                    break;
                case SET_FIELD:
                    readSetField(((OFActionSetField) action).getField(), treatment);
                    break;
                case PUSH_VLAN:
                    treatment.pushVlan(ethType(((OFActionPushVlan) action).getEthertype()));
                    break;
                case POP_VLAN:
                    treatment.popVlan();
                    break;
                case PUSH_MPLS:
                    treatment.pushMpls();
                    break;
                case POP_MPLS:
                    treatment.popMpls(ethType(((OFActionPopMpls) action).getEthertype()));
                    break;
                case DEC_MPLS_TTL:
                    treatment.decMplsTtl();
                    break;
                case DEC_NW_TTL:
                    treatment.decNwTtl();
                    break;
                case COPY_TTL_IN:
                    treatment.copyTtlIn();
                    break;
                case COPY_TTL_OUT:
                    treatment.copyTtlOut();
                    break;
                default:
                    LOG.warn("Action type {} not yet implemented.", action.getType());
            }
        }
    }

    private static void readSetField(OFOxm<?> oxm, TrafficTreatment.Builder treatment) {
        BiConsumer<TrafficTreatment.Builder, OFOxm<?>> reader = SET_FIELD_READERS.get(oxm.getMatchField().id);
        if (reader == null) {
            LOG.warn("Set field type {} not yet implemented.", oxm.getMatchField().id);
        } else {
            reader.accept(treatment, oxm);
        }
    }

    private static Object kind(Instruction instruction) {
        switch (instruction.type()) {
            case L2MODIFICATION:
                return ((L2ModificationInstruction) instruction).subtype();
            case L3MODIFICATION:
                return ((L3ModificationInstruction) instruction).subtype();
            case L4MODIFICATION:
                return ((L4ModificationInstruction) instruction).subtype();
            default:
                return instruction.type();
        }
    }

    /** OpenFlow 1.3 sets a queue for whatever port comes; ONOS can also name the port, which would be lost. */
    private static boolean queueOfPort(Instruction instruction) {
        return instruction instanceof SetQueueInstruction && ((SetQueueInstruction) instruction).port() != null;
    }

    private static OFAction output(OutputInstruction instruction, OFFactory factory) {
        OFActionOutput.Builder output = factory.actions().buildOutput().setPort(OFPort.of((int)
                instruction.port().toLong()));
        if (instruction.port().equals(PortNumber.CONTROLLER)) {
            output.setMaxLen(NO_BUFFER);
        }
        return output.build();
    }

    private static OFAction set(OFFactory factory, OFOxm<?> oxm) {
        return factory.actions().setField(oxm);
    }

    /** The type of a field's value is fixed by the field, which is the key of the reader. */
    @SuppressWarnings("unchecked")
    private static <V extends OFValueType<V>> BiConsumer<TrafficTreatment.Builder, OFOxm<?>> back(
            MatchField<V> field, BiConsumer<TrafficTreatment.Builder, V> reader) {
        return (treatment, oxm) -> reader.accept(treatment, ((OFOxm<V>) oxm).getValue());
    }

    private static org.projectfloodlight.openflow.types.MacAddress mac(MacAddress mac) {
        return org.projectfloodlight.openflow.types.MacAddress.of(mac.toLong());
    }

    private static MacAddress mac(org.projectfloodlight.openflow.types.MacAddress mac) {
        return MacAddress.valueOf(mac.getLong());
    }

    /** The builder of treatments makes the same instruction of addresses of either family. */
    private static IPv4Address ip4(IpAddress address) {
        if (!address.isIp4()) {
            throw new UntranslatableRuleException("IPv4 set-field to " + address);
        }
        return IPv4Address.of(address.getIp4Address().toInt());
    }

    private static Ip4Address ip4(IPv4Address address) {
        return Ip4Address.valueOf(address.getInt());
    }

    private static IPv6Address ip6(IpAddress address) {
        return IPv6Address.of(address.getIp6Address().toOctets());
    }

    private static TransportPort port(Instruction instruction) {
        return TransportPort.of(
                ((ModTransportPortInstruction) instruction).port().toInt());
    }

    private static TpPort port(TransportPort port) {
        return TpPort.tpPort(port.getPort());
    }

    private static EthType ethType(org.onlab.packet.EthType type) {
        return EthType.of(type.toShort());
    }

    private static org.onlab.packet.EthType ethType(EthType type) {
        return new org.onlab.packet.EthType(type.getValue());
    }
}
