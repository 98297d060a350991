package org.ilb.simulation;

import org.ilb.IlbId;

/** A segment that an ILB punted, at the node that is the ILB's master. */
final class Arrival {

    final Segment segment;
    final IlbId ilb;
    final Controller node;

    Arrival(Segment segment, IlbId ilb, Controller node) {
        this.segment = segment;
        this.ilb = ilb;
        this.node = node;
    }
}
