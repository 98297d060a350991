package org.ilb.dataplane.rule;

import java.time.Duration;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.onlab.packet.ARP;
import org.onlab.packet.EthType;
import org.onlab.packet.EthType.EtherType;
import org.onlab.packet.IPv4;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onlab.packet.TpPort;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.flow.TrafficTreatment;

/**
 * Builds one rule in the words of this package: first what it matches, then what it does, in the order in which that is done, then its
 * table and priority. "Ours" is a MAC address of {@link FabricMac}.
 *
 * <p>Not thread-safe; good for one rule.
 */
final class RuleBuilder {

    private final ApplicationId app;
    private final DeviceId device;
    private final TrafficSelector.Builder selector = DefaultTrafficSelector.builder();
    private final TrafficTreatment.Builder treatment = DefaultTrafficTreatment.builder();

    RuleBuilder(ApplicationId app, DeviceId device) {
        this.app = app;
        this.device = device;
    }

    // What it matches.

    /** A segment to an address and port, of a service or a server. */
    RuleBuilder to(Endpoint destination) {
        tcp();
        selector.matchIPDst(host(destination.address())).matchTcpDst(port(destination));
        return this;
    }

    /** A segment from an address and port, of a server or a client. */
    RuleBuilder from(Endpoint source) {
        tcp();
        selector.matchIPSrc(host(source.address())).matchTcpSrc(port(source));
        return this;
    }

    /** A segment from a client's address and port to a service. */
    RuleBuilder ofConnection(FlowKey connection) {
        return to(connection.destination()).from(connection.source());
    }

    /** A fragment of a segment to an address: switches take its ports to be 0. */
    RuleBuilder fragmentTo(IpAddress destination) {
        tcp();
        selector.matchIPDst(host(destination)).matchTcpSrc(TpPort.tpPort(0)).matchTcpDst(TpPort.tpPort(0));
        return this;
    }

    /** An ICMP message to an address. */
    RuleBuilder icmpTo(IpAddress destination) {
        ipv4();
        selector.matchIPProtocol(IPv4.PROTOCOL_ICMP).matchIPDst(host(destination));
        return this;
    }

    /** An IPv4 packet of any protocol. */
    RuleBuilder ipv4() {
        return ethType(EtherType.IPV4.ethType());
    }

    private void tcp() {
        ipv4();
        selector.matchIPProtocol(IPv4.PROTOCOL_TCP);
    }

    RuleBuilder ethType(EthType type) {
        selector.matchEthType(type.toShort());
        return this;
    }

    /** An ARP request by a certain asker for a target. */
    RuleBuilder arpRequest(MacAddress askerMac, IpAddress asker, IpAddress target) {
        ethType(EtherType.ARP.ethType());
        selector.matchArpOp(ARP.OP_REQUEST)
                .matchArpSha(askerMac)
                .matchArpSpa(asker.getIp4Address())
                .matchArpTpa(target.getIp4Address());
        return this;
    }

    RuleBuilder fromPorts(PortBits bits) {
        selector.matchTcpSrcMasked(bits.port(), bits.mask());
        return this;
    }

    RuleBuilder toPorts(PortBits bits) {
        selector.matchTcpDstMasked(bits.port(), bits.mask());
        return this;
    }

    RuleBuilder fromHost(IpAddress address) {
        return fromHosts(host(address));
    }

    RuleBuilder toHost(IpAddress address) {
        return toHosts(host(address));
    }

    RuleBuilder fromHosts(IpPrefix hosts) {
        selector.matchIPSrc(hosts);
        return this;
    }

    RuleBuilder toHosts(IpPrefix hosts) {
        selector.matchIPDst(hosts);
        return this;
    }

    RuleBuilder fromMac(MacAddress source) {
        selector.matchEthSrc(source);
        return this;
    }

    RuleBuilder toMac(MacAddress destination) {
        selector.matchEthDst(destination);
        return this;
    }

    RuleBuilder fromOurs() {
        selector.matchEthSrcMasked(FabricMac.PREFIX, FabricMac.MASK);
        return this;
    }

    RuleBuilder toOurs() {
        selector.matchEthDstMasked(FabricMac.PREFIX, FabricMac.MASK);
        return this;
    }

    RuleBuilder inBy(PortNumber port) {
        selector.matchInPort(port);
        return this;
    }

    // What it does.

    RuleBuilder setFromMac(MacAddress source) {
        treatment.setEthSrc(source);
        return this;
    }

    RuleBuilder setToMac(MacAddress destination) {
        treatment.setEthDst(destination);
        return this;
    }

    RuleBuilder setFrom(Endpoint source) {
        treatment.setIpSrc(source.address()).setTcpSrc(port(source));
        return this;
    }

    RuleBuilder setTo(Endpoint destination) {
        treatment.setIpDst(destination.address()).setTcpDst(port(destination));
        return this;
    }

    /**
     * Sends what came for a service on to a server. Where segments reach that as they are, addressed to the service, its MAC
     * address is all that it takes.
     */
    RuleBuilder setToServer(MacAddress ilb, Endpoint service, Endpoint addressed, MacAddress serverMac) {
        setFromMac(ilb).setToMac(serverMac);
        return addressed.equals(service) ? this : setTo(addressed);
    }

    /** Makes the answer to an ARP request out of it. */
    RuleBuilder arpReply(MacAddress mac, IpAddress target, MacAddress askerMac, IpAddress asker) {
        treatment
                .setEthSrc(mac)
                .setEthDst(askerMac)
                .setArpOp(ARP.OP_REPLY)
                .setArpSha(mac)
                .setArpSpa(target)
                .setArpTha(askerMac)
                .setArpTpa(asker);
        return this;
    }

    RuleBuilder goTo(int table) {
        treatment.transition(table);
        return this;
    }

    RuleBuilder punt() {
        treatment.punt();
        return this;
    }

    RuleBuilder drop() {
        treatment.drop();
        return this;
    }

    RuleBuilder out(PortNumber port) {
        treatment.setOutput(port);
        return this;
    }

    // Where it is.

    /** Returns the rule, which stands until it is removed. */
    FlowRule in(int table, int priority) {
        return build(table, priority).makePermanent().build();
    }

    /** Returns the rule, which the switch itself drops after a time. */
    FlowRule in(int table, int priority, Duration backstop) {
        int seconds = (int) backstop.getSeconds();
        return build(table, priority)
                .withHardTimeout(seconds)
                .makeTemporary(seconds)
                .build();
    }

    private FlowRule.Builder build(int table, int priority) {
        return DefaultFlowRule.builder()
                .fromApp(app)
                .forDevice(device)
                .forTable(table)
                .withPriority(priority)
                .withSelector(selector.build())
                .withTreatment(treatment.build());
    }

    private static IpPrefix host(IpAddress address) {
        return IpPrefix.valueOf(address, IpPrefix.MAX_INET_MASK_LENGTH);
    }

    private static TpPort port(Endpoint endpoint) {
        return TpPort.tpPort(endpoint.port());
    }
}
