package org.ilb.frontend;

import org.ilb.Endpoint;

/** What a bucket says of a segment of one of its connections that a switch punted. Immutable. */
final class Guidance {

    /** What to do with the segment. */
    enum Kind {
        /** Nothing: the connection is on its own. */
        NONE,
        /** The bucket has no server yet: the segment waits until it has. */
        WAIT,
        /** The bucket's own rules lead it to the server, as soon as they stand: it is sent there, and nothing is kept of it. */
        STRAIGHT,
        /** The connection gets an association of its own, if it has none, and exact rules at every ILB. */
        PIN
    }

    private final Kind kind;
    private final Endpoint server;

    private Guidance(Kind kind, Endpoint server) {
        this.kind = kind;
        this.server = server;
    }

    static Guidance none() {
        return new Guidance(Kind.NONE, null);
    }

    static Guidance waiting() {
        return new Guidance(Kind.WAIT, null);
    }

    static Guidance straight(Endpoint server) {
        return new Guidance(Kind.STRAIGHT, server);
    }

    static Guidance pin(Endpoint server) {
        return new Guidance(Kind.PIN, server);
    }

    Kind kind() {
        return kind;
    }

    /** The server that the connection has unless it has an association that says otherwise; null if the bucket does not say. */
    Endpoint server() {
        return server;
    }
}
