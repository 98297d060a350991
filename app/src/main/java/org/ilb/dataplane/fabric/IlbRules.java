package org.ilb.dataplane.fabric;

import java.util.List;
import org.ilb.Ilb;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;

/**
 * From each ILB to each other by its MAC address: the way of ID messages and of segments that are relayed to their owner.
 *
 * <p>An ILB that nobody reaches punts no ID messages: where no links are known, nothing shall come up.
 */
final class IlbRules {

    private IlbRules() {}

    static void write(Draft draft) {
        for (Ilb to : draft.situation().frontEnd().ilbs()) {
            boolean reached = false;
            for (Ilb from : draft.situation().frontEnd().ilbs()) {
                reached |= !from.equals(to) && writeWay(draft, from, to);
            }
            if (reached) {
                draft.add(draft.rules().idMessageHere(to.device(), FabricMac.of(to)));
                draft.add(draft.rules().fabric(to.device()));
            }
        }
    }

    private static boolean writeWay(Draft draft, Ilb from, Ilb to) {
        MacAddress mac = FabricMac.of(to);
        List<ConnectPoint> way = draft.wayTo(from.device(), to).orElse(List.of());
        for (ConnectPoint out : way) {
            draft.add(draft.rules().idMessage(out.deviceId()));
        }
        if (way.isEmpty()) {
            return false;
        }
        // A client's segment may come in by the port that leads to its owner: from the fabric, say, in flat mode.
        draft.add(draft.rules().transitBack(from.device(), mac, way.get(0).port()));
        draft.egress(from.device(), mac, way.get(0).port());
        return true;
    }
}
