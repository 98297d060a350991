package org.ilb.dataplane.rule;

import static com.google.common.base.Preconditions.checkNotNull;

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
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.flow.TrafficTreatment;

/**
 * Builds each kind of rule, for a switch with several tables. They are flattened for a switch with one.
 *
 * <p>Immutable and thread-safe.
 */
public final class Rules {

    /**
     * After this time the switch itself drops the rule of a connection, should nobody else: the application removes the idle
     * ones, but needs the controller for it. A connection that lives longer pays one packet-in.
     */
    public static final Duration BACKSTOP = Duration.ofHours(12);

    /** The ethertype of ID messages: the first of those for local experiments (IEEE Std 802, 9.2.4). */
    public static final EthType ID_MESSAGE = new EthType(0x88b5);

    /** Health probes come from this port or a higher one: the highest two bits are set. */
    public static final int FIRST_PROBE_PORT = 0xc000;

    private final ApplicationId app;

    /**
     * Creates a builder of rules.
     *
     * @param app the application whose rules they are
     */
    public Rules(ApplicationId app) {
        this.app = checkNotNull(app);
    }

    /**
     * Table 0: what comes to an ILB for a service goes to table 1.
     *
     * @param device the ILB's switch
     * @param ilb the ILB's MAC address
     * @param service the virtual address and port
     * @return the rule
     */
    public FlowRule classify(DeviceId device, MacAddress ilb, Endpoint service) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.CLASSIFY_PRIORITY,
                toService(service).matchEthDst(ilb),
                treatment().transition(Pipeline.SERVICE_TABLE));
    }

    /**
     * Table 0: ICMP that comes to an ILB for a virtual address goes to the controller.
     *
     * @param device the ILB's switch
     * @param ilb the ILB's MAC address
     * @param address the virtual address
     * @return the rule
     */
    public FlowRule icmp(DeviceId device, MacAddress ilb, IpAddress address) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.BESIDE_PRIORITY,
                icmpTo(address).matchEthDst(ilb),
                treatment().punt());
    }

    /**
     * Table 0: fragments of segments that come to an ILB for a virtual address are dropped, which counts them. Switches do not know
     * the ports of a fragment, nor do they look for those of the first of several (OpenFlow 1.3, OFPC_FRAG_NORMAL): they take them
     * to be 0.
     *
     * @param device the ILB's switch
     * @param ilb the ILB's MAC address
     * @param address the virtual address
     * @return the rule
     */
    public FlowRule fragments(DeviceId device, MacAddress ilb, IpAddress address) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.BESIDE_PRIORITY,
                tcp().matchEthDst(ilb)
                        .matchIPDst(host(address))
                        .matchTcpSrc(TpPort.tpPort(0))
                        .matchTcpDst(TpPort.tpPort(0)),
                treatment().drop());
    }

    /**
     * Table 1: what has no exact rule goes to the controller.
     *
     * @param device the ILB's switch
     * @param service the virtual address and port
     * @return the rule
     */
    public FlowRule punt(DeviceId device, Endpoint service) {
        return standing(
                device,
                Pipeline.SERVICE_TABLE,
                Pipeline.PUNT_PRIORITY,
                toService(service),
                treatment().punt());
    }

    /**
     * Table 1: what another ILB relayed goes to the controller where no exact rule knows the server, and is never relayed
     * again.
     *
     * @param device the ILB's switch
     * @param service the virtual address and port
     * @return the rule
     */
    public FlowRule puntRelayed(DeviceId device, Endpoint service) {
        return standing(
                device,
                Pipeline.SERVICE_TABLE,
                Pipeline.RELAYED_PUNT_PRIORITY,
                toService(service).matchEthSrcMasked(FabricMac.PREFIX, FabricMac.MASK),
                treatment().punt());
    }

    /**
     * Table 1: one connection goes to its server.
     *
     * @param device the receiving ILB's switch
     * @param ilb the receiving ILB's MAC address
     * @param key the connection
     * @param addressed what its server is addressed by, {@link org.ilb.Service#addressed}
     * @param serverMac that server's MAC address
     * @return the rule
     */
    public FlowRule exact(DeviceId device, MacAddress ilb, FlowKey key, Endpoint addressed, MacAddress serverMac) {
        return ofConnection(
                device,
                Pipeline.SERVICE_TABLE,
                Pipeline.EXACT_PRIORITY,
                key,
                toServer(ilb, key.destination(), addressed, serverMac));
    }

    /**
     * Table 3: one connection of a bucket that moves, or has moved, goes to its server.
     *
     * @param device an ILB's switch
     * @param ilb that ILB's MAC address
     * @param key the connection
     * @param addressed what its server is addressed by, {@link org.ilb.Service#addressed}
     * @param serverMac that server's MAC address
     * @return the rule
     */
    public FlowRule exactInBucket(
            DeviceId device, MacAddress ilb, FlowKey key, Endpoint addressed, MacAddress serverMac) {
        return ofConnection(
                device,
                Pipeline.MOVING_TABLE,
                Pipeline.EXACT_PRIORITY,
                key,
                toServer(ilb, key.destination(), addressed, serverMac));
    }

    /** Where segments reach the server as they are, addressed to the service, the server's MAC address is all that it takes. */
    private static TrafficTreatment.Builder toServer(
            MacAddress ilb, Endpoint service, Endpoint addressed, MacAddress serverMac) {
        TrafficTreatment.Builder treatment = treatment().setEthSrc(ilb).setEthDst(serverMac);
        return addressed.equals(service)
                ? treatment
                : treatment.setIpDst(addressed.address()).setTcpDst(port(addressed));
    }

    /**
     * Table 1: all that is in a bucket goes to its server.
     *
     * @param device an ILB's switch
     * @param ilb that ILB's MAC address
     * @param service the virtual address and port
     * @param bits the bucket
     * @param addressed what its server is addressed by, {@link org.ilb.Service#addressed}
     * @param serverMac that server's MAC address
     * @return the rule
     */
    public FlowRule bucket(
            DeviceId device,
            MacAddress ilb,
            Endpoint service,
            PortBits bits,
            Endpoint addressed,
            MacAddress serverMac) {
        return standing(
                device,
                Pipeline.SERVICE_TABLE,
                Pipeline.BUCKET_PRIORITY + bits.count(),
                toBucket(service, bits),
                toServer(ilb, service, addressed, serverMac).transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 1: all that is in a bucket that moves, or has moved, goes to table 2. It replaces, and is replaced by, the rule
     * that leads to a server.
     *
     * @param device an ILB's switch
     * @param service the virtual address and port
     * @param bits the bucket
     * @return the rule
     */
    public FlowRule movingBucket(DeviceId device, Endpoint service, PortBits bits) {
        return standing(
                device,
                Pipeline.SERVICE_TABLE,
                Pipeline.BUCKET_PRIORITY + bits.count(),
                toBucket(service, bits),
                treatment().transition(Pipeline.MOVING_FLAGS_TABLE));
    }

    /**
     * Table 2: what no TCP flag singles out goes to table 3.
     *
     * @param device an ILB's switch
     * @param service the virtual address and port
     * @return the rule
     */
    public FlowRule movingOn(DeviceId device, Endpoint service) {
        return standing(
                device,
                Pipeline.MOVING_FLAGS_TABLE,
                Pipeline.MOVING_ON_PRIORITY,
                toService(service),
                treatment().transition(Pipeline.MOVING_TABLE));
    }

    /**
     * Table 2: SYNs in a bucket go to table 3 with the rest, although those of other buckets of its service come up.
     *
     * @param device an ILB's switch
     * @param service the virtual address and port
     * @param bits the bucket
     * @return the rule
     */
    public FlowRule movingQuietly(DeviceId device, Endpoint service, PortBits bits) {
        return standing(
                device,
                Pipeline.MOVING_FLAGS_TABLE,
                Pipeline.MOVING_QUIET_PRIORITY,
                toBucket(service, bits),
                treatment().transition(Pipeline.MOVING_TABLE));
    }

    /**
     * Table 3: what is in a bucket that moves, or has moved, and has no exact rule goes to a server.
     *
     * @param device an ILB's switch
     * @param ilb that ILB's MAC address
     * @param service the virtual address and port
     * @param bits the bucket
     * @param addressed what its server is addressed by, {@link org.ilb.Service#addressed}
     * @param serverMac that server's MAC address
     * @return the rule
     */
    public FlowRule fallback(
            DeviceId device,
            MacAddress ilb,
            Endpoint service,
            PortBits bits,
            Endpoint addressed,
            MacAddress serverMac) {
        return standing(
                device,
                Pipeline.MOVING_TABLE,
                Pipeline.BUCKET_PRIORITY + bits.count(),
                toBucket(service, bits),
                toServer(ilb, service, addressed, serverMac).transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 3: what is in a bucket that moves and has no exact rule goes to the controller. It replaces, and is replaced by,
     * the rule that leads to a server.
     *
     * @param device an ILB's switch
     * @param service the virtual address and port
     * @param bits the bucket
     * @return the rule
     */
    public FlowRule fallbackPunt(DeviceId device, Endpoint service, PortBits bits) {
        return standing(
                device,
                Pipeline.MOVING_TABLE,
                Pipeline.BUCKET_PRIORITY + bits.count(),
                toBucket(service, bits),
                treatment().punt());
    }

    /**
     * Table 1: one connection goes to its owner, which rewrites it; the virtual address stays.
     *
     * @param device the receiving ILB's switch
     * @param ilb the receiving ILB's MAC address
     * @param key the connection
     * @param owner the owner's MAC address
     * @return the rule
     */
    public FlowRule relay(DeviceId device, MacAddress ilb, FlowKey key, MacAddress owner) {
        return ofConnection(
                device,
                Pipeline.SERVICE_TABLE,
                Pipeline.RELAY_PRIORITY,
                key,
                treatment().setEthSrc(ilb).setEthDst(owner));
    }

    private FlowRule ofConnection(
            DeviceId device, int table, int priority, FlowKey key, TrafficTreatment.Builder rewrite) {
        TrafficSelector.Builder connection = toService(key.destination())
                .matchIPSrc(host(key.source().address()))
                .matchTcpSrc(port(key.source()));
        int backstop = (int) BACKSTOP.getSeconds();
        return rule(device, table, priority, connection, rewrite.transition(Pipeline.TRANSIT_TABLE))
                .withHardTimeout(backstop)
                .makeTemporary(backstop)
                .build();
    }

    /**
     * Table 0: what a rule of ours has rewritten already goes to transit.
     *
     * @param device any switch on the way
     * @return the rule
     */
    public FlowRule fabric(DeviceId device) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.FABRIC_PRIORITY,
                ipv4().matchEthSrcMasked(FabricMac.PREFIX, FabricMac.MASK),
                treatment().transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: an ID message between ILBs goes to transit.
     *
     * @param device any switch on the way
     * @return the rule
     */
    public FlowRule idMessage(DeviceId device) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.ID_MESSAGE_PRIORITY,
                idMessages().matchEthDstMasked(FabricMac.PREFIX, FabricMac.MASK),
                treatment().transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: an ID message goes to the controller at the ILB that is to hear it.
     *
     * @param device the hearer's switch
     * @param ilb the hearer's MAC address
     * @return the rule
     */
    public FlowRule idMessageHere(DeviceId device, MacAddress ilb) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.ID_MESSAGE_HERE_PRIORITY,
                idMessages().matchEthDst(ilb),
                treatment().punt());
    }

    /**
     * Table 0: a server's reply goes to table 4.
     *
     * @param device the server's edge switch
     * @param source where its segments come from, {@link org.ilb.Service#addressed}
     * @return the rule
     */
    public FlowRule reply(DeviceId device, Endpoint source) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.RETURN_PRIORITY,
                fromServer(source),
                treatment().transition(Pipeline.REPLY_TABLE));
    }

    /**
     * Table 0: a server's reply in a bucket that moves, or has moved, goes to table 2.
     *
     * @param device the server's edge switch
     * @param source where its segments come from, {@link org.ilb.Service#addressed}
     * @param bits the bucket
     * @return the rule
     */
    public FlowRule movingReply(DeviceId device, Endpoint source, PortBits bits) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.MOVING_RETURN_PRIORITY + bits.count(),
                fromServer(source).matchTcpDstMasked(bits.port(), bits.mask()),
                treatment().transition(Pipeline.MOVING_FLAGS_TABLE));
    }

    /**
     * Table 2: a server's reply that no TCP flag singles out goes to table 4.
     *
     * @param device the server's edge switch
     * @param source where its segments come from, {@link org.ilb.Service#addressed}
     * @return the rule
     */
    public FlowRule movingReplyOn(DeviceId device, Endpoint source) {
        return standing(
                device,
                Pipeline.MOVING_FLAGS_TABLE,
                Pipeline.RETURN_PRIORITY,
                fromServer(source),
                treatment().transition(Pipeline.REPLY_TABLE));
    }

    /**
     * Table 4: a server's reply gets the virtual address back and leaves by an ILB's uplink.
     *
     * @param device the server's edge switch
     * @param server the server
     * @param service the virtual address and port
     * @param ilb the MAC address of the ILB whose uplink it leaves by
     * @param nextHop the MAC address of that ILB's next hop
     * @return the rule
     */
    public FlowRule returnByUplink(
            DeviceId device, Endpoint server, Endpoint service, MacAddress ilb, MacAddress nextHop) {
        return returning(device, server, service, treatment().setEthSrc(ilb).setEthDst(nextHop));
    }

    /**
     * Table 4: a server's reply gets the virtual address back and goes on to the client's own MAC address.
     *
     * @param device the server's edge switch
     * @param server the server
     * @param service the virtual address and port
     * @param ilb the MAC address that it gets as its source
     * @return the rule
     */
    public FlowRule returnToClient(DeviceId device, Endpoint server, Endpoint service, MacAddress ilb) {
        return returning(device, server, service, treatment().setEthSrc(ilb));
    }

    /**
     * Table 4: what a server answers in the virtual address's own name leaves by an ILB's uplink; nothing but the MAC addresses
     * is rewritten.
     *
     * @param device the server's edge switch
     * @param serverMac the server's MAC address
     * @param service the virtual address and port
     * @param ilb the MAC address of the ILB whose uplink it leaves by
     * @param nextHop the MAC address of that ILB's next hop
     * @return the rule
     */
    public FlowRule carryByUplink(
            DeviceId device, MacAddress serverMac, Endpoint service, MacAddress ilb, MacAddress nextHop) {
        return carrying(device, serverMac, service, treatment().setEthSrc(ilb).setEthDst(nextHop));
    }

    /**
     * Table 4: what a server answers in the virtual address's own name goes on to the client's own MAC address; nothing but the
     * MAC address that it comes from is rewritten.
     *
     * @param device the server's edge switch
     * @param serverMac the server's MAC address
     * @param service the virtual address and port
     * @param ilb the MAC address that it gets as its source
     * @return the rule
     */
    public FlowRule carryToClient(DeviceId device, MacAddress serverMac, Endpoint service, MacAddress ilb) {
        return carrying(device, serverMac, service, treatment().setEthSrc(ilb));
    }

    private FlowRule carrying(
            DeviceId device, MacAddress serverMac, Endpoint service, TrafficTreatment.Builder towardsClient) {
        return standing(
                device,
                Pipeline.REPLY_TABLE,
                Pipeline.RETURN_PRIORITY,
                fromServer(service).matchEthSrc(serverMac),
                towardsClient.transition(Pipeline.TRANSIT_TABLE));
    }

    private FlowRule returning(
            DeviceId device, Endpoint server, Endpoint service, TrafficTreatment.Builder towardsClient) {
        return standing(
                device,
                Pipeline.REPLY_TABLE,
                Pipeline.RETURN_PRIORITY,
                fromServer(server),
                towardsClient
                        .setIpSrc(service.address())
                        .setTcpSrc(port(service))
                        .transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: what a server answers to a health probe goes to the controller.
     *
     * @param device the server's edge switch
     * @param server where the server is probed
     * @param prober the address that it is probed from
     * @return the rule
     */
    public FlowRule probeAnswer(DeviceId device, Endpoint server, IpAddress prober) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.PROBE_PRIORITY,
                fromServer(server)
                        .matchIPDst(host(prober))
                        .matchTcpDstMasked(TpPort.tpPort(FIRST_PROBE_PORT), TpPort.tpPort(FIRST_PROBE_PORT)),
                treatment().punt());
    }

    /**
     * Table 0: from a direct host in the servers' own network to a server, untranslated.
     *
     * @param device any switch on the way
     * @param hosts the prefix configured as direct
     * @param server the server
     * @return the rule
     */
    public FlowRule directToServer(DeviceId device, IpPrefix hosts, Endpoint server) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.DIRECT_PRIORITY,
                toService(server).matchIPSrc(hosts),
                treatment().transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: from a server to a direct host in the servers' own network, untranslated.
     *
     * @param device any switch on the way
     * @param hosts the prefix configured as direct
     * @param server the server
     * @return the rule
     */
    public FlowRule directToHost(DeviceId device, IpPrefix hosts, Endpoint server) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.DIRECT_PRIORITY,
                fromServer(server).matchIPDst(hosts),
                treatment().transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: from a direct host behind the router to a server, untranslated. Of any protocol: who else would carry it?
     *
     * @param device the ILB's switch
     * @param ilb the ILB's MAC address
     * @param hosts the prefix configured as direct
     * @param server the server's address
     * @param serverMac the server's MAC address
     * @return the rule
     */
    public FlowRule directFromUplink(
            DeviceId device, MacAddress ilb, IpPrefix hosts, IpAddress server, MacAddress serverMac) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.DIRECT_UPLINK_PRIORITY,
                ipv4().matchEthDst(ilb).matchIPSrc(hosts).matchIPDst(host(server)),
                treatment().setEthSrc(ilb).setEthDst(serverMac).transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: from a server, by its gateway, to a direct host behind the router, untranslated. Of any protocol.
     *
     * @param device the server's edge switch
     * @param hosts the prefix configured as direct
     * @param server the server's address
     * @param ilb the MAC address of the ILB whose uplink it leaves by
     * @param nextHop the MAC address of that ILB's next hop
     * @return the rule
     */
    public FlowRule directByUplink(
            DeviceId device, IpPrefix hosts, IpAddress server, MacAddress ilb, MacAddress nextHop) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.DIRECT_UPLINK_PRIORITY,
                ipv4().matchEthDstMasked(FabricMac.PREFIX, FabricMac.MASK)
                        .matchIPSrc(host(server))
                        .matchIPDst(hosts),
                treatment().setEthSrc(ilb).setEthDst(nextHop).transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: from a client whose edge switch is no ILB to the ILB that it was told of.
     *
     * @param device any switch on the way that is not that ILB
     * @param service the virtual address and port
     * @return the rule
     */
    public FlowRule steer(DeviceId device, Endpoint service) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.STEER_PRIORITY,
                toService(service).matchEthDstMasked(FabricMac.PREFIX, FabricMac.MASK),
                treatment().transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: ICMP from a client whose edge switch is no ILB to the ILB that it was told of.
     *
     * @param device any switch on the way that is not that ILB
     * @param address the virtual address
     * @return the rule
     */
    public FlowRule steerIcmp(DeviceId device, IpAddress address) {
        return standing(
                device,
                Pipeline.CLASSIFY_TABLE,
                Pipeline.STEER_PRIORITY,
                icmpTo(address).matchEthDstMasked(FabricMac.PREFIX, FabricMac.MASK),
                treatment().transition(Pipeline.TRANSIT_TABLE));
    }

    /**
     * Table 0: a known host that asks for an address of ours is answered by the switch, with or without a controller.
     *
     * @param asker the switch port where it asks
     * @param askerMac its MAC address
     * @param askerAddress its address
     * @param target the address that it asks for
     * @param mac the MAC address that it is told
     * @return the rule
     */
    public FlowRule answerArp(
            ConnectPoint asker, MacAddress askerMac, IpAddress askerAddress, IpAddress target, MacAddress mac) {
        return standing(
                asker.deviceId(),
                Pipeline.CLASSIFY_TABLE,
                Pipeline.ARP_PRIORITY,
                selector()
                        .matchInPort(asker.port())
                        .matchEthType(EtherType.ARP.ethType().toShort())
                        .matchArpOp(ARP.OP_REQUEST)
                        .matchArpSha(askerMac)
                        .matchArpSpa(askerAddress.getIp4Address())
                        .matchArpTpa(target.getIp4Address()),
                treatment()
                        .setEthSrc(mac)
                        .setEthDst(askerMac)
                        .setArpOp(ARP.OP_REPLY)
                        .setArpSha(mac)
                        .setArpSpa(target)
                        .setArpTha(askerMac)
                        .setArpTpa(askerAddress)
                        .setOutput(PortNumber.IN_PORT));
    }

    /**
     * Table 5: by destination MAC address.
     *
     * @param device any switch on the way
     * @param destination the destination's MAC address
     * @param out the port towards it
     * @return the rule
     */
    public FlowRule transit(DeviceId device, MacAddress destination, PortNumber out) {
        return standing(
                device,
                Pipeline.TRANSIT_TABLE,
                Pipeline.TRANSIT_PRIORITY,
                selector().matchEthDst(destination),
                treatment().setOutput(out));
    }

    /**
     * Table 5: by destination MAC address, for what came in by the very port that it must leave by.
     *
     * @param device a switch where that can happen
     * @param destination the destination's MAC address
     * @param out the port towards it
     * @return the rule
     */
    public FlowRule transitBack(DeviceId device, MacAddress destination, PortNumber out) {
        return standing(
                device,
                Pipeline.TRANSIT_TABLE,
                Pipeline.TRANSIT_IN_PORT_PRIORITY,
                selector().matchInPort(out).matchEthDst(destination),
                treatment().setOutput(PortNumber.IN_PORT));
    }

    /**
     * Table 5: towards an ILB's uplink. By both MAC addresses, because a router may have one MAC on several uplinks.
     *
     * @param device any switch on the way
     * @param ilb the MAC address of the ILB
     * @param nextHop the MAC address of its next hop
     * @param out the port towards the uplink, or the uplink itself
     * @return the rule
     */
    public FlowRule uplink(DeviceId device, MacAddress ilb, MacAddress nextHop, PortNumber out) {
        return standing(
                device,
                Pipeline.TRANSIT_TABLE,
                Pipeline.TRANSIT_PRIORITY,
                selector().matchEthSrc(ilb).matchEthDst(nextHop),
                treatment().setOutput(out));
    }

    /**
     * Table 5: towards an ILB's uplink, for what came in by the very port that it must leave by.
     *
     * @param device a switch where that can happen
     * @param ilb the MAC address of the ILB
     * @param nextHop the MAC address of its next hop
     * @param out the port towards the uplink, or the uplink itself
     * @return the rule
     */
    public FlowRule uplinkBack(DeviceId device, MacAddress ilb, MacAddress nextHop, PortNumber out) {
        return standing(
                device,
                Pipeline.TRANSIT_TABLE,
                Pipeline.TRANSIT_IN_PORT_PRIORITY,
                selector().matchInPort(out).matchEthSrc(ilb).matchEthDst(nextHop),
                treatment().setOutput(PortNumber.IN_PORT));
    }

    private FlowRule standing(
            DeviceId device,
            int table,
            int priority,
            TrafficSelector.Builder selector,
            TrafficTreatment.Builder treatment) {
        return rule(device, table, priority, selector, treatment)
                .makePermanent()
                .build();
    }

    private FlowRule.Builder rule(
            DeviceId device,
            int table,
            int priority,
            TrafficSelector.Builder selector,
            TrafficTreatment.Builder treatment) {
        return DefaultFlowRule.builder()
                .fromApp(app)
                .forDevice(device)
                .forTable(table)
                .withPriority(priority)
                .withSelector(selector.build())
                .withTreatment(treatment.build());
    }

    private static TrafficSelector.Builder toService(Endpoint endpoint) {
        return tcp().matchIPDst(host(endpoint.address())).matchTcpDst(port(endpoint));
    }

    private static TrafficSelector.Builder toBucket(Endpoint service, PortBits bits) {
        return toService(service).matchTcpSrcMasked(bits.port(), bits.mask());
    }

    private static TrafficSelector.Builder fromServer(Endpoint server) {
        return tcp().matchIPSrc(host(server.address())).matchTcpSrc(port(server));
    }

    /** From one of our addresses: what others send with this ethertype is theirs. */
    private static TrafficSelector.Builder idMessages() {
        return selector().matchEthType(ID_MESSAGE.toShort()).matchEthSrcMasked(FabricMac.PREFIX, FabricMac.MASK);
    }

    private static TrafficSelector.Builder icmpTo(IpAddress address) {
        return ipv4().matchIPProtocol(IPv4.PROTOCOL_ICMP).matchIPDst(host(address));
    }

    private static TrafficSelector.Builder tcp() {
        return ipv4().matchIPProtocol(IPv4.PROTOCOL_TCP);
    }

    private static TrafficSelector.Builder ipv4() {
        return selector().matchEthType(EtherType.IPV4.ethType().toShort());
    }

    private static TrafficSelector.Builder selector() {
        return DefaultTrafficSelector.builder();
    }

    private static TrafficTreatment.Builder treatment() {
        return DefaultTrafficTreatment.builder();
    }

    private static IpPrefix host(IpAddress address) {
        return IpPrefix.valueOf(address, IpPrefix.MAX_INET_MASK_LENGTH);
    }

    private static TpPort port(Endpoint endpoint) {
        return TpPort.tpPort(endpoint.port());
    }
}
