package org.ilb.controller.openflow.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.onlab.packet.ChassisId;
import org.onlab.packet.DeserializationException;
import org.onlab.packet.Ethernet;
import org.onosproject.cluster.ClusterMetadata;
import org.onosproject.cluster.ClusterMetadataService;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DefaultDevice;
import org.onosproject.net.Device;
import org.onosproject.net.Link;
import org.onosproject.net.link.LinkDescription;
import org.onosproject.net.packet.DefaultInboundPacket;
import org.onosproject.net.packet.InboundPacket;
import org.onosproject.net.packet.OutboundPacket;
import org.onosproject.net.provider.ProviderId;

/** Probes travel as bytes, from one switch to another. */
class ProbesTest {

    private static final ConnectPoint HERE = ConnectPoint.deviceConnectPoint("of:0000000000000002/7");
    private static final ConnectPoint THERE = ConnectPoint.deviceConnectPoint("of:0000000000000001/5");

    private final Probes ours = new Probes(cluster("ours", "secret"));

    @Test
    void aProbeThatArrivesIsALink() throws DeserializationException {
        List<OutboundPacket> sent = send(ours);
        assertEquals(2, sent.size());
        assertLink(Link.Type.DIRECT, receive(sent.get(0)));
        assertLink(Link.Type.INDIRECT, receive(sent.get(1)));
    }

    @Test
    void aForgedProbeIsNoLink() throws DeserializationException {
        InboundPacket packet =
                receive(send(new Probes(cluster("ours", "another secret"))).get(0));
        assertTrue(Probes.read(packet).isPresent());
        assertFalse(ours.linkOf(Probes.read(packet).get(), packet).isPresent());
    }

    @Test
    void aProbeOfAnotherClusterIsAnEdge() throws DeserializationException {
        assertLink(
                Link.Type.EDGE,
                receive(send(new Probes(cluster("theirs", "secret"))).get(0)));
    }

    private void assertLink(Link.Type type, InboundPacket packet) {
        assertTrue(Probes.isCandidate(packet));
        LinkDescription link = ours.linkOf(Probes.read(packet).get(), packet).get();
        assertEquals(type, link.type());
        assertEquals(THERE, link.src());
        assertEquals(HERE, link.dst());
    }

    private static List<OutboundPacket> send(Probes by) {
        Device device = new DefaultDevice(
                ProviderId.NONE, THERE.deviceId(), Device.Type.SWITCH, "", "", "", "", new ChassisId(1));
        return by.of(device, THERE.port(), "eth5");
    }

    private static InboundPacket receive(OutboundPacket packet) throws DeserializationException {
        byte[] bytes = packet.data().array();
        Ethernet frame = Ethernet.deserializer().deserialize(bytes, 0, bytes.length);
        return new DefaultInboundPacket(HERE, frame, ByteBuffer.wrap(bytes));
    }

    private static ClusterMetadataService cluster(String name, String secret) {
        ClusterMetadata metadata = new ClusterMetadata(ProviderId.NONE, name, null, Set.of(), Set.of(), secret);
        ClusterMetadataService service = mock(ClusterMetadataService.class);
        when(service.getClusterMetadata()).thenReturn(metadata);
        return service;
    }
}
