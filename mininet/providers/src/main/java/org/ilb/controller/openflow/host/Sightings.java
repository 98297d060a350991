package org.ilb.controller.openflow.host;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import org.onlab.packet.ARP;
import org.onlab.packet.EthType;
import org.onlab.packet.Ethernet;
import org.onlab.packet.ICMP6;
import org.onlab.packet.IPacket;
import org.onlab.packet.IPv6;
import org.onlab.packet.Ip6Address;
import org.onlab.packet.IpAddress;
import org.onlab.packet.VlanId;
import org.onlab.packet.ipv6.IExtensionHeader;
import org.onlab.packet.ndp.NeighborAdvertisement;
import org.onlab.packet.ndp.NeighborSolicitation;
import org.onlab.packet.ndp.RouterAdvertisement;
import org.onlab.packet.ndp.RouterSolicitation;
import org.onosproject.net.HostLocation;
import org.onosproject.net.host.DefaultHostDescription;
import org.onosproject.net.host.HostDescription;

/** What a frame tells about the host that sent it. Stateless. */
final class Sightings {

    private Sightings() {}

    /**
     * Reads a frame.
     *
     * @param frame a frame
     * @param location where it came in
     * @return what is known of its sender; empty if it tells nothing, several if it tells of several addresses
     */
    static List<HostDescription> of(Ethernet frame, HostLocation location) {
        if (frame.getSourceMAC().isBroadcast() || frame.getSourceMAC().isMulticast()) {
            return ImmutableList.of();
        }
        short type = frame.getEtherType();
        if (type == Ethernet.TYPE_ARP) {
            byte[] sender = ((ARP) frame.getPayload()).getSenderProtocolAddress();
            return ImmutableList.of(sighting(frame, location, IpAddress.valueOf(IpAddress.Version.INET, sender)));
        }
        if (type == Ethernet.TYPE_IPV4) {
            return ImmutableList.of(sighting(frame, location));
        }
        return type == Ethernet.TYPE_IPV6 ? ipv6(frame, location) : ImmutableList.of();
    }

    private static List<HostDescription> ipv6(Ethernet frame, HostLocation location) {
        IPv6 packet = (IPv6) frame.getPayload();
        IpAddress source = IpAddress.valueOf(IpAddress.Version.INET6, packet.getSourceAddress());
        IPacket message = neighbourDiscovery(packet);
        if (message == null) {
            return frame.isMulticast() ? ImmutableList.of() : ImmutableList.of(sighting(frame, location));
        }
        if (source.isZero()) {
            return ImmutableList.of(); // the sender does not have its address yet (RFC 4862, 5.4)
        }
        if (message instanceof NeighborAdvertisement) {
            byte[] target = ((NeighborAdvertisement) message).getTargetAddress();
            return ImmutableList.of(
                    sighting(frame, location, source), sighting(frame, location, Ip6Address.valueOf(target)));
        }
        return ImmutableList.of(sighting(frame, location, source));
    }

    /** The solicitation or advertisement in a packet, behind its extension headers, or null. */
    private static IPacket neighbourDiscovery(IPv6 packet) {
        IPacket header = packet;
        while (header.getPayload() instanceof IExtensionHeader) {
            header = header.getPayload();
        }
        if (!(header.getPayload() instanceof ICMP6)) {
            return null;
        }
        IPacket message = header.getPayload().getPayload();
        boolean discovery = message instanceof NeighborSolicitation
                || message instanceof NeighborAdvertisement
                || message instanceof RouterSolicitation
                || message instanceof RouterAdvertisement;
        return discovery ? message : null;
    }

    private static HostDescription sighting(Ethernet frame, HostLocation location, IpAddress... addresses) {
        VlanId vlan = VlanId.vlanId(frame.getVlanID());
        VlanId outer = VlanId.vlanId(frame.getQinQVID());
        VlanId inner = VlanId.NONE;
        EthType outerType = EthType.EtherType.UNKNOWN.ethType();
        if (outer.toShort() != Ethernet.VLAN_UNTAGGED) {
            inner = vlan;
            vlan = outer;
            outerType = EthType.EtherType.lookup(frame.getQinQTPID()).ethType();
        }
        Set<IpAddress> usable = ImmutableList.copyOf(addresses).stream()
                .filter(a -> !a.isZero() && !a.isSelfAssigned())
                .collect(ImmutableSet.toImmutableSet());
        return new DefaultHostDescription(
                frame.getSourceMAC(), vlan, ImmutableSet.of(location), usable, inner, outerType, false);
    }
}
