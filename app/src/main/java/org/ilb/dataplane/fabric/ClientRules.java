package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ilb.Ilb;
import org.ilb.Service;
import org.onlab.packet.IpAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;

/**
 * Flat mode: from the servers' edges to each client by its MAC address, and from a client whose edge switch is no ILB to
 * the ILB that it was told of.
 */
final class ClientRules {

    private ClientRules() {}

    static void write(Draft draft) {
        Situation situation = draft.situation();
        for (Map.Entry<IpAddress, Place> client : situation.clients().entrySet()) {
            Place place = client.getValue();
            for (DeviceId edge : situation.serverEdges()) {
                draft.transit(edge, place, out -> situation.hasServer(new ConnectPoint(edge, out)));
            }
            DeviceId edge = place.location().deviceId();
            if (situation.ilb(edge).isEmpty()) {
                ilbOf(situation, client.getKey(), place.location()).ifPresent(ilb -> writeSteering(draft, edge, ilb));
            }
        }
    }

    private static void writeSteering(Draft draft, DeviceId edge, Ilb ilb) {
        for (ConnectPoint out : draft.wayTo(edge, ilb).orElse(ImmutableList.of())) {
            for (Service service : draft.situation().frontEnd().services()) {
                draft.add(draft.rules().steer(out.deviceId(), service.endpoint()));
                draft.add(draft.rules()
                        .steerIcmp(out.deviceId(), service.endpoint().address()));
            }
        }
    }

    /**
     * Returns the ILB that a client is told of: its own edge switch, else one that is connected, in its reach and, as far as
     * there is one, not out, by rendezvous.
     *
     * @param situation what is known
     * @param client the client's address
     * @param location where it is
     * @return the ILB, empty if there is none
     */
    static Optional<Ilb> ilbOf(Situation situation, IpAddress client, ConnectPoint location) {
        Optional<Ilb> own = situation.ilb(location.deviceId());
        if (own.isPresent()) {
            return own;
        }
        List<Ilb> candidates = situation.frontEnd().ilbs().stream()
                .filter(ilb -> situation.available().contains(ilb.device())
                        && situation
                                .wiring()
                                .way(location.deviceId(), ilb.device(), "")
                                .isPresent())
                .collect(ImmutableList.toImmutableList());
        List<Ilb> in =
                candidates.stream().filter(ilb -> !situation.isOut(ilb.id())).collect(ImmutableList.toImmutableList());
        return Rendezvous.pick(client, in.isEmpty() ? candidates : in, Ilb::id);
    }
}
