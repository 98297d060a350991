package org.ilb.simulation;

import static org.ilb.simulation.Failure.unless;

import java.util.HashMap;
import java.util.Map;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.association.AssociationListener;

/** Hears of every write to the store: promise 4, what stands keeps its server for as long as it stands. */
final class OneWriter implements AssociationListener {

    private final Map<FlowKey, Association> standing = new HashMap<>();

    @Override
    public void put(Association association) {
        Association before = standing.put(association.key(), association);
        unless(
                before == null
                        || before.isSameEpoch(association) && before.server().equals(association.server()),
                "promise 4: %s was written over %s",
                association,
                before);
    }

    @Override
    public void removed(Association association) {
        standing.remove(association.key());
    }
}
