package org.ilb.dataplane.fabric;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import java.util.Optional;
import org.ilb.Endpoint;

/**
 * Where an ILB sends what is in a bucket: straight to its server, or through the tables of moving buckets.
 *
 * <p>Immutable and thread-safe.
 */
public final class BucketRoute {

    private final boolean direct;
    private final Endpoint server;
    private final boolean synsUp;

    private BucketRoute(boolean direct, Endpoint server, boolean synsUp) {
        this.direct = direct;
        this.server = server;
        this.synsUp = synsUp;
    }

    /**
     * Returns the way of a settled bucket.
     *
     * @param server its server
     * @return all goes there, and nothing comes up
     */
    public static BucketRoute direct(Endpoint server) {
        return new BucketRoute(true, checkNotNull(server), false);
    }

    /**
     * Returns the way of a bucket some of whose connections have exact rules of their own.
     *
     * @param fallback where goes what has none; empty sends it to the controller
     * @param synsUp whether SYNs go to the controller in any case
     * @return exact rules, then the fallback
     */
    public static BucketRoute through(Optional<Endpoint> fallback, boolean synsUp) {
        return new BucketRoute(false, fallback.orElse(null), synsUp);
    }

    /**
     * Tells whether exact rules of connections are not looked at.
     *
     * @return true for the way of a settled bucket
     */
    public boolean isDirect() {
        return direct;
    }

    /**
     * Returns where goes what has no exact rule.
     *
     * @return the server, empty if it goes to the controller
     */
    public Optional<Endpoint> server() {
        return Optional.ofNullable(server);
    }

    /**
     * Tells whether SYNs go to the controller.
     *
     * @return false for a settled bucket
     */
    public boolean synsUp() {
        return synsUp;
    }

    @Override
    public int hashCode() {
        return Objects.hash(direct, server, synsUp);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BucketRoute
                && direct == ((BucketRoute) other).direct
                && synsUp == ((BucketRoute) other).synsUp
                && Objects.equals(server, ((BucketRoute) other).server);
    }

    @Override
    public String toString() {
        return (direct ? "direct to " : "through, else ")
                + server().map(Endpoint::toString).orElse("up")
                + (synsUp ? ", SYNs up" : "");
    }
}
