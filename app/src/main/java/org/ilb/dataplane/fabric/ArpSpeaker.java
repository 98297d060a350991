package org.ilb.dataplane.fabric;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.ilb.Service;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.packet.DefaultOutboundPacket;
import org.onosproject.net.packet.PacketService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what ARP has to say, by packet-out.
 *
 * <p>A flat client that was not known yet gets its answer when the rules that lead back to it stand, not before: else its
 * first SYN would be answered into the void. A flat client whose ILB changed is told so unasked. Thread-safe.
 */
final class ArpSpeaker {

    private static final Logger log = LoggerFactory.getLogger(ArpSpeaker.class);
    private static final int MAX_WAITING = 1024;

    /** A request whose answer waits for rules. */
    static final class Waiting {
        private final ArpMessage request;
        private final ConnectPoint at;

        private Waiting(ArpMessage request, ConnectPoint at) {
            this.request = request;
            this.at = at;
        }
    }

    private final PacketService packets;
    private final BlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Map<IpAddress, MacAddress> told = new ConcurrentHashMap<>();

    ArpSpeaker(PacketService packets) {
        this.packets = packets;
    }

    /** Sends a frame out of a port. */
    void send(ByteBuffer frame, ConnectPoint port) {
        packets.emit(new DefaultOutboundPacket(
                port.deviceId(),
                DefaultTrafficTreatment.builder().setOutput(port.port()).build(),
                frame));
    }

    /**
     * Answers a request.
     *
     * @param request the request
     * @param mac what it is answered with
     * @param at the port that it came in by
     */
    void answer(ArpMessage request, MacAddress mac, ConnectPoint at) {
        log.debug("{} at {}: {}", request, at, mac);
        send(request.answer(mac).toFrame(request.senderMac()), at);
    }

    /**
     * Answers a request when the next situation's rules stand. When too many wait, the client has to ask again.
     *
     * @param request a client's request for a virtual address
     * @param at the port that it came in by
     */
    void answerLater(ArpMessage request, ConnectPoint at) {
        waiting.offer(new Waiting(request, at));
    }

    /** Takes the requests that the situation, about to be taken, will know the clients of. */
    List<Waiting> takeWaiting() {
        List<Waiting> taken = new ArrayList<>();
        waiting.drainTo(taken);
        return taken;
    }

    /**
     * Answers requests that waited, of clients for which rules stand now.
     *
     * @param situation the situation whose rules stand
     * @param ready the requests
     */
    void answer(Situation situation, List<Waiting> ready) {
        for (Waiting one : ready) {
            Place place = situation.clients().get(one.request.sender());
            if (place != null && place.location().equals(one.at)) {
                ArpPolicy.answer(situation, one.request, one.at).ifPresent(mac -> answer(one.request, mac, one.at));
            }
        }
    }

    /**
     * Tells clients whose ILB changed which MAC address the virtual addresses have for them now.
     *
     * @param situation the situation whose rules stand
     */
    void tellClients(Situation situation) {
        told.keySet().retainAll(situation.clients().keySet());
        situation.clients().forEach((client, place) -> {
            Optional<MacAddress> mac =
                    ClientRules.ilbOf(situation, client, place.location()).map(FabricMac::of);
            if (mac.isPresent()) {
                MacAddress former = told.put(client, mac.get());
                if (former != null && !former.equals(mac.get())) {
                    situation.frontEnd().services().stream()
                            .map(Service::endpoint)
                            .map(endpoint -> ArpMessage.reply(mac.get(), endpoint.address(), place.mac(), client))
                            .forEach(reply -> send(reply.toFrame(place.mac()), place.location()));
                }
            }
        });
    }
}
