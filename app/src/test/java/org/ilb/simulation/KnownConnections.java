package org.ilb.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.connection.Balancers;
import org.ilb.connection.LoadBalancer;

/** What a node knows of connections: what its ILBs have in their tables, and what is being created. */
final class KnownConnections {

    private final Balancers balancers;
    final Map<FlowKey, Creation> creations = new LinkedHashMap<>();

    KnownConnections(Balancers balancers) {
        this.balancers = balancers;
    }

    /** What any ILB of the node knows of a connection. */
    Optional<Association> association(FlowKey key) {
        return balancers.all().stream()
                .map(ilb -> ilb.known(key))
                .filter(known -> known != null)
                .findFirst();
    }

    /** The connections that have associations of their own. */
    List<Association> all() {
        List<Association> owned = new ArrayList<>();
        for (LoadBalancer ilb : balancers.all()) {
            ilb.ltoc().forEach(association -> {
                if (association.owner().equals(ilb.id()) && !association.key().isBucket()) {
                    owned.add(association);
                }
            });
        }
        return owned;
    }

    boolean isBeingCreated(FlowKey key) {
        return creations.containsKey(key);
    }
}
