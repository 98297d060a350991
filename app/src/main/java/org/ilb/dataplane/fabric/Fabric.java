package org.ilb.dataplane.fabric;

import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.IlbId;
import org.onlab.packet.MacAddress;
import org.onosproject.core.ApplicationId;
import org.onosproject.mastership.MastershipService;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleService;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketService;
import org.onosproject.net.topology.TopologyService;

/**
 * Everything that stands in the switches without a connection, and the ARP that makes it reachable.
 *
 * <p>Between {@link #start()} and {@link #close()} it keeps the standing rules equal to what the configuration, the topology
 * and the places of servers, routers and clients ask for, and leaves the exact rules of connections to its user: it never
 * adds or removes one, but rewrites the ones that name a server's former MAC address or, in switches with one table, a
 * former port.
 *
 * <p>Every method is thread-safe and returns at once, apart from {@link #close()}.
 */
public final class Fabric implements AutoCloseable {

    /**
     * Creates a fabric that does nothing yet.
     *
     * @param app the application whose rules and packet requests these are
     * @param flows where rules are applied
     * @param packets where ARP is requested and sent
     * @param devices which switches and ports are up
     * @param topology how switches are linked
     * @param mastership which switches are this node's to write to
     */
    public Fabric(
            ApplicationId app,
            FlowRuleService flows,
            PacketService packets,
            DeviceService devices,
            TopologyService topology,
            MastershipService mastership) {}

    /** Listens to the network and requests ARP. Does nothing to a switch before the first configuration. */
    public void start() {}

    /**
     * Puts a configuration in force, in place of the one before; rules of what did not change are not touched.
     *
     * @param frontEnd the configuration
     */
    public void configure(FrontEnd frontEnd) {}

    /** Removes every standing rule and the ARP request, and stops; waits a few seconds at most for the switches. */
    @Override
    public void close() {}

    /**
     * Answers, or learns from, an ARP packet. For the packet thread; neither blocks nor throws on any content.
     *
     * @param context a packet of ethertype ARP
     * @return true if the packet was ours; it has then been blocked
     */
    public boolean arp(PacketContext context) {
        return false;
    }

    /**
     * Returns where a server is.
     *
     * @param server a configured server
     * @return its place, empty while it is unknown
     */
    public Optional<Place> serverPlace(Endpoint server) {
        return Optional.empty();
    }

    /**
     * Returns the port that a frame to a server, rewritten by an ILB, leaves by.
     *
     * @param device the ILB's switch
     * @param destination the server's MAC address
     * @param ingress the port that the frame came in by
     * @return the port, {@code IN_PORT} where it is the ingress port; empty while there is no way
     */
    public Optional<PortNumber> egress(DeviceId device, MacAddress destination, PortNumber ingress) {
        return Optional.empty();
    }

    /**
     * Builds the exact rule of a connection, as the switch needs it: it restores nothing, rewrites to the server and sends on
     * to transit. It has a hard timeout as a backstop and then is made temporary with the configured idle time.
     *
     * @param device the receiving ILB's switch
     * @param key the connection
     * @param server its server
     * @param ingress the port that the connection came in by
     * @return the rule, to be applied by the caller; empty while the device is no ILB or the server's place or way is unknown
     */
    public Optional<FlowRule> exact(DeviceId device, FlowKey key, Endpoint server, PortNumber ingress) {
        return Optional.empty();
    }

    /**
     * Returns the MAC address of an ILB's next hop.
     *
     * @param ilb an ILB with an uplink
     * @return the router's MAC address, empty while it is not resolved
     */
    public Optional<MacAddress> nextHop(IlbId ilb) {
        return Optional.empty();
    }
}
