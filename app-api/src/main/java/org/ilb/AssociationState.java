package org.ilb;

/** Where a connection is in its life. */
public enum AssociationState {
    /** Its SYN was sent to a server; the client has sent nothing since. */
    EMBRYONIC,
    /** Its client has answered the server, or it outlived a restart of the controller. */
    ESTABLISHED,
    /** Both ends have sent a FIN, or one of them an RST: it lingers, and a SYN with another sequence number is a new connection. */
    CLOSING
}
