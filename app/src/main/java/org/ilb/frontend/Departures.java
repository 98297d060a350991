package org.ilb.frontend;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Ilb;

/** Lets segments go on from the controller, or answers them, and counts what went. Thread-safe; returns at once. */
final class Departures {

    private final Supplier<Enrolment> enrolment;
    private final Release release;
    private final Tally tally;
    private final LongSupplier nanoTime;

    Departures(Supplier<Enrolment> enrolment, Release release, Tally tally, LongSupplier nanoTime) {
        this.enrolment = enrolment;
        this.release = release;
        this.tally = tally;
        this.nanoTime = nanoTime;
    }

    /** Releases a segment: out of the owner's switch where that relays, else out of the receiving ILB's. */
    void forward(Arrival arrival, Route route) {
        Optional<Ilb> owner = route.owner().map(id -> enrolment.get().ilb(id));
        boolean sent = owner.isPresent() && release.forward(arrival, owner.get(), route.server())
                || release.forward(arrival, route.server());
        tally.add(sent ? Count.RELEASED : Count.DROPPED_UNPLACED);
        if (sent) {
            tally.meters().released(arrival, route.server(), nanoTime.getAsLong());
        }
    }

    /** Answers a segment by a reset. */
    void reset(Arrival arrival) {
        if (release.reset(arrival)) {
            tally.add(Count.RESETS);
        }
    }
}
