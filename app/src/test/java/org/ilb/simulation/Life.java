package org.ilb.simulation;

import org.ilb.Association;
import org.ilb.connection.Lifetime;

/** One epoch of a connection, watched by its owner's node. */
final class Life {

    final Association association;
    final Lifetime lifetime;
    /** What rules had counted before this epoch began. */
    final long before;

    long punted;
    long count;
    long idleSince = Long.MAX_VALUE;

    Life(Association association, Lifetime lifetime, long before) {
        this.association = association;
        this.lifetime = lifetime;
        this.before = before;
    }
}
