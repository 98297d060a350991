package org.ilb.frontend;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.Ilb;
import org.ilb.Service;
import org.ilb.dataplane.fabric.Fabric;
import org.ilb.dataplane.fabric.Place;
import org.ilb.dataplane.packet.IcmpError;
import org.ilb.dataplane.packet.Reset;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.MacAddress;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.packet.DefaultOutboundPacket;
import org.onosproject.net.packet.PacketService;

/**
 * Sends segments out of a switch, as its rules would have done.
 *
 * <p>They go out of a port, rewritten here: a packet-out executes nothing but OUTPUT, and through the tables a SYN would be
 * punted again. Thread-safe; returns at once.
 */
final class Release {

    private final PacketService packets;
    private final Fabric fabric;
    private final Pace resets = new Pace(Tuning.RESETS_PER_SECOND_DEFAULT, System.nanoTime());

    Release(PacketService packets, Fabric fabric) {
        this.packets = packets;
        this.fabric = fabric;
    }

    /**
     * Sends a segment on to its server.
     *
     * @return false if the way there is not known
     */
    boolean forward(Arrival arrival, Endpoint server) {
        Optional<MacAddress> mac = fabric.serverPlace(server).map(Place::mac);
        Optional<PortNumber> port =
                mac.flatMap(to -> fabric.egress(arrival.ilb().device(), to, arrival.ingress()));
        port.ifPresent(out -> emit(arrival, out, addressed(arrival, arrival.ilb(), mac.get(), server)));
        return port.isPresent();
    }

    /**
     * Sends a segment on to its server out of the switch of another ILB, the one that it was handed to.
     *
     * @return false if the way there is not known
     */
    boolean forward(Arrival arrival, Ilb from, Endpoint server) {
        Optional<MacAddress> mac = fabric.serverPlace(server).map(Place::mac);
        Optional<PortNumber> port = mac.flatMap(to -> fabric.egress(from.device(), to, PortNumber.ANY));
        port.ifPresent(out -> packets.emit(new DefaultOutboundPacket(
                from.device(),
                DefaultTrafficTreatment.builder().setOutput(out).build(),
                addressed(arrival, from, mac.get(), server))));
        return port.isPresent();
    }

    /**
     * Sends an ICMP error on to the server that it concerns.
     *
     * @return false if the way there is not known
     */
    boolean forward(IcmpError error, Ilb from, PortNumber ingress, Service service, Endpoint server) {
        Optional<MacAddress> mac = fabric.serverPlace(server).map(Place::mac);
        Optional<PortNumber> port = mac.flatMap(to -> fabric.egress(from.device(), to, ingress));
        port.ifPresent(out ->
                emit(from, ingress, out, error.rewritten(FabricMac.of(from), mac.get(), service.addressed(server))));
        return port.isPresent();
    }

    /** Sends a frame back to where another came from. */
    void back(Ilb ilb, PortNumber ingress, ByteBuffer frame) {
        emit(ilb, ingress, PortNumber.IN_PORT, frame);
    }

    private static ByteBuffer addressed(Arrival arrival, Ilb from, MacAddress mac, Endpoint server) {
        return arrival.segment()
                .rewritten(FabricMac.of(from), mac, arrival.service().addressed(server));
    }

    /** Sets how many resets may be sent each second. */
    void pace(int resetsPerSecond) {
        resets.perSecond(resetsPerSecond);
    }

    /**
     * Answers a segment by a reset, back to where it came from.
     *
     * @return false if it is a reset itself, which is never answered, or if too many were sent of late
     */
    boolean reset(Arrival arrival) {
        if (!resets.take(System.nanoTime())) {
            return false;
        }
        Optional<ByteBuffer> frame = Reset.answering(arrival.segment());
        frame.ifPresent(answer -> emit(arrival, PortNumber.IN_PORT, answer));
        return frame.isPresent();
    }

    private void emit(Arrival arrival, PortNumber out, ByteBuffer frame) {
        emit(arrival.ilb(), arrival.ingress(), out, frame);
    }

    private void emit(Ilb from, PortNumber ingress, PortNumber out, ByteBuffer frame) {
        packets.emit(new DefaultOutboundPacket(
                from.device(), DefaultTrafficTreatment.builder().setOutput(out).build(), frame, ingress));
    }
}
