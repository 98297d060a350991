package org.ilb;

/** What the operator wants of a server, whatever its health. */
public enum AdminState {

    /** It takes new connections. */
    ENABLED,

    /** It takes no new connections and keeps those that it has, until the drain's deadline if there is one. */
    DRAINING,

    /** It takes no new connections, and those that it has end as those of a server that failed do. */
    DISABLED
}
