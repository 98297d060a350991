package org.ilb.dataplane.fabric;

import java.util.Map;
import org.ilb.Endpoint;
import org.ilb.Ilb;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;

/**
 * Untranslated ways between servers and the prefixes configured as direct.
 *
 * <p>A direct host in the servers' own network is carried by its MAC address, once its place is known; what it sends to other
 * ports of a server is not ours. A direct host behind the router is carried by the ILBs, whatever the protocol, since it is
 * our MAC addresses that the router and the server send to. A direct host cannot use the service whose prefix it is in:
 * replies to it are never translated.
 */
final class DirectRules {

    private DirectRules() {}

    static void write(Draft draft) {
        for (Service service : draft.situation().frontEnd().services()) {
            for (Server server : service.allServers()) {
                draft.situation().server(server.endpoint()).ifPresent(place -> {
                    for (IpPrefix prefix : service.direct()) {
                        writeOwnNetwork(draft, prefix, server.endpoint(), place);
                        writeRouted(draft, prefix, server.endpoint(), place);
                    }
                });
            }
        }
    }

    private static void writeOwnNetwork(Draft draft, IpPrefix prefix, Endpoint server, Place place) {
        Situation situation = draft.situation();
        DeviceId edge = place.location().deviceId();
        draft.add(draft.rules().directToHost(edge, prefix, server));
        for (Map.Entry<IpAddress, Place> entry : situation.directHosts().entrySet()) {
            Place host = entry.getValue();
            if (!prefix.contains(entry.getKey()) || host.equals(place)) {
                continue;
            }
            DeviceId hostEdge = host.location().deviceId();
            draft.transit(edge, host, out -> situation.hasServer(new ConnectPoint(edge, out)));
            draft.transit(hostEdge, place, out -> host.location().port().equals(out));
            draft.way(edge, host.location(), host.mac(), (device, out) -> draft.rules()
                    .directToHost(device, prefix, server));
            draft.way(hostEdge, place.location(), place.mac(), (device, out) -> draft.rules()
                    .directToServer(device, prefix, server));
        }
    }

    private static void writeRouted(Draft draft, IpPrefix prefix, Endpoint server, Place place) {
        Situation situation = draft.situation();
        DeviceId edge = place.location().deviceId();
        for (Ilb ilb : situation.frontEnd().ilbs()) {
            if (ilb.uplink().isPresent()
                    && draft.reaches(ilb.device(), place.location().deviceId())) {
                draft.add(draft.rules()
                        .directFromUplink(ilb.device(), FabricMac.of(ilb), prefix, server.address(), place.mac()));
            }
        }
        ReplyRules.exit(draft, edge, server)
                .ifPresent(ilb -> draft.add(draft.rules()
                        .directByUplink(
                                edge,
                                prefix,
                                server.address(),
                                FabricMac.of(ilb),
                                situation.nextHops().get(ilb.id()).mac())));
    }
}
