package org.ilb;

/** How the segments of a connection reach its server when another ILB than its owner receives them (claims 1, 13, 15). */
public enum HandOff {
    /** The receiving ILB asks the owner once, then its own rule sends the segments straight to the server. */
    DIRECT,

    /**
     * The receiving ILB's rule sends the segments through the fabric to the owner, whose rule sends them to the server; where
     * the receiving ILB has the association in its LTOC or its cache, its rule sends them to the server itself.
     */
    RELAY
}
