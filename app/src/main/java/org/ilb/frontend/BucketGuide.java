package org.ilb.frontend;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.UnknownConnection;
import org.ilb.bucket.Move;
import org.ilb.server.SelectionPolicy;

/**
 * What buckets say of their connections' segments: where one goes that needs no association of its own, and which server one gets
 * that does. A connection that is gathered into no bucket is on its own. To be called on the connection's stripe.
 */
final class BucketGuide {

    private final BucketMap buckets;
    private final KnownConnections known;
    private final Pools pools;
    private final Departures departures;
    private final Tally tally;
    private final LongSupplier nanoTime;

    private volatile Consumer<Bucket> unbound = bucket -> {};

    BucketGuide(
            BucketMap buckets,
            KnownConnections known,
            Pools pools,
            Departures departures,
            Tally tally,
            LongSupplier nanoTime) {
        this.buckets = buckets;
        this.known = known;
        this.pools = pools;
        this.departures = departures;
        this.tally = tally;
        this.nanoTime = nanoTime;
    }

    /** Sets who is told of a bucket that a segment waits for a server of. */
    void tell(Consumer<Bucket> onUnbound) {
        this.unbound = onUnbound;
    }

    /**
     * A segment of a connection that is gathered into a bucket goes where the bucket's rules lead, unless the connection has
     * an association of its own or is to have one because its bucket moves.
     *
     * @return whether that was all
     */
    boolean takes(Arrival arrival) {
        FlowKey key = arrival.key();
        Bucket bucket = buckets.of(key);
        if (bucket == null) {
            if (arrival.service().buckets().isPresent()) {
                // The configuration is being put in force; the segment is sent again.
                tally.add(Count.DROPPED_UNPLACED);
                return true;
            }
            return false;
        }
        boolean isKnown = known.has(key);
        if (!isKnown && isRefused(bucket, arrival)) {
            if (arrival.segment().isSyn()) {
                tally.add(Count.NO_SERVER);
                tally.meters().refused(arrival);
            }
            departures.reset(arrival);
            return true;
        }
        Guidance guidance = bucket.guide(arrival.segment().isSyn(), isKnown, nanoTime.getAsLong());
        if (guidance.kind() == Guidance.Kind.WAIT && !isKnown) {
            if (!bucket.hold(arrival)) {
                tally.add(Count.DROPPED_FULL);
            }
            unbound.accept(bucket);
            return true;
        }
        if (guidance.kind() == Guidance.Kind.STRAIGHT && !isKnown) {
            tally.add(Count.BUCKET_SEGMENTS);
            departures.forward(arrival, Route.toServer(guidance.server()));
            return true;
        }
        return false;
    }

    /** Whether nobody is there for a segment: no server takes connections, and if it is no SYN that of its bucket is dead. */
    private boolean isRefused(Bucket bucket, Arrival arrival) {
        Move move = bucket.move();
        return !pools.serves(arrival.service().endpoint())
                && (arrival.segment().isSyn() || move != null && pools.doomed().contains(move.server()));
    }

    /** The server of a living connection that has no association of its own, by its bucket. */
    Optional<Endpoint> server(FlowKey key) {
        return selected(key, false);
    }

    /** The server that the bucket of a segment's connection selects for it, empty where each connection is on its own. */
    Optional<Endpoint> selected(Arrival arrival) {
        return selected(arrival.key(), arrival.segment().isSyn());
    }

    private Optional<Endpoint> selected(FlowKey key, boolean syn) {
        return Optional.ofNullable(buckets.of(key))
                .map(bucket -> bucket.guide(syn, true, nanoTime.getAsLong()).server());
    }

    /** What happens to a connection that nobody knows: where a bucket says where it belongs, it is adopted. */
    UnknownConnection unknown(Arrival arrival) {
        return selected(arrival).isPresent()
                ? UnknownConnection.ADOPT
                : arrival.service().unknown();
    }

    /** An adopted connection's server: its bucket's, or by rendezvous, so that every ILB would adopt it for the same one. */
    SelectionPolicy adoption(Arrival arrival) {
        Optional<Endpoint> selected = selected(arrival);
        return selected.isPresent() ? key -> selected : new Adoption(pools.inForce(arrival.service()));
    }
}
