package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.MoreObjects;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a server's health check has found.
 *
 * <p>Immutable and thread-safe.
 */
public final class ServerHealth {

    /** What is said of a server that nobody asks. */
    public static final ServerHealth UNCHECKED = new ServerHealth(HealthState.UNCHECKED, null, null);

    private final HealthState state;
    private final Instant since;
    private final String reason;

    /**
     * Creates what is said of a server.
     *
     * @param state whether it answers
     * @param since when that was found, or null if it has not been
     * @param reason the last probe's outcome in a few words such as {@code status 503}, or null if there was none
     */
    public ServerHealth(HealthState state, Instant since, String reason) {
        this.state = checkNotNull(state);
        this.since = since;
        this.reason = reason;
    }

    /**
     * Returns whether the server answers.
     *
     * @return the state
     */
    public HealthState state() {
        return state;
    }

    /**
     * Tells whether it may be given connections.
     *
     * @return false if it is down
     */
    public boolean isUsable() {
        return state != HealthState.DOWN;
    }

    /**
     * Returns when the state began.
     *
     * @return the moment, empty while nothing was found
     */
    public Optional<Instant> since() {
        return Optional.ofNullable(since);
    }

    /**
     * Returns what came of the last probe.
     *
     * @return a few words, empty while there was none
     */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(state, since, reason);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServerHealth
                && state == ((ServerHealth) other).state
                && Objects.equals(since, ((ServerHealth) other).since)
                && Objects.equals(reason, ((ServerHealth) other).reason);
    }

    @Override
    public String toString() {
        return MoreObjects.toStringHelper(this)
                .addValue(state)
                .add("since", since)
                .add("reason", reason)
                .omitNullValues()
                .toString();
    }
}
