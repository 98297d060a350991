package org.ilb.controller.openflow.device;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import org.onosproject.net.AnnotationKeys;
import org.onosproject.net.DefaultAnnotations;
import org.onosproject.net.DeviceId;
import org.onosproject.net.Port;
import org.onosproject.net.PortNumber;
import org.onosproject.net.SparseAnnotations;
import org.onosproject.net.device.DefaultPortDescription;
import org.onosproject.net.device.DefaultPortStatistics;
import org.onosproject.net.device.PortDescription;
import org.onosproject.net.device.PortStatistics;
import org.projectfloodlight.openflow.protocol.OFPortConfig;
import org.projectfloodlight.openflow.protocol.OFPortDesc;
import org.projectfloodlight.openflow.protocol.OFPortFeatures;
import org.projectfloodlight.openflow.protocol.OFPortState;
import org.projectfloodlight.openflow.protocol.OFPortStatsEntry;

/** What OpenFlow says of ports, in ONOS's words. Stateless. */
final class PortDescriptions {

    private static final long KBPS_PER_MBPS = 1_000;

    private PortDescriptions() {}

    /**
     * Describes a switch's ports.
     *
     * @param ports the ports as the switch describes them
     * @return one description each, the switch's local port included, as stock has it
     */
    static List<PortDescription> of(List<OFPortDesc> ports) {
        return ports.stream().map(PortDescriptions::of).collect(toImmutableList());
    }

    /**
     * Describes one port. It is enabled when it is up both by configuration and by its link.
     *
     * @param port the port as the switch describes it
     * @return its description; the speed in Mbit/s
     */
    static PortDescription of(OFPortDesc port) {
        boolean adminDown = port.getConfig().contains(OFPortConfig.PORT_DOWN);
        boolean linkDown = port.getState().contains(OFPortState.LINK_DOWN);
        boolean fiber = port.getCurr().contains(OFPortFeatures.PF_FIBER);
        return DefaultPortDescription.builder()
                .withPortNumber(number(port))
                .isEnabled(!adminDown && !linkDown)
                .type(fiber ? Port.Type.FIBER : Port.Type.COPPER)
                .portSpeed(port.getCurrSpeed() / KBPS_PER_MBPS)
                .annotations(annotations(port, adminDown))
                .build();
    }

    /**
     * Describes a port that a switch no longer has.
     *
     * @param port the port as the switch last described it
     * @return its description, disabled
     */
    static PortDescription gone(OFPortDesc port) {
        return DefaultPortDescription.builder(of(port)).isEnabled(false).build();
    }

    /**
     * Translates a port statistics reply.
     *
     * @param deviceId the switch
     * @param entries the counters of its ports
     * @return the same in ONOS's words
     */
    static Set<PortStatistics> statistics(DeviceId deviceId, List<OFPortStatsEntry> entries) {
        ImmutableSet.Builder<PortStatistics> statistics = ImmutableSet.builder();
        for (OFPortStatsEntry entry : ImmutableList.copyOf(entries)) {
            statistics.add(DefaultPortStatistics.builder()
                    .setDeviceId(deviceId)
                    .setPort(PortNumber.portNumber(entry.getPortNo().getPortNumber()))
                    .setPacketsReceived(entry.getRxPackets().getValue())
                    .setPacketsSent(entry.getTxPackets().getValue())
                    .setBytesReceived(entry.getRxBytes().getValue())
                    .setBytesSent(entry.getTxBytes().getValue())
                    .setPacketsRxDropped(entry.getRxDropped().getValue())
                    .setPacketsTxDropped(entry.getTxDropped().getValue())
                    .setPacketsRxErrors(entry.getRxErrors().getValue())
                    .setPacketsTxErrors(entry.getTxErrors().getValue())
                    .setDurationSec(entry.getDurationSec())
                    .setDurationNano(entry.getDurationNsec())
                    .setAnnotations(DefaultAnnotations.EMPTY)
                    .build());
        }
        return statistics.build();
    }

    private static PortNumber number(OFPortDesc port) {
        return PortNumber.portNumber(port.getPortNo().getPortNumber());
    }

    private static SparseAnnotations annotations(OFPortDesc port, boolean adminDown) {
        DefaultAnnotations.Builder annotations = DefaultAnnotations.builder();
        if (!Strings.isNullOrEmpty(port.getName())) {
            annotations.set(AnnotationKeys.PORT_NAME, port.getName());
        }
        return annotations
                .set(AnnotationKeys.PORT_MAC, port.getHwAddr().toString())
                .set(AnnotationKeys.ADMIN_STATE, adminDown ? "disabled" : "enabled")
                .build();
    }
}
