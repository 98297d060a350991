package org.ilb.simulation;

import static org.ilb.simulation.Failure.unless;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ilb.Association;
import org.ilb.IlbId;
import org.ilb.connection.Balancers;
import org.ilb.connection.LoadBalancer;

/** Watches one change of one node's view: promise 2, minimal disruption. */
final class Disruption {

    private final Balancers balancers;
    private final Oracle oracle;
    private final Set<IlbId> membersBefore;
    private final Map<LoadBalancer, List<Association>> before = new LinkedHashMap<>();
    private final Map<LoadBalancer, List<Association>> cachedBefore = new LinkedHashMap<>();

    Disruption(Balancers balancers, Oracle oracle) {
        this.balancers = balancers;
        this.oracle = oracle;
        this.membersBefore = balancers.electorate().view().members();
        for (LoadBalancer ilb : balancers.all()) {
            List<Association> associations = new ArrayList<>();
            ilb.ltoc().forEach(associations::add);
            before.put(ilb, associations);
            cachedBefore.put(ilb, Audit.cached(ilb));
        }
    }

    /** Checks, after the change and before anything else, that what nobody won and nobody lost was not touched. */
    void check() {
        Set<IlbId> members = balancers.electorate().view().members();
        before.forEach((ilb, associations) -> {
            for (Association association : associations) {
                IlbId[] was = oracle.elect(membersBefore, association.key());
                IlbId[] is = oracle.elect(members, association.key());
                if (Arrays.equals(was, is)) {
                    unless(
                            ilb.ltoc().get(association.key()) == association,
                            "promise 2: %s of %s was touched, though %s and %s stay owner and backup",
                            association,
                            ilb,
                            is[0],
                            is[1]);
                }
            }
        });
        cachedBefore.forEach((ilb, associations) -> {
            for (Association association : associations) {
                IlbId[] was = oracle.elect(membersBefore, association.key());
                boolean flushed = !members.contains(was[0]) || was[1] != null && !members.contains(was[1]);
                unless(
                        (ilb.cache().peek(association.key()) == null) == flushed,
                        "claim 18: %s, owned by %s and backed up by %s, is %s the cache of %s in view %s",
                        association,
                        was[0],
                        was[1],
                        flushed ? "still in" : "no longer in",
                        ilb,
                        members);
            }
        });
    }
}
