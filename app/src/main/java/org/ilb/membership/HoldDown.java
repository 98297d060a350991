package org.ilb.membership;

/**
 * How long one ILB has to be alive before it is in again: no time at all the first time, longer each time that it went out
 * again soon after it had come in. Each change of the view costs transfers, and one who flaps shall not make the others work.
 *
 * <p>Times in nanoseconds of any clock that only goes forward. Not thread-safe.
 */
final class HoldDown {

    /** The longest hold-down is this many of the first. */
    private static final int LONGEST = 64;

    /** Who is in for this many first hold-downs, and for two of its last ones, has become steady. */
    private static final int STEADY = 8;

    private int flaps;
    private boolean returned;
    private long returnedAt;

    /** Takes note that the ILB came in. */
    void in(long now) {
        returned = true;
        returnedAt = now;
    }

    /** Takes note that the ILB went out. */
    void out(long first, long now) {
        boolean steady = !returned || now - returnedAt >= Math.max(STEADY * first, 2 * time(first));
        flaps = steady ? 0 : Math.min(flaps + 1, Long.SIZE);
        returned = false;
    }

    /**
     * Returns how long the ILB has to be alive now.
     *
     * @param first the first hold-down
     */
    long time(long first) {
        if (flaps == 0) {
            return 0;
        }
        int doublings = Math.min(flaps - 1, Integer.numberOfTrailingZeros(LONGEST));
        return first << doublings;
    }
}
