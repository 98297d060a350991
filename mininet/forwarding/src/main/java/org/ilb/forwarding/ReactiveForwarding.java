package org.ilb.forwarding;

import java.util.Optional;
import org.onlab.packet.Ethernet;
import org.onlab.packet.VlanId;
import org.onosproject.app.ApplicationService;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.CoreService;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.Host;
import org.onosproject.net.HostId;
import org.onosproject.net.HostLocation;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleService;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.host.HostService;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketPriority;
import org.onosproject.net.packet.PacketProcessor;
import org.onosproject.net.packet.PacketService;
import org.onosproject.net.topology.TopologyService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forwards packet by packet and leaves rules behind for those that follow. Thread-safe: it keeps no state. */
@Component(
        immediate = true,
        service = {})
public final class ReactiveForwarding {

    /** The application's name. */
    static final String NAME = "org.ilb.forwarding";

    private static final Logger LOG = LoggerFactory.getLogger(ReactiveForwarding.class);

    private static final int PRIORITY = 10;
    private static final int TIMEOUT_SECONDS = 10;
    private static final int PROCESSOR_PRIORITY = PacketProcessor.director(2);
    private static final TrafficSelector IPV4 =
            DefaultTrafficSelector.builder().matchEthType(Ethernet.TYPE_IPV4).build();

    private final PacketService packets;
    private final FlowRuleService rules;
    private final HostService hosts;
    private final TopologyService topology;
    private final PacketProcessor processor = this::process;
    private final ApplicationId appId;

    /**
     * Created by OSGi.
     *
     * @param core names the application
     * @param applications tells when the application is deactivated, and not the controller stopped
     * @param packets brings packets
     * @param rules takes rules
     * @param hosts knows where hosts are
     * @param topology knows the ways between switches
     */
    @Activate
    public ReactiveForwarding(
            @Reference CoreService core,
            @Reference ApplicationService applications,
            @Reference PacketService packets,
            @Reference FlowRuleService rules,
            @Reference HostService hosts,
            @Reference TopologyService topology) {
        this.packets = packets;
        this.rules = rules;
        this.hosts = hosts;
        this.topology = topology;
        appId = core.registerApplication(NAME);
        applications.registerDeactivateHook(appId, this::retire);
        packets.addProcessor(processor, PROCESSOR_PRIORITY);
        packets.requestPackets(IPV4, PacketPriority.REACTIVE, appId);
        LOG.info("Started");
    }

    /** Takes everything back. When the controller stops this is not called, and the switches go on forwarding. */
    private void retire() {
        stop();
        rules.removeFlowRulesById(appId);
    }

    @Deactivate
    void stop() {
        packets.removeProcessor(processor);
        packets.cancelPackets(IPV4, PacketPriority.REACTIVE, appId);
        LOG.info("Stopped");
    }

    private void process(PacketContext context) {
        Ethernet frame = context.inPacket().parsed();
        if (context.isHandled() || frame == null || !isOrdinary(frame)) {
            return;
        }
        Host destination = hosts.getHost(HostId.hostId(frame.getDestinationMAC(), VlanId.vlanId(frame.getVlanID())));
        ConnectPoint here = context.inPacket().receivedFrom();
        if (destination == null) {
            flood(context);
            return;
        }
        HostLocation there = destination.location();
        if (here.deviceId().equals(there.deviceId())) {
            if (!here.port().equals(there.port())) { // else it has reached its destination without us
                forward(context, there.port());
            }
            return;
        }
        Optional<PortNumber> next = firstHop(here, there);
        if (next.isPresent()) {
            forward(context, next.get());
        } else {
            flood(context);
        }
    }

    /** Neither discovery of links nor IPv6 multicast, which fwd leaves alone by default. */
    private static boolean isOrdinary(Ethernet frame) {
        short type = frame.getEtherType();
        boolean probe = type == Ethernet.TYPE_LLDP || type == Ethernet.TYPE_BSN;
        boolean multicast6 = type == Ethernet.TYPE_IPV6 && frame.isMulticast();
        return !probe && !multicast6 && !frame.getDestinationMAC().isLldp();
    }

    /** A way that does not lead back to where the packet came from. */
    private Optional<PortNumber> firstHop(ConnectPoint here, HostLocation there) {
        return topology.getPaths(topology.currentTopology(), here.deviceId(), there.deviceId()).stream()
                .map(path -> path.src().port())
                .filter(port -> !port.equals(here.port()))
                .findFirst();
    }

    private void flood(PacketContext context) {
        if (topology.isBroadcastPoint(
                topology.currentTopology(), context.inPacket().receivedFrom())) {
            send(context, PortNumber.FLOOD);
        } else {
            context.block();
        }
    }

    private void forward(PacketContext context, PortNumber port) {
        if (context.inPacket().parsed().getEtherType() != Ethernet.TYPE_ARP) {
            rules.applyFlowRules(rule(context, port));
        }
        send(context, port);
    }

    private FlowRule rule(PacketContext context, PortNumber port) {
        Ethernet frame = context.inPacket().parsed();
        ConnectPoint here = context.inPacket().receivedFrom();
        return DefaultFlowRule.builder()
                .fromApp(appId)
                .forDevice(here.deviceId())
                .withPriority(PRIORITY)
                .makeTemporary(TIMEOUT_SECONDS)
                .withSelector(DefaultTrafficSelector.builder()
                        .matchInPort(here.port())
                        .matchEthSrc(frame.getSourceMAC())
                        .matchEthDst(frame.getDestinationMAC())
                        .build())
                .withTreatment(DefaultTrafficTreatment.builder().setOutput(port).build())
                .build();
    }

    private static void send(PacketContext context, PortNumber port) {
        context.treatmentBuilder().setOutput(port);
        context.send();
    }
}
