package org.ilb.frontend;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.Ilb;
import org.ilb.Service;
import org.ilb.connection.Ending;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.packet.Segment;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Rules;
import org.onlab.packet.Ethernet;
import org.onlab.packet.IPv4;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.PortNumber;
import org.onosproject.net.packet.InboundPacket;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketProcessor;

/**
 * Sorts out of all packets that switches punt those that are ours: ARP, segments that a client or the router sent to an
 * ILB, copies of segments that end connections, ICMP messages to virtual addresses, and ID messages. It blocks exactly these, so that no other application
 * floods them.
 *
 * <p>Runs on the switches' dispatcher thread: it reads, sorts and hands over, nothing else. Thread-safe.
 */
final class Ingress implements PacketProcessor {

    private final Consumer<PacketContext> arp;
    private final Supplier<Enrolment> enrolment;
    private final Consumer<Arrival> arrivals;
    private final Consumer<Ending> endings;
    private final Sightings sightings;
    private final BiConsumer<Ilb, byte[]> idMessages;
    private final Predicate<InboundPacket> probeAnswers;
    private final IcmpMessages icmp;

    /** Takes ICMP messages to virtual addresses. */
    interface IcmpMessages {
        /**
         * Takes a message.
         *
         * @param ilb the ILB that it was sent to
         * @param ingress the port that it came in by
         * @param frame the whole frame
         */
        void accept(Ilb ilb, PortNumber ingress, ByteBuffer frame);
    }

    /** Takes note of where clients are. */
    interface Sightings {
        /**
         * Takes note of a client.
         *
         * @param at the port that its segment came in by
         * @param mac the segment's source MAC address
         * @param client the client's address
         */
        void seen(ConnectPoint at, MacAddress mac, IpAddress client);
    }

    /**
     * Creates the processor.
     *
     * @param arp answers or learns from ARP packets, and blocks those that are ours
     * @param enrolment the services and ILBs in force
     * @param arrivals takes segments of services; must return at once
     * @param endings takes signs of connections' ends; must return at once
     * @param sightings takes note of these segments' senders; must return at once
     * @param idMessages takes what an ILB heard, the payload of a frame; must return at once
     * @param probeAnswers takes what servers answer to health probes, and says whether it was that; must return at once
     * @param icmp takes ICMP messages; must return at once
     */
    Ingress(
            Consumer<PacketContext> arp,
            Supplier<Enrolment> enrolment,
            Consumer<Arrival> arrivals,
            Consumer<Ending> endings,
            Sightings sightings,
            BiConsumer<Ilb, byte[]> idMessages,
            Predicate<InboundPacket> probeAnswers,
            IcmpMessages icmp) {
        this.arp = arp;
        this.enrolment = enrolment;
        this.arrivals = arrivals;
        this.endings = endings;
        this.sightings = sightings;
        this.idMessages = idMessages;
        this.probeAnswers = probeAnswers;
        this.icmp = icmp;
    }

    @Override
    public void process(PacketContext context) {
        InboundPacket packet = context.inPacket();
        if (context.isHandled()) {
            return;
        }
        Optional<FlagRule.Kind> copied = CopiedEnd.kind(packet);
        if (copied.isPresent()) {
            // The segment itself is on its way; and what is cut short may not be readable to ONOS.
            context.block();
            CopiedEnd.read(copied.get(), packet.unparsed(), enrolment.get()).ifPresent(endings);
            return;
        }
        if (probeAnswers.test(packet)) {
            context.block();
            return;
        }
        Ethernet frame = packet.parsed();
        if (frame == null) {
            return;
        }
        if (frame.getEtherType() == Ethernet.TYPE_ARP) {
            arp.accept(context);
        } else if (frame.getEtherType() == Rules.ID_MESSAGE.toShort() && FabricMac.isOurs(frame.getDestinationMAC())) {
            context.block();
            hear(packet, frame);
        } else if (frame.getEtherType() == Ethernet.TYPE_IPV4 && FabricMac.isOurs(frame.getDestinationMAC())) {
            context.block();
            arrival(packet, frame).ifPresent(arrivals);
        }
    }

    private void hear(InboundPacket packet, Ethernet frame) {
        Ilb ilb = enrolment.get().ilb(packet.receivedFrom().deviceId());
        if (ilb != null && FabricMac.of(ilb).equals(frame.getDestinationMAC())) {
            idMessages.accept(ilb, frame.getPayload().serialize());
        }
    }

    private static boolean isIcmp(Ethernet frame) {
        return frame.getPayload() instanceof IPv4 && ((IPv4) frame.getPayload()).getProtocol() == IPv4.PROTOCOL_ICMP;
    }

    private Optional<Arrival> arrival(InboundPacket packet, Ethernet frame) {
        Enrolment now = enrolment.get();
        Ilb ilb = now.ilb(packet.receivedFrom().deviceId());
        // A frame for another ILB only came up because no rule leads there yet.
        if (ilb == null || !FabricMac.of(ilb).equals(frame.getDestinationMAC())) {
            return Optional.empty();
        }
        if (isIcmp(frame)) {
            icmp.accept(ilb, packet.receivedFrom().port(), packet.unparsed());
            return Optional.empty();
        }
        return Segment.parse(packet.unparsed()).flatMap(segment -> {
            Service service = now.service(segment.key());
            if (service == null) {
                return Optional.empty();
            }
            sightings.seen(
                    packet.receivedFrom(),
                    frame.getSourceMAC(),
                    segment.key().source().address());
            return Optional.of(new Arrival(ilb, packet.receivedFrom().port(), service, segment));
        });
    }
}
