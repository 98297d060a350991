package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import java.util.Set;
import org.onosproject.mastership.MastershipService;
import org.onosproject.net.AnnotationKeys;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.Device;
import org.onosproject.net.DeviceId;
import org.onosproject.net.Port;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.flow.FlowRuleService;
import org.onosproject.net.topology.TopologyEdge;
import org.onosproject.net.topology.TopologyService;

/**
 * What ONOS knows of the network at this moment, in our own terms.
 *
 * <p>Thread-safe; keeps nothing.
 */
final class Network {

    private static final String OPENFLOW_1_0 = "OF_10";

    private final DeviceService devices;
    private final TopologyService topology;
    private final MastershipService mastership;
    private final FlowRuleService flows;

    Network(DeviceService devices, TopologyService topology, MastershipService mastership, FlowRuleService flows) {
        this.devices = devices;
        this.topology = topology;
        this.mastership = mastership;
        this.flows = flows;
    }

    /** Returns the switches that are connected. */
    ImmutableSet<DeviceId> available() {
        ImmutableSet.Builder<DeviceId> available = ImmutableSet.builder();
        for (Device device : devices.getAvailableDevices()) {
            available.add(device.id());
        }
        return available.build();
    }

    /** Tells whether this node is to write to a switch. */
    boolean isMaster(DeviceId device) {
        return mastership.isLocalMaster(device);
    }

    /** Returns the links between switches. */
    ImmutableSet<Cable> cables() {
        ImmutableSet.Builder<Cable> cables = ImmutableSet.builder();
        for (TopologyEdge edge : topology.getGraph(topology.currentTopology()).getEdges()) {
            cables.add(new Cable(edge.link().src(), edge.link().dst()));
        }
        return cables.build();
    }

    /** Tells whether a port is up, as far as ONOS knows. */
    boolean isUp(ConnectPoint at) {
        Port port = devices.getPort(at.deviceId(), at.port());
        return port != null && port.isEnabled();
    }

    /** Returns the ports of a switch that are up, without those to itself. */
    Set<ConnectPoint> portsUp(DeviceId device) {
        ImmutableSet.Builder<ConnectPoint> up = ImmutableSet.builder();
        for (Port port : devices.getPorts(device)) {
            if (port.isEnabled() && !port.number().isLogical()) {
                up.add(new ConnectPoint(device, port.number()));
            }
        }
        return up.build();
    }

    /**
     * Tells whether a switch is known to have one table only: it speaks OpenFlow 1.0, or its table statistics list one.
     *
     * @param device the switch
     * @return false where that is not known
     */
    boolean hasSingleTable(DeviceId device) {
        Device known = devices.getDevice(device);
        if (known == null) {
            return false;
        }
        return OPENFLOW_1_0.equals(known.annotations().value(AnnotationKeys.PROTOCOL))
                || Iterables.size(flows.getFlowTableStatistics(device)) == 1;
    }
}
