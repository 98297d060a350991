package org.ilb.health;

import static com.google.common.base.Preconditions.checkNotNull;

/**
 * What came of one probe.
 *
 * <p>Immutable and thread-safe.
 */
public final class Finding {

    private final boolean good;
    private final String reason;

    private Finding(boolean good, String reason) {
        this.good = good;
        this.reason = checkNotNull(reason);
    }

    /**
     * The server answered as it should.
     *
     * @param reason how, in a few words
     * @return the finding
     */
    public static Finding good(String reason) {
        return new Finding(true, reason);
    }

    /**
     * The server did not answer, or not as it should.
     *
     * @param reason what was wrong, in a few words
     * @return the finding
     */
    public static Finding bad(String reason) {
        return new Finding(false, reason);
    }

    /**
     * Tells whether this speaks for the server.
     *
     * @return true if it answered as it should
     */
    public boolean isGood() {
        return good;
    }

    /**
     * Returns what happened.
     *
     * @return a few words such as {@code status 503}
     */
    public String reason() {
        return reason;
    }

    @Override
    public String toString() {
        return (good ? "good: " : "bad: ") + reason;
    }
}
