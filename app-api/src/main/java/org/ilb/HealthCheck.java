package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.MoreObjects;
import java.time.Duration;
import java.util.Objects;

/**
 * How the servers of a service are asked whether they serve.
 *
 * <p>Immutable and thread-safe.
 */
public final class HealthCheck {

    /** What is asked. */
    public enum Kind {
        /** Whether the server's address resolves (RFC 826). */
        ARP,
        /** Whether the server accepts a TCP connection (RFC 9293). */
        TCP,
        /** Whether the server gives an HTTP request the expected status (RFC 9110). */
        HTTP
    }

    private final Kind kind;
    private final Duration interval;
    private final Duration timeout;
    private final int rise;
    private final int fall;
    private final String method;
    private final String path;
    private final int statusFrom;
    private final int statusTo;

    private HealthCheck(
            Kind kind,
            Duration interval,
            Duration timeout,
            int rise,
            int fall,
            String method,
            String path,
            int statusFrom,
            int statusTo) {
        checkArgument(!interval.isNegative() && !interval.isZero(), "interval %s is not positive", interval);
        checkArgument(
                !timeout.isNegative() && !timeout.isZero() && timeout.compareTo(interval) <= 0,
                "timeout %s is not positive, or longer than the interval %s",
                timeout,
                interval);
        checkArgument(rise > 0, "rise %s is not positive", rise);
        checkArgument(fall > 0, "fall %s is not positive", fall);
        this.kind = checkNotNull(kind);
        this.interval = interval;
        this.timeout = timeout;
        this.rise = rise;
        this.fall = fall;
        this.method = checkNotNull(method);
        this.path = checkNotNull(path);
        this.statusFrom = statusFrom;
        this.statusTo = statusTo;
    }

    /**
     * Creates a check that asks nothing over HTTP.
     *
     * @param kind {@link Kind#ARP} or {@link Kind#TCP}
     * @param interval from one probe of a server to the next
     * @param timeout after which an answer is late, at most the interval
     * @param rise after how many good probes in a row a server is up
     * @param fall after how many bad probes in a row a server is down
     * @return the check
     */
    public static HealthCheck of(Kind kind, Duration interval, Duration timeout, int rise, int fall) {
        checkArgument(kind != Kind.HTTP, "an HTTP check needs its request");
        return new HealthCheck(kind, interval, timeout, rise, fall, "", "", 0, 0);
    }

    /**
     * Creates a check by HTTP.
     *
     * @param interval from one probe of a server to the next
     * @param timeout after which an answer is late, at most the interval
     * @param rise after how many good probes in a row a server is up
     * @param fall after how many bad probes in a row a server is down
     * @param method the request's method
     * @param path the request's target
     * @param statusFrom the least status that is good
     * @param statusTo the greatest status that is good
     * @return the check
     */
    public static HealthCheck http(
            Duration interval,
            Duration timeout,
            int rise,
            int fall,
            String method,
            String path,
            int statusFrom,
            int statusTo) {
        checkArgument(statusFrom <= statusTo, "no status is within %s to %s", statusFrom, statusTo);
        return new HealthCheck(Kind.HTTP, interval, timeout, rise, fall, method, path, statusFrom, statusTo);
    }

    /**
     * Returns what is asked.
     *
     * @return the kind of probe
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns how often each server is asked.
     *
     * @return the time from one probe to the next
     */
    public Duration interval() {
        return interval;
    }

    /**
     * Returns how long an answer may take.
     *
     * @return at most the interval
     */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Returns after how many good probes in a row a server is up.
     *
     * @return at least 1
     */
    public int rise() {
        return rise;
    }

    /**
     * Returns after how many bad probes in a row a server is down.
     *
     * @return at least 1
     */
    public int fall() {
        return fall;
    }

    /**
     * Returns the method of the HTTP request.
     *
     * @return for example {@code GET}; nothing if the check is not by HTTP
     */
    public String method() {
        return method;
    }

    /**
     * Returns the target of the HTTP request.
     *
     * @return for example {@code /health}; nothing if the check is not by HTTP
     */
    public String path() {
        return path;
    }

    /**
     * Returns the least HTTP status that is good.
     *
     * @return for example 200; 0 if the check is not by HTTP
     */
    public int statusFrom() {
        return statusFrom;
    }

    /**
     * Returns the greatest HTTP status that is good.
     *
     * @return for example 299; 0 if the check is not by HTTP
     */
    public int statusTo() {
        return statusTo;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, interval, timeout, rise, fall, method, path, statusFrom, statusTo);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof HealthCheck)) {
            return false;
        }
        HealthCheck that = (HealthCheck) other;
        return kind == that.kind
                && interval.equals(that.interval)
                && timeout.equals(that.timeout)
                && rise == that.rise
                && fall == that.fall
                && method.equals(that.method)
                && path.equals(that.path)
                && statusFrom == that.statusFrom
                && statusTo == that.statusTo;
    }

    @Override
    public String toString() {
        MoreObjects.ToStringHelper text = MoreObjects.toStringHelper(this)
                .addValue(kind)
                .add("interval", interval)
                .add("timeout", timeout)
                .add("rise", rise)
                .add("fall", fall);
        if (kind == Kind.HTTP) {
            text.add("request", method + " " + path).add("status", statusFrom + "-" + statusTo);
        }
        return text.toString();
    }
}
