package org.ilb;

/** What happens to a segment, not a SYN, of a connection that neither its owner, its backup nor the store knows. */
public enum UnknownConnection {
    /** The client is told by a reset. */
    RESET,
    /** The segment is dropped. */
    DROP,
    /** A server is elected by consistent hash and the connection adopted. */
    ADOPT
}
