package org.ilb.dataplane.rule;

import static com.google.common.base.Preconditions.checkNotNull;
import static org.ilb.dataplane.rule.Pipeline.ARP_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.BESIDE_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.BUCKET_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.CLASSIFY_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.CLASSIFY_TABLE;
import static org.ilb.dataplane.rule.Pipeline.DIRECT_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.DIRECT_UPLINK_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.EXACT_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.FABRIC_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.ID_MESSAGE_HERE_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.ID_MESSAGE_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.MOVING_FLAGS_TABLE;
import static org.ilb.dataplane.rule.Pipeline.MOVING_ON_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.MOVING_QUIET_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.MOVING_RETURN_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.MOVING_TABLE;
import static org.ilb.dataplane.rule.Pipeline.PROBE_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.PUNT_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.RELAYED_PUNT_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.RELAY_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.REPLY_TABLE;
import static org.ilb.dataplane.rule.Pipeline.RETURN_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.SERVICE_TABLE;
import static org.ilb.dataplane.rule.Pipeline.STEER_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.TRANSIT_IN_PORT_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.TRANSIT_PRIORITY;
import static org.ilb.dataplane.rule.Pipeline.TRANSIT_TABLE;

import java.time.Duration;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.onlab.packet.EthType;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;

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

    private static final PortBits PROBE_PORTS = PortBits.of(FIRST_PROBE_PORT, FIRST_PROBE_PORT);

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
        return at(device).to(service).toMac(ilb).goTo(SERVICE_TABLE).in(CLASSIFY_TABLE, CLASSIFY_PRIORITY);
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
        return at(device).icmpTo(address).toMac(ilb).punt().in(CLASSIFY_TABLE, BESIDE_PRIORITY);
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
        return at(device).fragmentTo(address).toMac(ilb).drop().in(CLASSIFY_TABLE, BESIDE_PRIORITY);
    }

    /**
     * Table 1: what has no exact rule goes to the controller.
     *
     * @param device the ILB's switch
     * @param service the virtual address and port
     * @return the rule
     */
    public FlowRule punt(DeviceId device, Endpoint service) {
        return at(device).to(service).punt().in(SERVICE_TABLE, PUNT_PRIORITY);
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
        return at(device).to(service).fromOurs().punt().in(SERVICE_TABLE, RELAYED_PUNT_PRIORITY);
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
        return at(device)
                .ofConnection(key)
                .setToServer(ilb, key.destination(), addressed, serverMac)
                .goTo(TRANSIT_TABLE)
                .in(SERVICE_TABLE, EXACT_PRIORITY, BACKSTOP);
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
        return at(device)
                .ofConnection(key)
                .setToServer(ilb, key.destination(), addressed, serverMac)
                .goTo(TRANSIT_TABLE)
                .in(MOVING_TABLE, EXACT_PRIORITY, BACKSTOP);
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
        return inBucket(device, service, bits)
                .setToServer(ilb, service, addressed, serverMac)
                .goTo(TRANSIT_TABLE)
                .in(SERVICE_TABLE, BUCKET_PRIORITY + bits.count());
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
        return inBucket(device, service, bits)
                .goTo(MOVING_FLAGS_TABLE)
                .in(SERVICE_TABLE, BUCKET_PRIORITY + bits.count());
    }

    /**
     * Table 2: what no TCP flag singles out goes to table 3.
     *
     * @param device an ILB's switch
     * @param service the virtual address and port
     * @return the rule
     */
    public FlowRule movingOn(DeviceId device, Endpoint service) {
        return at(device).to(service).goTo(MOVING_TABLE).in(MOVING_FLAGS_TABLE, MOVING_ON_PRIORITY);
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
        return inBucket(device, service, bits).goTo(MOVING_TABLE).in(MOVING_FLAGS_TABLE, MOVING_QUIET_PRIORITY);
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
        return inBucket(device, service, bits)
                .setToServer(ilb, service, addressed, serverMac)
                .goTo(TRANSIT_TABLE)
                .in(MOVING_TABLE, BUCKET_PRIORITY + bits.count());
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
        return inBucket(device, service, bits).punt().in(MOVING_TABLE, BUCKET_PRIORITY + bits.count());
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
        return at(device)
                .ofConnection(key)
                .setFromMac(ilb)
                .setToMac(owner)
                .goTo(TRANSIT_TABLE)
                .in(SERVICE_TABLE, RELAY_PRIORITY, BACKSTOP);
    }

    /**
     * Table 0: what a rule of ours has rewritten already goes to transit.
     *
     * @param device any switch on the way
     * @return the rule
     */
    public FlowRule fabric(DeviceId device) {
        return at(device).ipv4().fromOurs().goTo(TRANSIT_TABLE).in(CLASSIFY_TABLE, FABRIC_PRIORITY);
    }

    /**
     * Table 0: an ID message between ILBs goes to transit.
     *
     * @param device any switch on the way
     * @return the rule
     */
    public FlowRule idMessage(DeviceId device) {
        return at(device)
                .ethType(ID_MESSAGE)
                .fromOurs()
                .toOurs()
                .goTo(TRANSIT_TABLE)
                .in(CLASSIFY_TABLE, ID_MESSAGE_PRIORITY);
    }

    /**
     * Table 0: an ID message goes to the controller at the ILB that is to hear it.
     *
     * @param device the hearer's switch
     * @param ilb the hearer's MAC address
     * @return the rule
     */
    public FlowRule idMessageHere(DeviceId device, MacAddress ilb) {
        return at(device).ethType(ID_MESSAGE).fromOurs().toMac(ilb).punt().in(CLASSIFY_TABLE, ID_MESSAGE_HERE_PRIORITY);
    }

    /**
     * Table 0: a server's reply goes to table 4.
     *
     * @param device the server's edge switch
     * @param source where its segments come from, {@link org.ilb.Service#addressed}
     * @return the rule
     */
    public FlowRule reply(DeviceId device, Endpoint source) {
        return at(device).from(source).goTo(REPLY_TABLE).in(CLASSIFY_TABLE, RETURN_PRIORITY);
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
        return at(device)
                .from(source)
                .toPorts(bits)
                .goTo(MOVING_FLAGS_TABLE)
                .in(CLASSIFY_TABLE, MOVING_RETURN_PRIORITY + bits.count());
    }

    /**
     * Table 2: a server's reply that no TCP flag singles out goes to table 4.
     *
     * @param device the server's edge switch
     * @param source where its segments come from, {@link org.ilb.Service#addressed}
     * @return the rule
     */
    public FlowRule movingReplyOn(DeviceId device, Endpoint source) {
        return at(device).from(source).goTo(REPLY_TABLE).in(MOVING_FLAGS_TABLE, RETURN_PRIORITY);
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
        return at(device)
                .from(server)
                .setFromMac(ilb)
                .setToMac(nextHop)
                .setFrom(service)
                .goTo(TRANSIT_TABLE)
                .in(REPLY_TABLE, RETURN_PRIORITY);
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
        return at(device)
                .from(server)
                .setFromMac(ilb)
                .setFrom(service)
                .goTo(TRANSIT_TABLE)
                .in(REPLY_TABLE, RETURN_PRIORITY);
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
        return at(device)
                .from(service)
                .fromMac(serverMac)
                .setFromMac(ilb)
                .setToMac(nextHop)
                .goTo(TRANSIT_TABLE)
                .in(REPLY_TABLE, RETURN_PRIORITY);
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
        return at(device)
                .from(service)
                .fromMac(serverMac)
                .setFromMac(ilb)
                .goTo(TRANSIT_TABLE)
                .in(REPLY_TABLE, RETURN_PRIORITY);
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
        return at(device)
                .from(server)
                .toHost(prober)
                .toPorts(PROBE_PORTS)
                .punt()
                .in(CLASSIFY_TABLE, PROBE_PRIORITY);
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
        return at(device).to(server).fromHosts(hosts).goTo(TRANSIT_TABLE).in(CLASSIFY_TABLE, DIRECT_PRIORITY);
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
        return at(device).from(server).toHosts(hosts).goTo(TRANSIT_TABLE).in(CLASSIFY_TABLE, DIRECT_PRIORITY);
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
        return at(device)
                .ipv4()
                .toMac(ilb)
                .fromHosts(hosts)
                .toHost(server)
                .setFromMac(ilb)
                .setToMac(serverMac)
                .goTo(TRANSIT_TABLE)
                .in(CLASSIFY_TABLE, DIRECT_UPLINK_PRIORITY);
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
        return at(device)
                .ipv4()
                .toOurs()
                .fromHost(server)
                .toHosts(hosts)
                .setFromMac(ilb)
                .setToMac(nextHop)
                .goTo(TRANSIT_TABLE)
                .in(CLASSIFY_TABLE, DIRECT_UPLINK_PRIORITY);
    }

    /**
     * Table 0: from a client whose edge switch is no ILB to the ILB that it was told of.
     *
     * @param device any switch on the way that is not that ILB
     * @param service the virtual address and port
     * @return the rule
     */
    public FlowRule steer(DeviceId device, Endpoint service) {
        return at(device).to(service).toOurs().goTo(TRANSIT_TABLE).in(CLASSIFY_TABLE, STEER_PRIORITY);
    }

    /**
     * Table 0: ICMP from a client whose edge switch is no ILB to the ILB that it was told of.
     *
     * @param device any switch on the way that is not that ILB
     * @param address the virtual address
     * @return the rule
     */
    public FlowRule steerIcmp(DeviceId device, IpAddress address) {
        return at(device).icmpTo(address).toOurs().goTo(TRANSIT_TABLE).in(CLASSIFY_TABLE, STEER_PRIORITY);
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
        return at(asker.deviceId())
                .inBy(asker.port())
                .arpRequest(askerMac, askerAddress, target)
                .arpReply(mac, target, askerMac, askerAddress)
                .out(PortNumber.IN_PORT)
                .in(CLASSIFY_TABLE, ARP_PRIORITY);
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
        return at(device).toMac(destination).out(out).in(TRANSIT_TABLE, TRANSIT_PRIORITY);
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
        return at(device)
                .inBy(out)
                .toMac(destination)
                .out(PortNumber.IN_PORT)
                .in(TRANSIT_TABLE, TRANSIT_IN_PORT_PRIORITY);
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
        return at(device).fromMac(ilb).toMac(nextHop).out(out).in(TRANSIT_TABLE, TRANSIT_PRIORITY);
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
        return at(device)
                .inBy(out)
                .fromMac(ilb)
                .toMac(nextHop)
                .out(PortNumber.IN_PORT)
                .in(TRANSIT_TABLE, TRANSIT_IN_PORT_PRIORITY);
    }

    private RuleBuilder at(DeviceId device) {
        return new RuleBuilder(app, device);
    }

    private RuleBuilder inBucket(DeviceId device, Endpoint service, PortBits bits) {
        return at(device).to(service).fromPorts(bits);
    }
}
