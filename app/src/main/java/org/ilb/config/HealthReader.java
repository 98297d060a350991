package org.ilb.config;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ilb.HealthCheck;

/** Reads how a service's servers are checked, if they are. Stateless and thread-safe. */
final class HealthReader {

    static final Set<String> HEALTH =
            ImmutableSet.of("kind", "interval", "timeout", "rise", "fall", "method", "path", "status");

    static final Map<String, HealthCheck.Kind> KINDS =
            ImmutableMap.of("arp", HealthCheck.Kind.ARP, "tcp", HealthCheck.Kind.TCP, "http", HealthCheck.Kind.HTTP);

    private static final Set<String> OF_HTTP = ImmutableSet.of("method", "path", "status");

    private static final int MIN_INTERVAL_MS = 100;
    private static final int MAX_INTERVAL_MS = 3_600_000;
    private static final int INTERVAL_MS = 2000;
    private static final int TIMEOUT_MS = 1000;
    private static final int RISE = 2;
    private static final int FALL = 3;
    private static final int MAX_TIMES = 100;
    private static final int MIN_STATUS = 100;
    private static final int MAX_STATUS = 599;
    private static final int STATUS_FROM = 200;
    private static final int STATUS_TO = 399;

    private static final Pattern METHOD = Pattern.compile("GET|HEAD");
    private static final Pattern PATH = Pattern.compile("/[!-~]{0,254}");
    private static final Pattern STATUS = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

    private HealthReader() {}

    /** Returns the check of a service, empty if it has none. */
    static Optional<HealthCheck> read(Field field) {
        if (!field.isPresent()) {
            return Optional.empty();
        }
        field.object(HEALTH);
        Field kindField = field.get("kind");
        if (!kindField.isPresent()) {
            throw kindField.wrong("one of " + String.join(", ", KINDS.keySet()));
        }
        HealthCheck.Kind kind = kindField.choiceOr(HealthCheck.Kind.TCP, KINDS);
        int interval = field.get("interval").numberOr(INTERVAL_MS, MIN_INTERVAL_MS, MAX_INTERVAL_MS);
        int timeout = field.get("timeout").numberOr(Math.min(TIMEOUT_MS, interval), 1, interval);
        int rise = field.get("rise").numberOr(RISE, 1, MAX_TIMES);
        int fall = field.get("fall").numberOr(FALL, 1, MAX_TIMES);
        if (kind != HealthCheck.Kind.HTTP) {
            for (String name : OF_HTTP) {
                if (field.get(name).isPresent()) {
                    throw field.get(name).error("present, but kind is not \"http\"");
                }
            }
            return Optional.of(
                    HealthCheck.of(kind, Duration.ofMillis(interval), Duration.ofMillis(timeout), rise, fall));
        }
        Field method = field.get("method");
        Field path = field.get("path");
        int[] status = status(field.get("status"));
        return Optional.of(HealthCheck.http(
                Duration.ofMillis(interval),
                Duration.ofMillis(timeout),
                rise,
                fall,
                method.isPresent() ? method.text(METHOD, "one of GET, HEAD") : "GET",
                path.isPresent()
                        ? path.text(PATH, "a path such as \"/health\", of up to 255 characters and without spaces")
                        : "/",
                status[0],
                status[1]));
    }

    private static int[] status(Field field) {
        if (!field.isPresent()) {
            return new int[] {STATUS_FROM, STATUS_TO};
        }
        if (field.isNumber()) {
            int only = field.number(MIN_STATUS, MAX_STATUS);
            return new int[] {only, only};
        }
        String allowed = "a status such as 200 or a range such as \"200-399\"";
        Matcher matcher = STATUS.matcher(field.text(STATUS, allowed));
        if (!matcher.matches()) {
            throw field.wrong(allowed);
        }
        int from = Integer.parseInt(matcher.group(1));
        int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
        if (to < from) {
            throw field.wrong(allowed);
        }
        return new int[] {from, to};
    }
}
