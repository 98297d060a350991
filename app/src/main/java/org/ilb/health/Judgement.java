package org.ilb.health;

import static com.google.common.base.Preconditions.checkNotNull;

import java.time.Instant;
import org.ilb.HealthCheck;
import org.ilb.HealthState;
import org.ilb.ServerHealth;

/**
 * What is concluded from the probes of one server: up after {@code rise} good ones in a row, down after {@code fall} bad ones.
 *
 * <p>Flaps are damped. A server that goes down within {@value #STEADY} probes after it had come back needs twice as many good
 * ones to come back the next time, and so on up to {@value #MOST_DOUBLINGS} doublings; when it stays up for longer, that is
 * forgotten.
 *
 * <p>Immutable and thread-safe.
 */
public final class Judgement {

    /** Who is up for so many probes is steady. */
    static final int STEADY = 30;

    /** How often the number of good probes that it takes to come back is doubled at most. */
    static final int MOST_DOUBLINGS = 5;

    private final HealthCheck check;
    private final HealthState state;
    private final Instant since;
    private final Finding last;
    /** How many findings in a row were as the last one. */
    private final int run;
    /** Probes since it came back; {@link #STEADY} if it never was away, or is steady again. */
    private final int upFor;

    private final int doublings;

    private Judgement(
            HealthCheck check, HealthState state, Instant since, Finding last, int run, int upFor, int doublings) {
        this.check = checkNotNull(check);
        this.state = state;
        this.since = since;
        this.last = last;
        this.run = run;
        this.upFor = upFor;
        this.doublings = doublings;
    }

    /**
     * Nothing is known of a server yet.
     *
     * @param check how it will be checked
     * @return a judgement that says so
     */
    public static Judgement none(HealthCheck check) {
        return new Judgement(check, HealthState.UNKNOWN, null, null, 0, STEADY, 0);
    }

    /**
     * Returns the same judgement under another check: who is up stays up until the new check says otherwise.
     *
     * @param other how the server is checked from now on
     * @return this judgement, the findings before it counting for no run any more if the check differs
     */
    public Judgement under(HealthCheck other) {
        return other.equals(check) ? this : new Judgement(other, state, since, last, 0, upFor, doublings);
    }

    /**
     * Takes what came of a probe.
     *
     * @param finding what was found
     * @param now the time of day
     * @return the judgement from now on
     */
    public Judgement after(Finding finding, Instant now) {
        int same = last != null && run > 0 && last.isGood() == finding.isGood() ? saturated(run) : 1;
        int up = state == HealthState.UP ? Math.min(STEADY, upFor + 1) : upFor;
        if (finding.isGood() && state != HealthState.UP && same >= needed()) {
            return new Judgement(
                    check, HealthState.UP, now, finding, same, state == HealthState.DOWN ? 0 : STEADY, doublings);
        }
        if (!finding.isGood() && state != HealthState.DOWN && same >= check.fall()) {
            int more = up < STEADY ? Math.min(MOST_DOUBLINGS, doublings + 1) : 0;
            return new Judgement(check, HealthState.DOWN, now, finding, same, up, more);
        }
        return new Judgement(check, state, since, finding, same, up, up == STEADY ? 0 : doublings);
    }

    private static int saturated(int count) {
        return count == Integer.MAX_VALUE ? count : count + 1;
    }

    /** How many good probes in a row it takes to be up. */
    private long needed() {
        return (long) check.rise() << doublings;
    }

    /**
     * Returns whether the server answers.
     *
     * @return unknown, up or down
     */
    public HealthState state() {
        return state;
    }

    /**
     * Returns the judgement as it is shown.
     *
     * @return state, since when, and what came of the last probe
     */
    public ServerHealth health() {
        return new ServerHealth(state, since, last == null ? null : last.reason());
    }
}
