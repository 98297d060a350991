package org.ilb;

/** What happens to the live connections of a server that failed its health check or was disabled. */
public enum ServerFailure {

    /** Each client is told by an RST when it next speaks. */
    RESET,

    /** They stay where they are, in case that the server comes back. */
    KEEP
}
