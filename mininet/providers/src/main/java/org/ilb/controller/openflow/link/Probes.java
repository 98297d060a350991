package org.ilb.controller.openflow.link;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.onlab.packet.Ethernet;
import org.onlab.packet.MacAddress;
import org.onlab.packet.ONOSLLDP;
import org.onosproject.cluster.ClusterMetadata;
import org.onosproject.cluster.ClusterMetadataService;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.Device;
import org.onosproject.net.DeviceId;
import org.onosproject.net.Link;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.link.DefaultLinkDescription;
import org.onosproject.net.link.LinkDescription;
import org.onosproject.net.link.ProbedLinkProvider;
import org.onosproject.net.packet.DefaultOutboundPacket;
import org.onosproject.net.packet.InboundPacket;
import org.onosproject.net.packet.OutboundPacket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probes of this cluster: made, and recognised. The source address is a fingerprint of the cluster, the signature is
 * keyed with its secret. Thread-safe.
 */
final class Probes {

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);

    /** How long a probe may be on its way, in milliseconds. */
    private static final long MAX_DELAY = 1_000;

    private final ClusterMetadataService cluster;

    Probes(ClusterMetadataService cluster) {
        this.cluster = cluster;
    }

    /**
     * Makes the two probes of a port.
     *
     * @param device the switch
     * @param port the number of the port
     * @param portName its name
     * @return an LLDP and a BDDP frame, to be sent out of that port
     */
    List<OutboundPacket> of(Device device, PortNumber port, String portName) {
        return ImmutableList.of(
                packet(device, port, portName, Ethernet.TYPE_LLDP, MacAddress.ONOS_LLDP),
                packet(device, port, portName, Ethernet.TYPE_BSN, MacAddress.BROADCAST));
    }

    /**
     * Tells whether a packet may be a probe.
     *
     * @param packet a packet
     * @return whether its ethertype is LLDP's or BDDP's
     */
    static boolean isCandidate(InboundPacket packet) {
        Ethernet frame = packet.parsed();
        return frame != null
                && (frame.getEtherType() == Ethernet.TYPE_LLDP || frame.getEtherType() == Ethernet.TYPE_BSN);
    }

    /**
     * Reads a probe.
     *
     * @param packet a packet that may be one
     * @return the probe, of whatever cluster, or nothing if it is none
     */
    static Optional<ONOSLLDP> read(InboundPacket packet) {
        return Optional.ofNullable(ONOSLLDP.parseONOSLLDP(packet.parsed()))
                .filter(probe -> !Strings.isNullOrEmpty(probe.getDeviceString()));
    }

    /**
     * Finds the link that a probe has crossed.
     *
     * @param probe the probe
     * @param packet the packet that it came in
     * @return the link, or nothing if the probe is one of ours but late or forged
     * @throws IllegalArgumentException if the probe names a device by no device id
     */
    Optional<LinkDescription> linkOf(ONOSLLDP probe, InboundPacket packet) {
        Link.Type type = Link.Type.EDGE;
        if (isOurs(packet.parsed())) {
            type = packet.parsed().getEtherType() == Ethernet.TYPE_LLDP ? Link.Type.DIRECT : Link.Type.INDIRECT;
            if (!ONOSLLDP.verify(probe, secret(), MAX_DELAY)) {
                LOG.warn("Probe received at {} is late or forged: dropped", packet.receivedFrom());
                return Optional.empty();
            }
        }
        ConnectPoint source =
                new ConnectPoint(DeviceId.deviceId(probe.getDeviceString()), PortNumber.portNumber(probe.getPort()));
        return Optional.of(new DefaultLinkDescription(source, packet.receivedFrom(), type));
    }

    private OutboundPacket packet(Device device, PortNumber port, String portName, short etherType, MacAddress to) {
        ONOSLLDP probe = ONOSLLDP.onosSecureLLDP(
                device.id().toString(), device.chassisId(), (int) port.toLong(), portName, secret());
        Ethernet frame = new Ethernet();
        frame.setEtherType(etherType)
                .setDestinationMACAddress(to)
                .setSourceMACAddress(fingerprint())
                .setPad(true)
                .setPayload(probe);
        return new DefaultOutboundPacket(
                device.id(),
                DefaultTrafficTreatment.builder().setOutput(port).build(),
                ByteBuffer.wrap(frame.serialize()));
    }

    /** A cluster that is not yet formed has the default fingerprint, by which nobody recognises a probe. */
    private boolean isOurs(Ethernet frame) {
        String ours = fingerprint();
        return !ours.equalsIgnoreCase(ProbedLinkProvider.defaultMac())
                && ours.equalsIgnoreCase(frame.getSourceMAC().toString());
    }

    private String fingerprint() {
        return ProbedLinkProvider.fingerprintMac(cluster.getClusterMetadata());
    }

    private String secret() {
        ClusterMetadata metadata = cluster.getClusterMetadata();
        return metadata == null ? null : metadata.getClusterSecret();
    }
}
