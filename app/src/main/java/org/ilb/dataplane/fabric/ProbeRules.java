package org.ilb.dataplane.fabric;

import java.util.Optional;
import org.ilb.FrontEnd;
import org.ilb.HealthCheck;
import org.ilb.ReturnMode;
import org.ilb.Server;
import org.ilb.Service;
import org.onlab.packet.IpAddress;

/**
 * What servers answer to health probes comes up at their own edge switch, ahead of everything that is done with their replies.
 *
 * <p>Probes leave by the server's own port, so they need no rule.
 */
public final class ProbeRules {

    private ProbeRules() {}

    static void write(Draft draft) {
        FrontEnd frontEnd = draft.situation().frontEnd();
        for (Service service : frontEnd.services()) {
            boolean connects = service.health()
                    .filter(check -> check.kind() != HealthCheck.Kind.ARP)
                    .isPresent();
            Optional<IpAddress> prober = prober(frontEnd, service);
            if (connects && prober.isPresent()) {
                for (Server server : service.allServers()) {
                    draft.situation()
                            .server(server.endpoint())
                            .ifPresent(place -> draft.add(draft.rules()
                                    .probeAnswer(
                                            place.location().deviceId(),
                                            service.addressed(server.endpoint()),
                                            prober.get())));
                }
            }
        }
    }

    /**
     * Returns the address in whose name a service's servers are probed: one that the function answers for, and that no client can
     * have. That is the first gateway address, else the first ILB's, else the virtual address.
     *
     * @param frontEnd the configuration
     * @param service one of its services
     * @return the address; empty where only the virtual address is left and servers hold that themselves
     */
    public static Optional<IpAddress> prober(FrontEnd frontEnd, Service service) {
        return frontEnd.settings().gateways().stream()
                .findFirst()
                .or(() -> frontEnd.ilbs().stream()
                        .flatMap(ilb -> ilb.address().stream())
                        .findFirst())
                .or(() -> Optional.of(service.endpoint().address())
                        .filter(address -> service.returnMode() != ReturnMode.DSR));
    }
}
