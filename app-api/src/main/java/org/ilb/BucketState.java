package org.ilb;

/** Where a bucket is between one server and the next. */
public enum BucketState {
    /** It has no server: the first connection gives it one. */
    UNBOUND,

    /** Its wildcard rules lead to its server, and nothing else of it is known. */
    SETTLED,

    /** It is about to move: its SYNs come up, but still go to its former server. */
    PREPARING,

    /** Its new connections have exact rules to the next server; its wildcard rules serve the former ones. */
    MOVING,

    /** Its wildcard rules punt: what is left of the former connections gets exact rules to the former server. */
    PINNING,

    /** It has moved; some former connections live on by exact rules. */
    PINNED
}
