package org.ilb.dataplane.fabric;

import java.util.stream.Stream;
import org.ilb.Ilb;
import org.ilb.Service;
import org.ilb.Uplink;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.IpAddress;
import org.onosproject.net.ConnectPoint;

/**
 * Answers to ARP by the switches, for hosts that are known: the same that {@link ArpPolicy} would say to them.
 *
 * <p>Servers that ask for a gateway address, in any case. Routers that ask for an ILB's address or a virtual one, if any
 * service has buckets: its connections need no controller, so neither shall the router. Without buckets an ILB that lost its
 * controller serves no new connections, and the router finds out by asking and getting no answer. An ILB that is out has
 * no such rule. In flat mode clients are told of virtual addresses by the controller.
 */
final class ArpRules {

    private ArpRules() {}

    static void write(Draft draft) {
        Situation situation = draft.situation();
        situation.servers().forEach((server, place) -> writeGateways(draft, server, place));
        if (situation.frontEnd().services().stream()
                .anyMatch(service -> service.buckets().isPresent())) {
            for (Ilb ilb : situation.frontEnd().ilbs()) {
                NextHop hop = situation.nextHops().get(ilb.id());
                if (hop != null && ilb.uplink().isPresent() && !situation.isOut(ilb.id())) {
                    writeUplink(draft, ilb, ilb.uplink().get(), hop);
                }
            }
        }
    }

    private static void writeGateways(Draft draft, IpAddress server, Place place) {
        Situation situation = draft.situation();
        if (situation.uplinks().contains(place.location())) {
            return;
        }
        for (IpAddress gateway : situation.frontEnd().settings().gateways()) {
            draft.add(draft.rules().answerArp(place.location(), place.mac(), server, gateway, FabricMac.of(gateway)));
        }
    }

    private static void writeUplink(Draft draft, Ilb ilb, Uplink uplink, NextHop hop) {
        ConnectPoint port = new ConnectPoint(ilb.device(), uplink.port());
        Stream<IpAddress> virtual = draft.situation().frontEnd().services().stream()
                .map(Service::endpoint)
                .map(end -> end.address());
        Stream.concat(ilb.address().stream(), virtual)
                .distinct()
                .forEach(target -> draft.add(
                        draft.rules().answerArp(port, hop.mac(), uplink.nextHop(), target, FabricMac.of(ilb))));
    }
}
