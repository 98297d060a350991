package org.ilb.simulation;

import org.ilb.Endpoint;

/** What an ILB's tables do with the connections of one bucket, beside exact rules. */
final class Wildcard {

    /** All comes up, whatever rules there are: the bucket has no server yet, or the switch has forgotten it. */
    static final Wildcard UNBOUND = new Wildcard(false, null, true);
    /** SYNs come up, and so does what has no exact rule: a service whose connections are each on its own. */
    static final Wildcard CONNECTIONS = new Wildcard(true, null, true);

    /** Whether exact rules are looked at. */
    final boolean through;
    /** Where segments without an exact rule go; null if they come up. */
    final Endpoint fallback;

    final boolean synsUp;

    private Wildcard(boolean through, Endpoint fallback, boolean synsUp) {
        this.through = through;
        this.fallback = fallback;
        this.synsUp = synsUp;
    }

    static Wildcard direct(Endpoint server) {
        return new Wildcard(false, server, false);
    }

    static Wildcard through(Endpoint fallback, boolean synsUp) {
        return new Wildcard(true, fallback, synsUp);
    }

    @Override
    public String toString() {
        return (through ? "exact rules, else " : "")
                + (fallback == null ? "punt" : fallback)
                + (synsUp ? ", SYNs up" : "");
    }
}
