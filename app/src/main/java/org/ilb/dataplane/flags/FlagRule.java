package org.ilb.dataplane.flags;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.ilb.Endpoint;
import org.ilb.dataplane.rule.Pipeline;
import org.ilb.dataplane.rule.PortBits;
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
        CLIENT_SYN(0x494c420053594eL),
        /** A client's FIN or RST, at an ILB: it goes on its way, and a copy to the controller. */
        CLIENT_END(0x494c420046494eL),
        /** A server's FIN or RST, at its edge switch: it goes on its way, and a copy to the controller. */
        SERVER_END(0x494c4200454e44L);

        private final long cookie;

        Kind(long cookie) {
            this.cookie = cookie;
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
    }

    /** At which point of the pipeline it is looked at. */
    private enum Place {
        /** Table 0, whatever comes in. */
        CLASSIFY,
        /** Table 2, what belongs to moving buckets. */
        MOVING
    }

    private final Kind kind;
    private final Place place;
    private final MacAddress ilb;
    private final Endpoint endpoint;
    private final PortBits bucket;

    private FlagRule(Kind kind, Place place, MacAddress ilb, Endpoint endpoint, PortBits bucket) {
        this.kind = kind;
        this.place = place;
        this.ilb = ilb;
        this.endpoint = checkNotNull(endpoint);
        this.bucket = bucket;
    }

    /**
     * Punts clients' SYNs.
     *
     * @param ilb the ILB's MAC address, to which clients or the router send
     * @param service the virtual address and port
     * @return the rule
     */
    public static FlagRule clientSyn(MacAddress ilb, Endpoint service) {
        return new FlagRule(Kind.CLIENT_SYN, Place.CLASSIFY, checkNotNull(ilb), service, null);
    }

    /**
     * Copies clients' FINs and RSTs.
     *
     * @param ilb the ILB's MAC address, to which clients or the router send
     * @param service the virtual address and port
     * @return the rule
     */
    public static FlagRule clientEnd(MacAddress ilb, Endpoint service) {
        return new FlagRule(Kind.CLIENT_END, Place.CLASSIFY, checkNotNull(ilb), service, null);
    }

    /**
     * Copies a server's FINs and RSTs.
     *
     * @param server the server's own address and port
     * @return the rule
     */
    public static FlagRule serverEnd(Endpoint server) {
        return new FlagRule(Kind.SERVER_END, Place.CLASSIFY, null, server, null);
    }

    /**
     * Punts clients' SYNs in one bucket, at a switch with one table.
     *
     * @param ilb the ILB's MAC address, to which clients or the router send
     * @param service the virtual address and port
     * @param bucket the bucket
     * @return the rule
     */
    public static FlagRule clientSyn(MacAddress ilb, Endpoint service, PortBits bucket) {
        return new FlagRule(Kind.CLIENT_SYN, Place.CLASSIFY, checkNotNull(ilb), service, checkNotNull(bucket));
    }

    /**
     * Punts clients' SYNs in moving buckets.
     *
     * @param service the virtual address and port
     * @return the rule
     */
    public static FlagRule movingSyn(Endpoint service) {
        return new FlagRule(Kind.CLIENT_SYN, Place.MOVING, null, service, null);
    }

    /**
     * Copies clients' FINs and RSTs in moving buckets.
     *
     * @param service the virtual address and port
     * @return the rule
     */
    public static FlagRule movingEnd(Endpoint service) {
        return new FlagRule(Kind.CLIENT_END, Place.MOVING, null, service, null);
    }

    /**
     * Copies a server's FINs and RSTs in moving buckets.
     *
     * @param server the server's own address and port
     * @return the rule
     */
    public static FlagRule movingServerEnd(Endpoint server) {
        return new FlagRule(Kind.SERVER_END, Place.MOVING, null, server, null);
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
     * Returns the table that it is in.
     *
     * @return 0, or the table that only moving buckets reach
     */
    public int table() {
        return place == Place.MOVING ? Pipeline.MOVING_FLAGS_TABLE : Pipeline.CLASSIFY_TABLE;
    }

    /**
     * Returns the priority in its table.
     *
     * @return one above the rules that it singles out of
     */
    public int priority() {
        switch (kind) {
            case CLIENT_SYN:
                return place == Place.MOVING ? Pipeline.MOVING_SYN_PRIORITY : Pipeline.FLAGS_PRIORITY;
            case CLIENT_END:
                return place == Place.MOVING ? Pipeline.MOVING_END_PRIORITY : Pipeline.FLAGS_PRIORITY;
            default:
                return Pipeline.REPLY_FLAGS_PRIORITY;
        }
    }

    /**
     * Returns where such a segment goes on.
     *
     * @return the table, empty if it goes nowhere but to the controller
     */
    public OptionalInt nextTable() {
        switch (kind) {
            case CLIENT_SYN:
                return OptionalInt.empty();
            case CLIENT_END:
                return OptionalInt.of(place == Place.MOVING ? Pipeline.MOVING_TABLE : Pipeline.SERVICE_TABLE);
            default:
                return OptionalInt.of(Pipeline.REPLY_TABLE);
        }
    }

    /**
     * Returns the destination of clients' frames.
     *
     * @return the ILB's MAC address, empty where the segments are a server's or an earlier table looked at that
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

    /**
     * Returns the bucket that it is confined to.
     *
     * @return the clients' ports, empty for all
     */
    public Optional<PortBits> bucket() {
        return Optional.ofNullable(bucket);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, place, ilb, endpoint, bucket);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlagRule
                && kind == ((FlagRule) other).kind
                && place == ((FlagRule) other).place
                && Objects.equals(bucket, ((FlagRule) other).bucket)
                && Objects.equals(ilb, ((FlagRule) other).ilb)
                && endpoint.equals(((FlagRule) other).endpoint);
    }

    @Override
    public String toString() {
        return kind
                + (place == Place.MOVING ? " moving " : " ")
                + endpoint
                + bucket().map(bits -> " " + bits).orElse("")
                + ilb().map(mac -> " at " + mac).orElse("");
    }
}
