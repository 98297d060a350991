package org.ilb.ui;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbService;
import org.ilb.IlbStatus;
import org.onosproject.net.DeviceId;
import org.onosproject.ui.topo.NodeBadge;

/** The badges of the ILBs' switches. Stateless and thread-safe. */
final class OwnershipBadges {

    private static final int PERCENT = 100;

    private OwnershipBadges() {}

    /**
     * Makes a badge for each ILB.
     *
     * @param service whom to ask
     * @return the badges by switch, none before the first configuration
     */
    static Map<DeviceId, NodeBadge> of(IlbService service) {
        Map<Ilb, IlbStatus> statuses = new LinkedHashMap<>();
        for (Ilb ilb : service.frontEnd().map(FrontEnd::ilbs).orElse(List.of())) {
            try {
                statuses.put(ilb, service.status(ilb.id()));
            } catch (IllegalArgumentException e) {
                // The configuration changed meanwhile, and it is an ILB no more.
                continue;
            }
        }
        long all = statuses.values().stream().mapToLong(IlbStatus::owned).sum();
        Map<DeviceId, NodeBadge> badges = new LinkedHashMap<>();
        statuses.forEach((ilb, status) -> badges.put(ilb.device(), badge(ilb, status, all)));
        return badges;
    }

    private static NodeBadge badge(Ilb ilb, IlbStatus status, long all) {
        String counts = "owns " + status.owned() + " of " + all + " associations, backs up " + status.backedUp();
        if (status.absence().isPresent()) {
            return NodeBadge.text(
                    NodeBadge.Status.ERROR,
                    "out",
                    counts + "; " + status.absence().get().label());
        }
        String share = share(status.owned(), all);
        return ilb.draining()
                ? NodeBadge.text(NodeBadge.Status.WARN, share, counts + "; drained")
                : NodeBadge.text(NodeBadge.Status.INFO, share, counts);
    }

    /** Three characters fit: all of it is 100, without the sign. */
    static String share(int owned, long all) {
        long percent = all == 0 ? 0 : Math.round((double) PERCENT * owned / all);
        return percent == PERCENT ? "100" : percent + "%";
    }
}
