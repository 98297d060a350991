package org.ilb.controller.openflow.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.onlab.packet.ARP;
import org.onlab.packet.Ethernet;
import org.onlab.packet.ICMP6;
import org.onlab.packet.IPv4;
import org.onlab.packet.IPv6;
import org.onlab.packet.Ip4Address;
import org.onlab.packet.Ip6Address;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onlab.packet.ndp.NeighborAdvertisement;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.HostLocation;
import org.onosproject.net.host.HostDescription;

class SightingsTest {

    private static final MacAddress MAC = MacAddress.valueOf("02:00:00:00:00:01");
    private static final HostLocation PORT =
            new HostLocation(ConnectPoint.deviceConnectPoint("of:0000000000000001/3"), 1);

    @Test
    void arpTellsPlaceAndAddress() {
        assertEquals(Set.of(IpAddress.valueOf("10.0.0.1")), addresses(Sightings.of(arp("10.0.0.1"), PORT)));
    }

    @Test
    void anArpProbeTellsThePlaceAlone() {
        List<HostDescription> seen = Sightings.of(arp("0.0.0.0"), PORT);
        assertEquals(1, seen.size());
        assertTrue(addresses(seen).isEmpty());
    }

    @Test
    void ipv4TellsThePlaceAlone() {
        List<HostDescription> seen = Sightings.of(frame(Ethernet.TYPE_IPV4, new IPv4()), PORT);
        assertEquals(MAC, seen.get(0).hwAddress());
        assertEquals(PORT, seen.get(0).location());
        assertTrue(addresses(seen).isEmpty());
    }

    @Test
    void aNeighbourAdvertisementTellsSourceAndTarget() {
        NeighborAdvertisement message = new NeighborAdvertisement();
        message.setTargetAddress(Ip6Address.valueOf("2001:db8::2").toOctets());
        assertEquals(
                Set.of(IpAddress.valueOf("2001:db8::1"), IpAddress.valueOf("2001:db8::2")),
                addresses(Sightings.of(frame(Ethernet.TYPE_IPV6, icmp6("2001:db8::1", message)), PORT)));
    }

    @Test
    void duplicateAddressDetectionTellsNothing() {
        Ethernet frame = frame(Ethernet.TYPE_IPV6, icmp6("::", new NeighborAdvertisement()));
        assertTrue(Sightings.of(frame, PORT).isEmpty());
    }

    @Test
    void groupSourcesAndOtherTypesTellNothing() {
        Ethernet broadcast = arp("10.0.0.1");
        broadcast.setSourceMACAddress(MacAddress.BROADCAST);
        assertTrue(Sightings.of(broadcast, PORT).isEmpty());
        assertTrue(Sightings.of(frame((short) 0x88b5, null), PORT).isEmpty());
    }

    private static Set<IpAddress> addresses(List<HostDescription> seen) {
        return seen.stream().flatMap(s -> s.ipAddress().stream()).collect(Collectors.toSet());
    }

    private static Ethernet arp(String sender) {
        ARP arp = new ARP();
        arp.setSenderProtocolAddress(Ip4Address.valueOf(sender).toOctets());
        return frame(Ethernet.TYPE_ARP, arp);
    }

    private static IPv6 icmp6(String source, NeighborAdvertisement message) {
        ICMP6 icmp = new ICMP6();
        icmp.setPayload(message);
        IPv6 packet = new IPv6();
        packet.setSourceAddress(Ip6Address.valueOf(source).toOctets());
        packet.setPayload(icmp);
        return packet;
    }

    private static Ethernet frame(short type, org.onlab.packet.IPacket payload) {
        Ethernet frame = new Ethernet();
        frame.setEtherType(type)
                .setSourceMACAddress(MAC)
                .setDestinationMACAddress(MacAddress.valueOf("02:00:00:00:00:02"))
                .setPayload(payload);
        return frame;
    }
}
