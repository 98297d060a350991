package org.ilb.dataplane.fabric;

import java.util.LinkedHashSet;
import java.util.Set;
import org.ilb.Ilb;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.IpAddress;

/**
 * From the ILBs to the servers: classification and punts of each service at each ILB that reaches a server of it, and the
 * transit from each ILB to each server.
 *
 * <p>An ILB that reaches neither a server nor another ILB, because no link is known yet, classifies nothing: a segment that was
 * punted before ONOS knows which ports are links would make it believe that the client lives on a link. A service none of whose
 * servers was found is classified all the same, so that who asks for it is counted, and refused once its checks say that nobody is
 * there.
 */
final class ServerRules {

    private ServerRules() {}

    static void write(Draft draft) {
        Situation situation = draft.situation();
        for (Ilb ilb : situation.frontEnd().ilbs()) {
            Set<Place> reached = new LinkedHashSet<>();
            for (Place server : situation.serverPlaces()) {
                // By any port: a router, a client or the fabric may be there.
                draft.transit(ilb.device(), server, port -> true).ifPresent(out -> {
                    draft.egress(ilb.device(), server.mac(), out);
                    reached.add(server);
                });
            }
            boolean linked = !reached.isEmpty() || reachesAnother(draft, ilb);
            for (Service service : situation.frontEnd().services()) {
                if (servesBy(service, reached, situation) || linked && isNowhere(service, situation)) {
                    draft.add(draft.rules().classify(ilb.device(), FabricMac.of(ilb), service.endpoint()));
                    IpAddress address = service.endpoint().address();
                    draft.add(draft.rules().icmp(ilb.device(), FabricMac.of(ilb), address));
                    draft.add(draft.rules().fragments(ilb.device(), FabricMac.of(ilb), address));
                    draft.add(draft.rules().punt(ilb.device(), service.endpoint()));
                    draft.add(draft.rules().puntRelayed(ilb.device(), service.endpoint()));
                    if (service.buckets().isEmpty()) {
                        draft.addSynPunt(ilb.device(), FlagRule.clientSyn(FabricMac.of(ilb), service.endpoint()));
                        draft.addEndCopy(ilb.device(), FlagRule.clientEnd(FabricMac.of(ilb), service.endpoint()));
                    }
                }
            }
        }
    }

    private static boolean reachesAnother(Draft draft, Ilb ilb) {
        return draft.situation().frontEnd().ilbs().stream()
                .anyMatch(other -> !other.equals(ilb) && draft.reaches(ilb.device(), other.device()));
    }

    /** Whether no server of a service has been found. */
    private static boolean isNowhere(Service service, Situation situation) {
        return service.allServers().stream()
                .map(Server::endpoint)
                .noneMatch(server -> situation.server(server).isPresent());
    }

    private static boolean servesBy(Service service, Set<Place> reached, Situation situation) {
        return service.allServers().stream()
                .map(Server::endpoint)
                .anyMatch(server ->
                        situation.server(server).filter(reached::contains).isPresent());
    }
}
