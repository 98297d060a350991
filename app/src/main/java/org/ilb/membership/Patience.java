package org.ilb.membership;

import java.util.concurrent.TimeUnit;
import org.ilb.Settings;

/**
 * How long a hearer waits before it misses an ILB: in time, and in messages that it heard from others meanwhile.
 *
 * <p>Immutable and thread-safe.
 */
final class Patience {

    /** Links and rules take seconds after a switch has come; who was not heard for so long will not be heard any more. */
    static final long FIRST_MESSAGE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final long nanos;
    private final long firstNanos;
    private final int messages;

    private Patience(long nanos, long firstNanos, int messages) {
        this.nanos = nanos;
        this.firstNanos = firstNanos;
        this.messages = messages;
    }

    /**
     * Returns a part, or a multiple, of the configured patience.
     *
     * @param settings the period and the number of misses
     * @param halves how many halves of it
     */
    static Patience of(Settings settings, int halves) {
        int misses = settings.idMisses() * halves / 2;
        return new Patience(
                settings.idPeriod().toNanos() * settings.idMisses() * halves / 2,
                FIRST_MESSAGE_NANOS * halves / 2,
                // One less: the periods of two senders are not in step, and a message may get lost.
                Math.max(1, misses - 1));
    }

    /** How long, since the last message. */
    long nanos() {
        return nanos;
    }

    /** How long, if there was no message yet. */
    long firstNanos() {
        return firstNanos;
    }

    /** How many messages of one other ILB the hearer must have heard in this time. */
    int messages() {
        return messages;
    }
}
