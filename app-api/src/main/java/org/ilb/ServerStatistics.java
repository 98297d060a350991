package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

/**
 * What a server has had to do since activation.
 *
 * <p>An immutable snapshot.
 */
public final class ServerStatistics {

    private final Endpoint server;
    private final int active;
    private final long opened;
    private final Traffic received;
    private final Traffic sent;
    private final long healthTransitions;

    /**
     * Creates a snapshot.
     *
     * @param server where it serves
     * @param active how many connections it has
     * @param opened how many it was given
     * @param received what was sent to it
     * @param sent what it answered
     * @param healthTransitions how often its health check found it up or down when it was not before
     */
    public ServerStatistics(
            Endpoint server, int active, long opened, Traffic received, Traffic sent, long healthTransitions) {
        this.server = checkNotNull(server);
        this.active = active;
        this.opened = opened;
        this.received = checkNotNull(received);
        this.sent = checkNotNull(sent);
        this.healthTransitions = healthTransitions;
    }

    /**
     * Returns which server it is.
     *
     * @return where it serves
     */
    public Endpoint server() {
        return server;
    }

    /**
     * Returns how many connections it has at this moment.
     *
     * @return its associations; of a service with buckets only the connections that have rules of their own
     */
    public int active() {
        return active;
    }

    /**
     * Returns how many connections it was given.
     *
     * @return those that got an association with it; of a service with buckets only those that have rules of their own
     */
    public long opened() {
        return opened;
    }

    /**
     * Returns what clients sent to it.
     *
     * @return what ILBs passed on to it, each packet counted once
     */
    public Traffic received() {
        return received;
    }

    /**
     * Returns what it answered.
     *
     * @return what its edge switch passed on
     */
    public Traffic sent() {
        return sent;
    }

    /**
     * Returns how often its health changed.
     *
     * @return how often its health check found it up or down when it was not before, the first finding included
     */
    public long healthTransitions() {
        return healthTransitions;
    }
}
