package org.ilb.dataplane.rule;

import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.IndexTableId;

/**
 * Table numbers and priorities of the pipeline.
 *
 * <p>In table 0 other applications live too: {@code fwd} at 10, ONOS's own punts at 5 and at 40000. Ours lie between
 * 20000 and 39000, but for {@link #ARP_PRIORITY}. The tables above 0 are ours alone.
 *
 * <p>In a switch with one table only, everything is in table 0 and an exact rule has {@link #FLAT_EXACT_PRIORITY}, the
 * service's punt {@link #FLAT_PUNT_PRIORITY}, so that {@link #FLAGS_PRIORITY} still lies above both.
 *
 * <p>A segment is relayed once. Whatever two ILBs believe of each other for a moment, one that was relayed never meets a
 * relay rule again: it goes to a server by an exact rule, or up by a punt that lies between the two.
 */
public final class Pipeline {

    /** Table 0: what is ours, and of which kind. */
    public static final int CLASSIFY_TABLE = 0;

    /** Table 1: the services' punts, the exact rules of connections, the wildcards of buckets. */
    public static final int SERVICE_TABLE = 1;

    /** Table 2: what belongs to a moving bucket, looked at by its TCP flags: requests at an ILB, replies at a server's edge. */
    public static final int MOVING_FLAGS_TABLE = 2;

    /**
     * Table 3: the exact rules of connections in moving buckets, above the buckets' wildcards. A table of its own, because
     * one exact rule above the wildcards of settled buckets would cost each of their new connections a look-up in the
     * switch's slow path.
     */
    public static final int MOVING_TABLE = 3;

    /** Table 4 of a server's edge switch: replies get the virtual address back. */
    public static final int REPLY_TABLE = 4;

    /** Table 5: transit by destination MAC; the only table that knows ports. */
    public static final int TRANSIT_TABLE = 5;

    /** Table 0: a known host asks for an address of ours; above the punt of all ARP, which is ONOS's and everybody's. */
    public static final int ARP_PRIORITY = 40_100;

    /** Table 0 of a server's edge switch: what a server answers to a health probe. */
    public static final int PROBE_PRIORITY = 30_100;

    /** Table 0: the segments that a match of TCP flags singles out of what {@link #CLASSIFY_PRIORITY} matches. */
    public static final int FLAGS_PRIORITY = 30_001;

    /** Table 0: to an ILB's MAC and a service's virtual address and port. */
    public static final int CLASSIFY_PRIORITY = 30_000;

    /** Table 0 of a switch with one table: the exact rule of a connection. */
    public static final int FLAT_EXACT_PRIORITY = 29_900;

    /** Table 0 of a switch with one table: the punt of a service, for what another ILB relayed. */
    public static final int FLAT_RELAYED_PUNT_PRIORITY = 29_800;

    /** Table 0 of a switch with one table: one connection, relayed to its owner. */
    public static final int FLAT_RELAY_PRIORITY = 29_700;

    /** Table 0 of a switch with one table: a bucket's wildcard; the number of its mask's bits is added. */
    public static final int FLAT_BUCKET_PRIORITY = 29_600;

    /** Table 0 of a switch with one table: the same, where the way out is the way in. */
    public static final int FLAT_BUCKET_BACK_PRIORITY = 29_620;

    /** Table 0 of a switch with one table: the punt of a service. */
    public static final int FLAT_PUNT_PRIORITY = 29_500;

    /** Table 0: from one of our MAC addresses, so a decision was made already. */
    public static final int FABRIC_PRIORITY = 29_000;

    /** Table 0: an ID message that has arrived at its hearer. */
    public static final int ID_MESSAGE_HERE_PRIORITY = 28_800;

    /** Table 0: an ID message on its way. */
    public static final int ID_MESSAGE_PRIORITY = 28_700;

    /** Table 0: between a server's own address and a prefix configured as direct, by way of the router: not translated. */
    public static final int DIRECT_UPLINK_PRIORITY = 28_100;

    /** Table 0: between a server's own address and a prefix configured as direct: not translated. */
    public static final int DIRECT_PRIORITY = 28_000;

    /**
     * Table 0 of a server's edge switch: a server's reply in a moving bucket; the number of the mask's bits is added.
     */
    public static final int MOVING_RETURN_PRIORITY = 27_100;

    /** Tables 0 and 2 of a server's edge switch: what a match of TCP flags singles out of replies. */
    public static final int REPLY_FLAGS_PRIORITY = 27_001;

    /** Tables 0, 2 and 4 of a server's edge switch: a server's reply. */
    public static final int RETURN_PRIORITY = 27_000;

    /** Table 0: to a service and the MAC of an ILB elsewhere, from a client whose edge switch is no ILB. */
    public static final int STEER_PRIORITY = 26_000;

    /** Tables 1 and 3: one connection, to its server. */
    public static final int EXACT_PRIORITY = 30_000;

    /** Table 1: what another ILB relayed and no exact rule sends to a server goes to the controller. */
    public static final int RELAYED_PUNT_PRIORITY = 20_000;

    /** Table 1: one connection, relayed to its owner. */
    public static final int RELAY_PRIORITY = 10_000;

    /**
     * Tables 1 and 3: a bucket's wildcard; the number of its mask's bits is added, so that the finer mask precedes while two
     * of them stand.
     */
    public static final int BUCKET_PRIORITY = 5_000;

    /** Table 1: what has no rule of its own goes to the controller. */
    public static final int PUNT_PRIORITY = 100;

    /** Table 2: a client's FIN or RST. */
    public static final int MOVING_END_PRIORITY = 30_003;

    /** Table 2: a bucket whose SYNs are treated like any other segment. */
    public static final int MOVING_QUIET_PRIORITY = 30_002;

    /** Table 2: a client's SYN. */
    public static final int MOVING_SYN_PRIORITY = 30_001;

    /** Table 2: what has no TCP flag that matters. */
    public static final int MOVING_ON_PRIORITY = 100;

    /** Table 5: by destination MAC. */
    public static final int TRANSIT_PRIORITY = 100;

    /** Table 5: by destination MAC, where the way out is the way in. */
    public static final int TRANSIT_IN_PORT_PRIORITY = 200;

    /**
     * Table 0: to a virtual address and an ILB's MAC, but no segment of a service: ICMP, and fragments. Below the rules of the
     * services, so that what theirs match is never compared with these.
     */
    public static final int BESIDE_PRIORITY = 28_900;

    private Pipeline() {}

    /**
     * Tells whether a rule of this application is of one connection, to its server or to its owner, rather than one that
     * stands.
     *
     * @param rule a rule of this application
     * @return true for exact rules and relay rules, of either kind of switch
     */
    public static boolean isExact(FlowRule rule) {
        return isRelay(rule)
                || rule.priority() == EXACT_PRIORITY && (isIn(rule, SERVICE_TABLE) || isIn(rule, MOVING_TABLE))
                || isIn(rule, CLASSIFY_TABLE) && rule.priority() == FLAT_EXACT_PRIORITY;
    }

    /**
     * Tells whether a rule of this application relays one connection to its owner.
     *
     * @param rule a rule of this application
     * @return true for relay rules, of either kind of switch
     */
    public static boolean isRelay(FlowRule rule) {
        return isIn(rule, SERVICE_TABLE) && rule.priority() == RELAY_PRIORITY
                || isIn(rule, CLASSIFY_TABLE) && rule.priority() == FLAT_RELAY_PRIORITY;
    }

    /**
     * Tells whether a rule of this application is of a service's buckets: their wildcards and what the moving ones need.
     *
     * @param rule a rule of this application
     * @return true for such rules at an ILB, of either kind of switch
     */
    public static boolean isBucket(FlowRule rule) {
        return isWildcard(rule)
                || isIn(rule, MOVING_TABLE) && rule.priority() != EXACT_PRIORITY
                || isIn(rule, MOVING_FLAGS_TABLE)
                        && (rule.priority() == MOVING_QUIET_PRIORITY || rule.priority() == MOVING_ON_PRIORITY);
    }

    /**
     * Tells whether a rule of this application is the one that all segments of a bucket meet.
     *
     * @param rule a rule of this application
     * @return true for wildcards in table 1, and in table 0 of a switch with one table
     */
    public static boolean isWildcard(FlowRule rule) {
        return isIn(rule, SERVICE_TABLE) && isOfMask(rule, BUCKET_PRIORITY)
                || isIn(rule, CLASSIFY_TABLE)
                        && (isOfMask(rule, FLAT_BUCKET_PRIORITY) || isOfMask(rule, FLAT_BUCKET_BACK_PRIORITY));
    }

    private static boolean isOfMask(FlowRule rule, int base) {
        return rule.priority() > base && rule.priority() <= base + Short.SIZE;
    }

    /**
     * Tells whether a rule is in a table.
     *
     * @param rule any rule
     * @param table the table's number
     * @return true if it is there
     */
    public static boolean isIn(FlowRule rule, int table) {
        return rule.table().equals(IndexTableId.of(table));
    }
}
