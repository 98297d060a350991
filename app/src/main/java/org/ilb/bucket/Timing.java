package org.ilb.bucket;

import static com.google.common.base.Preconditions.checkArgument;

import java.time.Duration;
import org.ilb.Buckets;

/**
 * How long the stages of a move take, and whether the switches tell SYNs from other segments.
 *
 * <p>Immutable and thread-safe.
 */
public final class Timing {

    private final long synAfter;
    private final long pinAfter;
    private final long idle;
    private final boolean flags;

    /**
     * Creates a timing.
     *
     * @param buckets the granularity of the service, which names the times of a move
     * @param idle how long an association lives without a segment: who was silent for so long is not waited for
     * @param flags true if the switches can match TCP flags; if not, a moving bucket punts all that has no exact rule
     */
    public Timing(Buckets buckets, Duration idle, boolean flags) {
        checkArgument(!idle.isNegative(), "the idle time is %s", idle);
        this.synAfter = buckets.moveSynAfter().toNanos();
        this.pinAfter = buckets.movePinAfter().toNanos();
        this.idle = idle.toNanos();
        this.flags = flags;
    }

    long synAfter() {
        return synAfter;
    }

    long pinAfter() {
        return pinAfter;
    }

    long idle() {
        return idle;
    }

    boolean flags() {
        return flags;
    }
}
