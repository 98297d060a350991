package org.ilb;

/** The way of what servers answer. */
public enum ReturnMode {

    /** Segments are addressed to the server, and its answers are given the virtual address at the server's edge. */
    NAT,

    /**
     * Direct server return: segments keep the virtual address, which the server holds on its loopback interface and listens at, on
     * the virtual port; only the MAC address says which server. Its answers go to the router untouched.
     */
    DSR
}
