package org.ilb.bucket;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.concurrent.TimeUnit;

/**
 * How many buckets beyond the bound of their service may move together, because the operator wants their server to be left and the
 * controller has little to do.
 *
 * <p>A bucket that moves is done with when none of its former connections can be alive any more, by default after an hour. Were
 * the bound all there is, half of a pool of two servers could not be drained in a morning, although nobody asks for much. So as long as
 * few connections are set up in moving buckets, more of them begin, some at a time; where many are, the bound holds, and with it
 * the service.
 *
 * <p>Immutable and thread-safe.
 */
public final class Haste {

    /** Set-ups a second that a controller does beside all else, on any hardware that we know of. */
    static final int CALM = 100;

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final int beyond;
    private final long setUps;
    private final long lookedAt;

    private Haste(int beyond, long setUps, long lookedAt) {
        this.beyond = beyond;
        this.setUps = setUps;
        this.lookedAt = lookedAt;
    }

    /**
     * Begins to look, without any haste.
     *
     * @param setUps how many connections of moving buckets have been set up, ever
     * @param now the time
     * @return nothing beyond the bound yet
     */
    public static Haste none(long setUps, long now) {
        return new Haste(0, setUps, now);
    }

    /**
     * Looks again, while buckets wait to leave their server.
     *
     * @param step how many more buckets may move if it is calm
     * @param total how many connections of moving buckets have been set up, ever
     * @param now the time
     * @return the same if it is too early to tell; more haste if it is calm, none if it is not
     */
    public Haste look(int step, long total, long now) {
        checkArgument(step > 0, "a step of %s", step);
        long passed = now - lookedAt;
        if (passed < LOOK_NANOS) {
            return this;
        }
        boolean calm = total - setUps <= CALM * passed / TimeUnit.SECONDS.toNanos(1);
        return new Haste(calm ? beyond + step : 0, total, now);
    }

    /**
     * Returns how many buckets may move beyond the bound.
     *
     * @return the number, 0 or more
     */
    public int beyond() {
        return beyond;
    }
}
