package org.ilb.dataplane.flags;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ilb.Endpoint;
import org.ilb.dataplane.rule.Pipeline;
import org.onlab.packet.MacAddress;

/**
 * Which segments are singled out by their TCP flags, and what becomes of them.
 *
 * <p>Immutable and thread-safe.
 */
public final class FlagRule {

    /** What is singled out. */
    public enum Kind {
        /** A client's SYN, at an ILB: it goes to the controller, and nowhere else. */
        CLIENT_SYN(0x494c420053594eL, Pipeline.FLAGS_PRIORITY, null),
        /** A client's FIN or RST, at an ILB: it goes on its way, and a copy to the controller. */
        CLIENT_END(0x494c420046494eL, Pipeline.FLAGS_PRIORITY, Pipeline.SERVICE_TABLE),
        /** A server's FIN or RST, at its edge switch: it goes on its way, and a copy to the controller. */
        SERVER_END(0x494c4200454e44L, Pipeline.REPLY_FLAGS_PRIORITY, Pipeline.REPLY_TABLE);

        private final long cookie;
        private final int priority;
        private final Integer nextTable;

        Kind(long cookie, int priority, Integer nextTable) {
            this.cookie = cookie;
            this.priority = priority;
            this.nextTable = nextTable;
        }

        /**
         * Returns what marks these rules in a switch's flow table, and the packets that they send up.
         *
         * @return a cookie of ours
         */
        public long cookie() {
            return cookie;
        }

        /**
         * Returns the kind that a cookie marks.
         *
         * @param cookie the cookie of a packet-in
         * @return the kind, empty if the cookie is another's
         */
        public static Optional<Kind> of(long cookie) {
            for (Kind kind : values()) {
                if (kind.cookie == cookie) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }

        /**
         * Returns the priority, in table 0.
         *
         * @return one above the rules that it singles out of
         */
        public int priority() {
            return priority;
        }

        /**
         * Returns where such a segment goes on.
         *
         * @return the table, empty if it goes nowhere but to the controller
         */
        public OptionalInt nextTable() {
            return nextTable == null ? OptionalInt.empty() : OptionalInt.of(nextTable);
        }
    }

    private final Kind kind;
    private final MacAddress ilb;
    private final Endpoint endpoint;

    private FlagRule(Kind kind, MacAddress ilb, Endpoint endpoint) {
        this.kind = kind;
        this.ilb = ilb;
        this.endpoint = checkNotNull(endpoint);
    }

    /**
     * Punts clients' SYNs.
     *
     * @param ilb the ILB's MAC address, to which clients or the router send
     * @param service the virtual address and port
     * @return the rule
     */
    public static FlagRule clientSyn(MacAddress ilb, Endpoint service) {
        return new FlagRule(Kind.CLIENT_SYN, checkNotNull(ilb), service);
    }

    /**
     * Copies clients' FINs and RSTs.
     *
     * @param ilb the ILB's MAC address, to which clients or the router send
     * @param service the virtual address and port
     * @return the rule
     */
    public static FlagRule clientEnd(MacAddress ilb, Endpoint service) {
        return new FlagRule(Kind.CLIENT_END, checkNotNull(ilb), service);
    }

    /**
     * Copies a server's FINs and RSTs.
     *
     * @param server the server's own address and port
     * @return the rule
     */
    public static FlagRule serverEnd(Endpoint server) {
        return new FlagRule(Kind.SERVER_END, null, server);
    }

    /**
     * Returns what is singled out.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the destination of clients' frames.
     *
     * @return the ILB's MAC address, empty where the segments are a server's
     */
    public Optional<MacAddress> ilb() {
        return Optional.ofNullable(ilb);
    }

    /**
     * Returns the end of the connection that is told by it.
     *
     * @return the service's virtual address and port, or the server's own
     */
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, ilb, endpoint);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlagRule
                && kind == ((FlagRule) other).kind
                && Objects.equals(ilb, ((FlagRule) other).ilb)
                && endpoint.equals(((FlagRule) other).endpoint);
    }

    @Override
    public String toString() {
        return kind + " " + endpoint + ilb().map(mac -> " at " + mac).orElse("");
    }
}
