package org.ilb.cli;

import com.google.common.collect.ImmutableMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A deadline as people write it: a time from now, or a moment. Stateless and thread-safe. */
final class Deadline {

    private static final Pattern FROM_NOW = Pattern.compile("([1-9][0-9]{0,8})([smhd])");
    private static final Map<String, ChronoUnit> UNITS = ImmutableMap.of(
            "s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS, "d", ChronoUnit.DAYS);

    private Deadline() {}

    /**
     * Reads a deadline.
     *
     * @param text for example {@code 90s}, {@code 10m} or {@code 2030-01-31T18:00:00Z}
     * @param now the moment it is
     * @return the deadline, to the second
     * @throws IllegalArgumentException with a sentence if it is none, or over
     */
    static Instant parse(String text, Instant now) {
        Matcher matcher = FROM_NOW.matcher(text);
        Instant deadline;
        try {
            deadline = matcher.matches()
                    ? now.plus(Long.parseLong(matcher.group(1)), UNITS.get(matcher.group(2)))
                            .truncatedTo(ChronoUnit.SECONDS)
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither a time from now such as 90s, 10m, 2h or 1d "
                            + "nor a moment such as 2030-01-31T18:00:00Z",
                    e);
        }
        if (deadline.isBefore(now.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException(text + " is over; ilb-server-disable ends connections at once");
        }
        return deadline;
    }
}
