package org.ilb.frontend;

/** What the function counts. The names are what REST, CLI and documentation show. */
enum Count {
    /** Segments of services that switches punted. */
    PACKET_INS("packet-ins"),
    /** Packet-ins that were SYNs. */
    SYNS("syns"),
    /** Connections that got a server. */
    CONNECTIONS("connections"),
    /** Segments that their receiving ILB handed to their owner. */
    HAND_OFFS("hand-offs"),
    /** Exact rules that a switch confirmed. */
    RULES("rules"),
    /** Exact rules that a switch refused or never confirmed. */
    RULES_FAILED("rules-failed"),
    /** Segments that were sent on from here because they came up although or before their rule stood. */
    RELEASED("released"),
    /** SYNs that were released before the store had confirmed their association. */
    STORE_LATE("store-late"),
    /** Writes and reads that the store failed. */
    STORE_FAILED("store-failed"),
    /** Segments of connections that nobody knew. */
    UNKNOWN("unknown"),
    /** Resets that were sent: for unknown connections, for those whose server failed, and for SYNs that no server takes. */
    RESETS("resets"),
    /** SYNs that found no server to take them. */
    NO_SERVER("no-server"),
    /** Segments dropped because a bound was reached: of set-ups, of queues or of associations. */
    DROPPED_FULL("dropped-full"),
    /** Segments dropped because a switch port or MAC address was not known yet. */
    DROPPED_UNPLACED("dropped-unplaced"),
    /** FINs and RSTs that switches copied. */
    ENDINGS("endings"),
    /** Associations that ended: both sides sent a FIN, or one an RST, and nothing followed. */
    CLOSED("closed"),
    /** Associations that ended because the client never answered the server. */
    UNANSWERED("unanswered"),
    /** Connections that took the place of a closing one with the same addresses and ports. */
    REUSED("reused"),
    /** Connections that came in by another ILB than before. */
    MOVED("moved"),
    /** Exact rules that made room for others. */
    EVICTED("evicted"),
    /** Segments that went without a rule, because the flow table was full and their connection seldom speaks. */
    UNRULED("unruled"),
    /** Exact rules of relayed connections that were pointed elsewhere. */
    REPOINTED("repointed"),
    /** Exact rules that were put back after a restart. */
    RESTORED("restored"),
    /** Associations that ended because they were idle. */
    EXPIRED("expired"),
    /** Associations that ended because their service or server left the configuration. */
    WITHDRAWN("withdrawn"),
    /** Servers that were found up, after they were down or when they were first asked. */
    SERVERS_UP("servers-up"),
    /** Servers that were found down. */
    SERVERS_DOWN("servers-down"),
    /** Associations that ended because their server failed, or was disabled. */
    SERVER_FAILED("server-failed"),
    /** Associations that ended because an administrator said so. */
    DELETED("deleted"),
    /** Segments that came up although their bucket's rules lead to a server, and were sent there. */
    BUCKET_SEGMENTS("bucket-segments"),
    /** Buckets that got a server. */
    BUCKETS_BOUND("buckets-bound"),
    /** Buckets that have moved to another server, or flipped there because theirs went. */
    BUCKETS_MOVED("buckets-moved"),
    /** Connections of moving buckets that got an association and exact rules of their own. */
    PINNED("pinned"),
    /** Such connections that their bucket, having moved, leads where their own rules did. */
    LET_GO("let-go"),
    /** ICMP echo requests to virtual addresses that were answered. */
    ECHOES("echoes"),
    /** ICMP errors to virtual addresses that were sent on to the server of the connection that they quote. */
    ICMP_ERRORS("icmp-errors"),
    /** Other ICMP messages to virtual addresses: about nothing that is known, none that are answered, or too many. */
    ICMP_DROPPED("icmp-dropped"),
    /** Fragments of clients' segments that switches dropped. */
    FRAGMENTS("fragments"),
    /** ID messages that ILBs sent. */
    ID_SENT("id-sent"),
    /** ID messages that the ILB heard that they were sent to. */
    ID_HEARD("id-heard"),
    /** ID messages that nobody sealed who knows the secret of the function. */
    ID_FORGED("id-forged"),
    /** Genuine ID messages that were heard before, or that another was to hear. */
    ID_REPLAYED("id-replayed"),
    /** ID messages that are none. */
    ID_MALFORMED("id-malformed"),
    /** Pauses of the controller in which no ILB's silence counted. */
    ID_STALLS("id-stalls"),
    /** Views that were entered. */
    VIEWS("views"),
    /** ILBs that went out. */
    ILBS_OUT("ilbs-out"),
    /** ILBs that came in again. */
    ILBS_BACK("ilbs-back");

    private final String label;

    Count(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
