package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import java.time.Instant;

/**
 * A view and when it came into force.
 *
 * <p>Immutable and thread-safe.
 */
public final class ViewPeriod {

    private final View view;
    private final Instant since;

    /**
     * Creates a period.
     *
     * @param view the view
     * @param since when it came into force, by the clock of the node that says so
     */
    public ViewPeriod(View view, Instant since) {
        this.view = checkNotNull(view);
        this.since = checkNotNull(since);
    }

    /**
     * Returns the view.
     *
     * @return its number and members
     */
    public View view() {
        return view;
    }

    /**
     * Returns when it came into force; it ended when the next one did.
     *
     * @return a time of the wall clock
     */
    public Instant since() {
        return since;
    }
}
