package org.ilb.frontend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.ilb.Association;
import org.ilb.BucketState;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.bucket.Move;

/**
 * A bucket of a service at work: its association, its move, and those of its connections that have associations of their own.
 * The control thread changes it, but for what the connections' stripes tell; any thread may ask.
 */
final class Bucket {

    /** First segments of a bucket without a server; their clients send them again. */
    private static final int MAX_WAITING = 64;

    private static final long NEVER = Long.MIN_VALUE;

    private final int index;
    private final FlowKey key;
    private final Map<FlowKey, Endpoint> pins = new ConcurrentHashMap<>();
    private final Queue<Arrival> waiting = new ArrayDeque<>();
    private boolean busy;
    private long asked;
    private volatile Association association;
    private volatile Move move;
    private volatile long unknownAt = NEVER;
    private volatile long frozenSynsUntil = NEVER;
    private volatile Function<FlowKey, Bucket> heirs;

    /**
     * Creates a bucket without a server.
     *
     * @param index its index in its service
     * @param key the flow key of its connections
     */
    Bucket(int index, FlowKey key) {
        this.index = index;
        this.key = key;
    }

    int index() {
        return index;
    }

    FlowKey key() {
        return key;
    }

    BucketState state() {
        Move now = move;
        return now == null ? BucketState.UNBOUND : now.state();
    }

    /** What the store has of it, null while it is unbound. */
    Association association() {
        return association;
    }

    void association(Association standing) {
        association = standing;
    }

    /** Whether the store, or rules, are being waited for: nothing else may begin. For the control thread. */
    boolean isBusy() {
        return busy;
    }

    void busy(boolean nowBusy) {
        busy = nowBusy;
    }

    /** The version of the tables in which what its move says was asked for. For the control thread. */
    long asked() {
        return asked;
    }

    void asked(long version) {
        asked = version;
    }

    /** Where it is between servers, null while it is unbound. */
    Move move() {
        return move;
    }

    void move(Move next) {
        move = next;
    }

    /**
     * Says what to do with a segment that a switch punted.
     *
     * @param syn whether it begins a connection
     * @param known whether the connection has an association of its own
     * @param nowNanos the time
     */
    Guidance guide(boolean syn, boolean known, long nowNanos) {
        Move now = move;
        if (now == null) {
            return Guidance.waiting();
        }
        if (isFrozen() && syn && nowNanos - frozenSynsUntil >= 0) {
            return Guidance.none();
        }
        // A frozen bucket's wildcards are gone or going, and each connection is on its own from its SYN on.
        Optional<Endpoint> fallback = isFrozen() ? Optional.empty() : now.fallback();
        if (fallback.isPresent() && !(syn && now.synsUp())) {
            return Guidance.straight(fallback.get());
        }
        if (!syn && !known) {
            unknownAt = nowNanos;
        }
        return Guidance.pin(syn ? now.forSyn() : now.forOther());
    }

    /** Whether the exact rule of a connection to a server must stand at every ILB, because a wildcard may lead elsewhere. */
    boolean mustStand(Endpoint server) {
        Move now = move;
        return now != null && server != null && !isFrozen() && now.mustStand(server);
    }

    /**
     * Takes note that the service's connections are gathered no more: those that live, and that nobody knows, still belong to
     * the server of this bucket.
     *
     * @param synsUntilNanos until when a SYN may be of a connection that began before
     */
    void freeze(long synsUntilNanos) {
        frozenSynsUntil = synsUntilNanos == NEVER ? NEVER + 1 : synsUntilNanos;
    }

    private boolean isFrozen() {
        return frozenSynsUntil != NEVER;
    }

    /** Whether SYNs of its connections come up, whatever rules these have. */
    boolean synsUp() {
        Move now = move;
        return now != null && now.synsUp();
    }

    /** Returns when a segment that nobody knew came up since this was asked last, if one did. */
    Optional<Long> takeUnknown() {
        long at = unknownAt;
        unknownAt = NEVER;
        return at == NEVER ? Optional.empty() : Optional.of(at);
    }

    /** Keeps a segment until the bucket has a server; false if too many wait. */
    synchronized boolean hold(Arrival arrival) {
        return waiting.size() < MAX_WAITING && waiting.add(arrival);
    }

    synchronized List<Arrival> takeWaiting() {
        List<Arrival> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    /** One of its connections has an association of its own. */
    void pinned(FlowKey connection, Endpoint server) {
        pins.put(connection, server);
        Function<FlowKey, Bucket> next = heirs;
        if (next != null) {
            next.apply(connection).pinned(connection, server);
        }
    }

    void unpinned(FlowKey connection) {
        pins.remove(connection);
        Function<FlowKey, Bucket> next = heirs;
        if (next != null) {
            next.apply(connection).unpinned(connection);
        }
    }

    /**
     * Hands its connections over to other buckets, before these take its place. What stripes that found this bucket still tell
     * it, the others are told.
     *
     * @param next finds the bucket that a connection will belong to
     */
    void succeededBy(Function<FlowKey, Bucket> next) {
        heirs = next;
        pins.forEach((connection, server) -> {
            Bucket heir = next.apply(connection);
            heir.pinned(connection, server);
            if (!pins.containsKey(connection)) {
                // It ended meanwhile, and the other may have been told before it knew the connection.
                heir.unpinned(connection);
            }
        });
    }

    /** Its connections that have associations of their own, and their servers; live. */
    Map<FlowKey, Endpoint> pins() {
        return pins;
    }

    /** Those of its connections whose exact rules must stand at every ILB. */
    List<FlowKey> mustStand() {
        List<FlowKey> all = new ArrayList<>();
        pins.forEach((connection, server) -> {
            if (mustStand(server)) {
                all.add(connection);
            }
        });
        return all;
    }

    /** How many of its connections with associations of their own have another server than this one. */
    int pinnedElsewhere(Endpoint server) {
        return (int)
                pins.values().stream().filter(other -> !other.equals(server)).count();
    }
}
