package org.ilb.controller.openflow.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.onlab.packet.EthType;
import org.onlab.packet.Ethernet;
import org.onlab.packet.ICMP6;
import org.onlab.packet.IPv4;
import org.onlab.packet.IPv6;
import org.onlab.packet.Ip4Address;
import org.onlab.packet.Ip4Prefix;
import org.onlab.packet.Ip6Address;
import org.onlab.packet.Ip6Prefix;
import org.onlab.packet.MacAddress;
import org.onlab.packet.MplsLabel;
import org.onlab.packet.TpPort;
import org.onlab.packet.VlanId;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.core.GroupId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.flow.criteria.Criteria;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.Instructions;
import org.onosproject.net.meter.MeterId;
import org.projectfloodlight.openflow.exceptions.OFParseError;
import org.projectfloodlight.openflow.protocol.OFFactories;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFlowAdd;
import org.projectfloodlight.openflow.protocol.OFFlowMod;
import org.projectfloodlight.openflow.protocol.OFVersion;

/** What is written to a switch reads back equal, through the bytes on the wire; what cannot be written is refused. */
class TranslationTest {

    private static final OFFactory FACTORY = OFFactories.getFactory(OFVersion.OF_13);
    private static final DeviceId DEVICE = DeviceId.deviceId("of:0000000000000001");
    private static final long XID = 77;

    @Property
    void selectorsReadBackEqual(@ForAll("selectors") TrafficSelector selector) throws OFParseError {
        OFFlowMod received = overTheWire(rule(selector, DefaultTrafficTreatment.emptyTreatment()));
        assertEquals(selector, Matches.read(received.getMatch()));
    }

    @Property
    void treatmentsReadBackEqual(@ForAll("treatments") TrafficTreatment treatment) throws OFParseError {
        OFFlowMod received = overTheWire(rule(DefaultTrafficSelector.emptySelector(), treatment));
        assertEquals(treatment, FlowEntries.treatment(received.getInstructions()));
    }

    @Property
    void theCookieIsTheFlowIdAndIdleTimeoutsStayHere(
            @ForAll("selectors") TrafficSelector selector, @ForAll("timeouts") int timeout) throws OFParseError {
        FlowRule rule = builder(selector, DefaultTrafficTreatment.emptyTreatment())
                .withHardTimeout(timeout)
                .makeTemporary(timeout)
                .build();
        OFFlowMod received = overTheWire(rule);
        assertEquals(rule.id().value(), received.getCookie().getValue());
        assertEquals(0, received.getIdleTimeout());
        assertEquals(timeout, received.getHardTimeout());
        assertEquals(rule.priority(), received.getPriority());
        assertEquals(rule.tableId(), received.getTableId().getValue());
        assertEquals(XID, received.getXid());
    }

    @ParameterizedTest
    @MethodSource("untranslatableCriteria")
    void untranslatableCriteriaAreRefused(Criterion criterion) {
        FlowRule rule =
                rule(DefaultTrafficSelector.builder().add(criterion).build(), DefaultTrafficTreatment.emptyTreatment());
        assertThrows(UntranslatableRuleException.class, () -> FlowMods.add(rule, FACTORY, XID));
        assertThrows(UntranslatableRuleException.class, () -> FlowMods.modify(rule, FACTORY, XID));
        assertThrows(UntranslatableRuleException.class, () -> FlowMods.remove(rule, FACTORY, XID));
    }

    @ParameterizedTest
    @MethodSource("untranslatableInstructions")
    void untranslatableInstructionsAreRefused(Instruction instruction) {
        FlowRule rule = rule(
                DefaultTrafficSelector.emptySelector(),
                DefaultTrafficTreatment.builder().add(instruction).build());
        assertThrows(UntranslatableRuleException.class, () -> FlowMods.add(rule, FACTORY, XID));
        assertThrows(UntranslatableRuleException.class, () -> FlowMods.modify(rule, FACTORY, XID));
    }

    @Test
    void ipv6SetFieldsAreWrittenButNotReadBack() throws OFParseError {
        Ip6Address address = Ip6Address.valueOf("2001:db8::1");
        OFFlowMod received = overTheWire(rule(
                DefaultTrafficSelector.emptySelector(),
                DefaultTrafficTreatment.builder()
                        .add(Instructions.modL3IPv6Dst(address))
                        .build()));
        assertEquals(1, received.getInstructions().size());
        assertEquals(DefaultTrafficTreatment.emptyTreatment(), FlowEntries.treatment(received.getInstructions()));
    }

    static List<Criterion> untranslatableCriteria() {
        return List.of(
                Criteria.matchTcpFlags(2),
                Criteria.matchInPhyPort(PortNumber.portNumber(1)),
                Criteria.matchInnerVlanId(VlanId.vlanId((short) 5)),
                Criteria.matchMplsTc((byte) 1),
                Criteria.matchPbbIsid(1),
                Criteria.dummy());
    }

    static List<Instruction> untranslatableInstructions() {
        return List.of(
                Instructions.meterTraffic(MeterId.meterId(1)),
                Instructions.setQueue(1, PortNumber.portNumber(1)),
                Instructions.modL3Dst(Ip6Address.valueOf("2001:db8::1")),
                Instructions.truncate(64));
    }

    @Provide
    Arbitrary<Integer> timeouts() {
        return Arbitraries.integers().between(1, FlowRule.MAX_TIMEOUT);
    }

    /** Selectors whose criteria have what they presuppose (OpenFlow 1.3.5, 7.2.3.8): a switch refuses others. */
    @Provide
    Arbitrary<TrafficSelector> selectors() {
        Arbitrary<List<Criterion>> family =
                Arbitraries.oneOf(List.of(some(ethernetType()), ip4(), ip6(), arp(), mpls()));
        return Combinators.combine(some(linkLayer()), vlan(), family).as((link, vlan, rest) -> {
            TrafficSelector.Builder selector = DefaultTrafficSelector.builder();
            link.forEach(selector::add);
            vlan.forEach(selector::add);
            rest.forEach(selector::add);
            return selector.build();
        });
    }

    private static List<Arbitrary<Criterion>> linkLayer() {
        return List.of(
                longs(1, 1000).map(v -> Criteria.matchInPort(PortNumber.portNumber(v))),
                longs(0, Long.MAX_VALUE).map(Criteria::matchMetadata),
                longs(0, Long.MAX_VALUE).map(Criteria::matchTunnelId),
                Arbitraries.oneOf(List.of(
                        macs().map(Criteria::matchEthDst),
                        Arbitraries.just(Criteria.matchEthDstMasked(
                                MacAddress.valueOf("01:00:00:00:00:00"), MacAddress.valueOf("01:00:00:00:00:00"))))),
                Arbitraries.oneOf(List.of(
                        macs().map(Criteria::matchEthSrc),
                        Arbitraries.just(Criteria.matchEthSrcMasked(
                                MacAddress.valueOf("02:11:00:00:00:00"), MacAddress.valueOf("ff:ff:00:00:00:00"))))));
    }

    private static Arbitrary<List<Criterion>> vlan() {
        return Arbitraries.oneOf(List.of(
                Arbitraries.just(List.of()),
                Arbitraries.of(VlanId.NONE, VlanId.ANY).map(v -> List.of(Criteria.matchVlanId(v))),
                Combinators.combine(ints(1, 4095), ints(0, 7))
                        .as((vlan, priority) -> List.of(
                                Criteria.matchVlanId(VlanId.vlanId((short) (int) vlan)),
                                Criteria.matchVlanPcp((byte) (int) priority)))));
    }

    private static List<Arbitrary<Criterion>> ethernetType() {
        return List.of(ints(0x600, 0xffff).map(Criteria::matchEthType));
    }

    private static Arbitrary<List<Criterion>> ip4() {
        Arbitrary<List<Criterion>> transport = Arbitraries.oneOf(List.of(
                some(List.of(ints(0, 254).map(v -> Criteria.matchIPProtocol((short) (int) v)))),
                with(
                        Criteria.matchIPProtocol(IPv4.PROTOCOL_ICMP),
                        some(List.of(
                                ints(0, 255).map(v -> Criteria.matchIcmpType((byte) (int) v)),
                                ints(0, 255).map(v -> Criteria.matchIcmpCode((byte) (int) v))))),
                transport()));
        Arbitrary<List<Criterion>> network = some(List.of(
                ints(0, 63).map(v -> Criteria.matchIPDscp((byte) (int) v)),
                ints(0, 3).map(v -> Criteria.matchIPEcn((byte) (int) v)),
                prefixes4().map(Criteria::matchIPSrc),
                prefixes4().map(Criteria::matchIPDst)));
        return with(Criteria.matchEthType(Ethernet.TYPE_IPV4), both(network, transport));
    }

    private static Arbitrary<List<Criterion>> ip6() {
        Arbitrary<List<Criterion>> discovery = Arbitraries.oneOf(List.of(
                with(
                        Criteria.matchIcmpv6Type(ICMP6.NEIGHBOR_SOLICITATION),
                        some(List.of(
                                addresses6().map(Criteria::matchIPv6NDTargetAddress),
                                macs().map(Criteria::matchIPv6NDSourceLinkLayerAddress)))),
                with(
                        Criteria.matchIcmpv6Type(ICMP6.NEIGHBOR_ADVERTISEMENT),
                        some(List.of(
                                addresses6().map(Criteria::matchIPv6NDTargetAddress),
                                macs().map(Criteria::matchIPv6NDTargetLinkLayerAddress)))),
                some(List.of(
                        ints(0, 127).map(v -> Criteria.matchIcmpv6Type((byte) (int) v)),
                        ints(0, 255).map(v -> Criteria.matchIcmpv6Code((byte) (int) v))))));
        Arbitrary<List<Criterion>> network = some(List.of(
                prefixes6().map(Criteria::matchIPv6Src),
                prefixes6().map(Criteria::matchIPv6Dst),
                ints(0, 0xfffff).map(Criteria::matchIPv6FlowLabel)));
        Arbitrary<List<Criterion>> upper =
                Arbitraries.oneOf(List.of(transport(), with(Criteria.matchIPProtocol(IPv6.PROTOCOL_ICMP6), discovery)));
        return with(Criteria.matchEthType(Ethernet.TYPE_IPV6), both(network, upper));
    }

    private static Arbitrary<List<Criterion>> transport() {
        return Arbitraries.oneOf(List.of(
                with(
                        Criteria.matchIPProtocol(IPv4.PROTOCOL_TCP),
                        some(List.of(
                                port(Criteria::matchTcpSrc, Criteria::matchTcpSrcMasked),
                                port(Criteria::matchTcpDst, Criteria::matchTcpDstMasked)))),
                with(
                        Criteria.matchIPProtocol(IPv4.PROTOCOL_UDP),
                        some(List.of(
                                port(Criteria::matchUdpSrc, Criteria::matchUdpSrcMasked),
                                port(Criteria::matchUdpDst, Criteria::matchUdpDstMasked)))),
                with(
                        Criteria.matchIPProtocol((short) 132),
                        some(List.of(
                                port(Criteria::matchSctpSrc, Criteria::matchSctpSrcMasked),
                                port(Criteria::matchSctpDst, Criteria::matchSctpDstMasked))))));
    }

    private static Arbitrary<Criterion> port(
            Function<TpPort, Criterion> exact, BiFunction<TpPort, TpPort, Criterion> masked) {
        Arbitrary<TpPort> ports = ints(0, 0xffff).map(TpPort::tpPort);
        // neither an empty mask, which matches everything, nor a full one, which is an exact match
        Arbitrary<Integer> masks = ints(1, 0xfffe);
        return Arbitraries.oneOf(List.of(
                ports.map(exact),
                Combinators.combine(ports, masks)
                        .as((port, mask) -> masked.apply(TpPort.tpPort(port.toInt() & mask), TpPort.tpPort(mask)))));
    }

    private static Arbitrary<List<Criterion>> arp() {
        return with(
                Criteria.matchEthType(Ethernet.TYPE_ARP),
                some(List.of(
                        ints(1, 2).map(Criteria::matchArpOp),
                        addresses4().map(Criteria::matchArpSpa),
                        addresses4().map(Criteria::matchArpTpa),
                        macs().map(Criteria::matchArpSha),
                        macs().map(Criteria::matchArpTha))));
    }

    private static Arbitrary<List<Criterion>> mpls() {
        return with(
                Criteria.matchEthType(Ethernet.MPLS_UNICAST),
                some(List.of(
                        ints(0, 0xfffff).map(v -> Criteria.matchMplsLabel(MplsLabel.mplsLabel(v))),
                        Arbitraries.of(true, false).map(Criteria::matchMplsBos))));
    }

    private static Arbitrary<List<Criterion>> some(List<Arbitrary<Criterion>> criteria) {
        Arbitrary<List<Criterion>> chosen = Arbitraries.just(List.of());
        for (Arbitrary<Criterion> criterion : criteria) {
            Arbitrary<List<Criterion>> one =
                    criterion.optional().map(c -> c.map(List::of).orElse(List.of()));
            chosen = both(chosen, one);
        }
        return chosen;
    }

    private static Arbitrary<List<Criterion>> with(Criterion first, Arbitrary<List<Criterion>> rest) {
        return both(Arbitraries.just(List.of(first)), rest);
    }

    private static Arbitrary<List<Criterion>> both(Arbitrary<List<Criterion>> some, Arbitrary<List<Criterion>> more) {
        return Combinators.combine(some, more)
                .as((a, b) -> Stream.concat(a.stream(), b.stream()).collect(Collectors.toList()));
    }

    @Provide
    Arbitrary<TrafficTreatment> treatments() {
        Arbitrary<Consumer<TrafficTreatment.Builder>> action = Arbitraries.oneOf(List.of(
                longs(1, 1000).map(v -> t -> t.setOutput(PortNumber.portNumber(v))),
                Arbitraries.of(PortNumber.IN_PORT, PortNumber.CONTROLLER, PortNumber.FLOOD, PortNumber.TABLE)
                        .map(v -> t -> t.setOutput(v)),
                ints(1, 1000).map(v -> t -> t.group(GroupId.valueOf(v))),
                longs(0, 7).map(v -> t -> t.setQueue(v)),
                macs().map(v -> t -> t.setEthDst(v)),
                macs().map(v -> t -> t.setEthSrc(v)),
                ints(1, 4095).map(v -> t -> t.setVlanId(VlanId.vlanId((short) (int) v))),
                ints(0, 7).map(v -> t -> t.setVlanPcp((byte) (int) v)),
                Arbitraries.just(t -> t.pushVlan()),
                Arbitraries.just(t -> t.popVlan()),
                Arbitraries.just(t -> t.pushMpls()),
                Arbitraries.just(t -> t.popMpls(EthType.EtherType.IPV4.ethType())),
                Arbitraries.just(t -> t.decMplsTtl()),
                Arbitraries.just(t -> t.decNwTtl()),
                Arbitraries.just(t -> t.copyTtlIn()),
                Arbitraries.just(t -> t.copyTtlOut()),
                ints(0, 0xfffff).map(v -> t -> t.setMpls(MplsLabel.mplsLabel(v))),
                longs(0, Long.MAX_VALUE).map(v -> t -> t.setTunnelId(v)),
                addresses4().map(v -> t -> t.setIpSrc(v)),
                addresses4().map(v -> t -> t.setIpDst(v)),
                ints(0, 63).map(v -> t -> t.setIpDscp((byte) (int) v)),
                addresses4().map(v -> t -> t.setArpSpa(v)),
                addresses4().map(v -> t -> t.setArpTpa(v)),
                macs().map(v -> t -> t.setArpSha(v)),
                macs().map(v -> t -> t.setArpTha(v)),
                ints(1, 2).map(v -> t -> t.setArpOp((short) (int) v)),
                ports().map(v -> t -> t.setTcpSrc(v)),
                ports().map(v -> t -> t.setTcpDst(v)),
                ports().map(v -> t -> t.setUdpSrc(v)),
                ports().map(v -> t -> t.setUdpDst(v))));
        Arbitrary<Consumer<TrafficTreatment.Builder>> rest = Arbitraries.oneOf(List.of(
                Arbitraries.just(t -> {}),
                Arbitraries.just(t -> t.wipeDeferred()),
                ints(1, 250).map(v -> t -> t.transition(v)),
                longs(0, Long.MAX_VALUE).map(v -> t -> t.transition(1).writeMetadata(v, -1L))));
        return Combinators.combine(action.list().ofMaxSize(6), action.list().ofMaxSize(3), rest)
                .as((immediate, deferred, end) -> {
                    TrafficTreatment.Builder treatment = DefaultTrafficTreatment.builder();
                    treatment.immediate();
                    immediate.forEach(a -> a.accept(treatment));
                    treatment.deferred();
                    deferred.forEach(a -> a.accept(treatment));
                    end.accept(treatment);
                    return treatment.build();
                });
    }

    private static Arbitrary<Integer> ints(int from, int to) {
        return Arbitraries.integers().between(from, to);
    }

    private static Arbitrary<Long> longs(long from, long to) {
        return Arbitraries.longs().between(from, to);
    }

    private static Arbitrary<MacAddress> macs() {
        return longs(0, 0xffffffffffffL).map(MacAddress::valueOf);
    }

    private static Arbitrary<TpPort> ports() {
        return ints(0, 0xffff).map(TpPort::tpPort);
    }

    private static Arbitrary<Ip4Address> addresses4() {
        return Arbitraries.integers().map(Ip4Address::valueOf);
    }

    private static Arbitrary<Ip4Prefix> prefixes4() {
        return Combinators.combine(addresses4(), ints(1, 32)).as(Ip4Prefix::valueOf);
    }

    private static Arbitrary<Ip6Address> addresses6() {
        return Arbitraries.bytes().array(byte[].class).ofSize(16).map(Ip6Address::valueOf);
    }

    private static Arbitrary<Ip6Prefix> prefixes6() {
        return Combinators.combine(addresses6(), ints(1, 128)).as(Ip6Prefix::valueOf);
    }

    private static FlowRule rule(TrafficSelector selector, TrafficTreatment treatment) {
        return builder(selector, treatment).makePermanent().build();
    }

    private static FlowRule.Builder builder(TrafficSelector selector, TrafficTreatment treatment) {
        return DefaultFlowRule.builder()
                .forDevice(DEVICE)
                .forTable(3)
                .withPriority(1234)
                .fromApp(new DefaultApplicationId(9, "org.ilb.test"))
                .withSelector(selector)
                .withTreatment(treatment);
    }

    private static OFFlowMod overTheWire(FlowRule rule) throws OFParseError {
        ByteBuf bytes = Unpooled.buffer();
        FlowMods.add(rule, FACTORY, XID).writeTo(bytes);
        return (OFFlowAdd) OFFactories.getGenericReader().readFrom(bytes);
    }
}
