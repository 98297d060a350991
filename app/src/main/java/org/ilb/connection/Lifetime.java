package org.ilb.connection;

import static com.google.common.base.Preconditions.checkNotNull;

import java.time.Duration;
import org.ilb.AssociationState;
import org.ilb.Settings;

/**
 * The life of one connection, as far as switches let it be seen: copies of FINs and RSTs, and what its rules have counted
 * (claim 14: the end of a connection).
 *
 * <p>A connection is embryonic until its client answers the server; if nothing is counted for long enough it goes. It is closing
 * when both sides have sent a FIN, or one an RST, and then lingers: it ends when its rules have counted nothing for that time, so
 * that a late ACK, a retransmitted FIN or the answer to a blind RST still finds its server. A half-closed connection lives on.
 *
 * <p>Counts are samples, and late ones: a silence counts from the sample that shows it to the sample that ends it, and not by
 * the clock. All times are in nanoseconds of one monotonic clock. Not thread-safe; pure.
 */
public final class Lifetime {

    /** What has become of a connection. */
    public enum Fate {
        /** It goes on. */
        LIVES,
        /** Its client never answered the server. */
        UNANSWERED,
        /** It ended and has lingered. */
        ENDED
    }

    private static final long NEVER = Long.MIN_VALUE;

    private long bornAt;
    private AssociationState state;
    private boolean clientFinished;
    private boolean serverFinished;
    private long closingAt;
    private long countedAt = NEVER;
    private long counted;

    private Lifetime(AssociationState state, long bornAt) {
        this.state = state;
        this.bornAt = bornAt;
    }

    /**
     * The life of a new connection.
     *
     * @param now when its SYN was decided
     * @return an embryonic life
     */
    public static Lifetime embryonic(long now) {
        return new Lifetime(AssociationState.EMBRYONIC, now);
    }

    /**
     * The life of a connection that is older than what is known of it.
     *
     * @param now when it was found
     * @return an established life
     */
    public static Lifetime established(long now) {
        return new Lifetime(AssociationState.ESTABLISHED, now);
    }

    /**
     * Returns where the connection is.
     *
     * @return its state
     */
    public AssociationState state() {
        return state;
    }

    /**
     * Takes note of a SYN that came again: the client has not heard the server's answer, and gets its time anew.
     *
     * @param now when it came
     */
    public void again(long now) {
        if (state == AssociationState.EMBRYONIC) {
            bornAt = now;
        }
    }

    /** Takes note of a segment, not a SYN, that the client sent: it has answered the server. */
    public void answered() {
        if (state == AssociationState.EMBRYONIC) {
            state = AssociationState.ESTABLISHED;
        }
    }

    /**
     * Takes note of a segment that no rule counted, because it went without one: a silence begins anew.
     *
     * @param now when it came
     */
    public void uncounted(long now) {
        if (countedAt != NEVER) {
            countedAt = now;
        }
    }

    /**
     * Takes note of a FIN or an RST.
     *
     * @param ending the sign; the caller has seen that it {@linkplain Ending#belongsTo belongs} to this epoch
     * @param now when it came
     * @return true if the connection is closing now and was not before
     */
    public boolean ending(Ending ending, long now) {
        if (ending.side() == Ending.Side.CLIENT) {
            clientFinished = true;
        } else {
            serverFinished = true;
        }
        if (state == AssociationState.CLOSING || !ending.isReset() && !(clientFinished && serverFinished)) {
            return false;
        }
        state = AssociationState.CLOSING;
        closingAt = now;
        countedAt = NEVER;
        return true;
    }

    /**
     * Judges the connection by what its rules have counted.
     *
     * @param count the packets that its rules counted, all of them together
     * @param sampledAt when the switches were last asked, the oldest of the answers
     * @param settings how long the phases last
     * @return what has become of it
     */
    public Fate judge(long count, long sampledAt, Settings settings) {
        checkNotNull(settings);
        if (state == AssociationState.EMBRYONIC) {
            if (count == 0) {
                return lasts(sampledAt - bornAt, settings.embryonic()) ? Fate.UNANSWERED : Fate.LIVES;
            }
            state = AssociationState.ESTABLISHED;
        }
        if (state != AssociationState.CLOSING || sampledAt < closingAt) {
            return Fate.LIVES;
        }
        if (countedAt == NEVER || count != counted) {
            countedAt = sampledAt;
            counted = count;
            return Fate.LIVES;
        }
        return lasts(sampledAt - countedAt, settings.linger()) ? Fate.ENDED : Fate.LIVES;
    }

    private static boolean lasts(long nanos, Duration time) {
        return nanos >= time.toNanos();
    }

    /**
     * Tells when it is worth judging again.
     *
     * @param now the time
     * @param poll how often switches are asked for their counts
     * @param settings how long the phases last
     * @return a time, not before now; for an established connection {@code Long.MAX_VALUE}, as it ends by its idle rules or a
     *     sign
     */
    public long judgeAgainAt(long now, Duration poll, Settings settings) {
        switch (state) {
            case EMBRYONIC:
                return Math.max(bornAt + settings.embryonic().toNanos(), now + poll.toNanos() / 2);
            case CLOSING:
                return countedAt == NEVER
                        ? now + poll.toNanos() / 2
                        : Math.max(countedAt + settings.linger().toNanos(), now + poll.toNanos() / 2);
            case ESTABLISHED:
            default:
                return Long.MAX_VALUE;
        }
    }

    @Override
    public String toString() {
        return "a life, " + state;
    }
}
