package org.ilb.frontend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.Service;
import org.ilb.bucket.Haste;
import org.ilb.bucket.Move;
import org.ilb.bucket.Regrouping;
import org.ilb.bucket.Timing;

/** One service's buckets: how many there are, by which bits, and what its pool and its times mean for their moves. Control thread only. */
final class ServiceBuckets {

    private final Pools pools;
    private final BooleanSupplier flags;

    private Service service;
    private Duration idle;
    private Buckets granularity;
    private Bucket[] buckets;
    /** Null unless other bits of the port are wanted than are taken. */
    private Regrouping regrouping;
    /** Null before the first plan. */
    private Haste haste;

    private boolean frozen;
    private long frozenAt;

    /**
     * Creates buckets that have no servers.
     *
     * @param service whose they are
     * @param granularity how many there are
     * @param idle how long a connection may say nothing
     * @param pools which servers take connections, and which have failed
     * @param flags whether SYNs can be told from other segments by all switches
     */
    ServiceBuckets(Service service, Buckets granularity, Duration idle, Pools pools, BooleanSupplier flags) {
        this.service = service;
        this.idle = idle;
        this.pools = pools;
        this.flags = flags;
        group(granularity);
    }

    private void group(Buckets next) {
        granularity = next;
        regrouping = null;
        buckets = new Bucket[next.count()];
        Service gathered = service.inBuckets(Optional.of(next));
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new Bucket(i, gathered.bucket(i));
        }
    }

    /** Takes what is wanted of the service now; other bits of the port only when {@link #regroup()} can take them. */
    void configure(Service now) {
        service = now;
        regrouping = service.buckets()
                .filter(wanted -> wanted.portMask() != granularity.portMask())
                .map(wanted -> new Regrouping(granularity, wanted))
                .orElse(null);
    }

    void idle(Duration now) {
        idle = now;
    }

    Service service() {
        return service;
    }

    /** What is wanted: the bits may differ from those that are taken. */
    private Buckets wantedGranularity() {
        return service.buckets().orElse(granularity);
    }

    Bucket get(int index) {
        return buckets[index];
    }

    void forEach(Consumer<Bucket> visitor) {
        for (Bucket bucket : buckets) {
            visitor.accept(bucket);
        }
    }

    boolean contains(Bucket bucket) {
        return bucket.index() < buckets.length && buckets[bucket.index()] == bucket;
    }

    /** Something of each bucket's move, in their order; empty for those that have no server yet. */
    <T> List<Optional<T>> ofMoves(Function<Move, T> what) {
        List<Optional<T>> all = new ArrayList<>();
        for (Bucket bucket : buckets) {
            all.add(Optional.ofNullable(bucket.move()).map(what));
        }
        return all;
    }

    BucketMap.Gathered gathered() {
        return new BucketMap.Gathered(granularity, buckets, frozen);
    }

    // once their connections are gathered no more

    boolean isFrozen() {
        return frozen;
    }

    /** The connections of the service are gathered no more: for as long as one may live, its bucket says where. */
    void freeze(long now) {
        frozenAt = now;
        frozen = true;
        forEach(bucket -> bucket.freeze(now + granularity.moveSynAfter().toNanos()));
    }

    /** Whether no connection can live any more whose bucket alone says where. */
    boolean isThawed(long now) {
        forEach(bucket -> bucket.takeUnknown().ifPresent(at -> frozenAt = Math.max(frozenAt, at)));
        return now - frozenAt >= idle.toNanos();
    }

    // what the pool and the times mean for their moves

    /** Whether a server is gone although its service wants its connections kept: new ones must not wait for it. */
    private boolean isAbandoned(Endpoint server) {
        return pools.failed(service).contains(server);
    }

    /** How buckets move: all of a server that is abandoned move together. */
    Buckets pace() {
        Buckets wanted = wantedGranularity();
        for (Bucket bucket : buckets) {
            Move move = bucket.move();
            if (move != null && !move.isMoving() && isAbandoned(move.server())) {
                return new Buckets(
                        wanted.portMask(),
                        wanted.binding(),
                        wanted.moveSynAfter(),
                        wanted.movePinAfter(),
                        wanted.count());
            }
        }
        return wanted;
    }

    /** The times of a move from a server: who is abandoned gets no SYN that is sent again. */
    Timing timing(Endpoint from) {
        Buckets wanted = wantedGranularity();
        return isAbandoned(from)
                ? new Timing(
                        new Buckets(
                                wanted.portMask(),
                                wanted.binding(),
                                Duration.ZERO,
                                wanted.movePinAfter(),
                                wanted.moving()),
                        idle,
                        flags.getAsBoolean())
                : timing();
    }

    Timing timing() {
        return new Timing(wantedGranularity(), idle, flags.getAsBoolean());
    }

    /** The servers that are gone: who still has a bucket has to give it away at once. */
    Set<Endpoint> failed() {
        Set<Endpoint> failed = new HashSet<>();
        for (Bucket bucket : buckets) {
            if (bucket.move() != null) {
                failed.add(bucket.move().server());
                bucket.move().next().ifPresent(failed::add);
            }
        }
        Set<Endpoint> doomed = pools.doomed();
        service.allServers().forEach(server -> {
            if (!doomed.contains(server.endpoint())) {
                failed.remove(server.endpoint());
            }
        });
        return failed;
    }

    /** Which server each bucket should have, by the pool and by what buckets have to do. */
    List<Optional<Endpoint>> wanted(BucketLoads loads) {
        List<Optional<Endpoint>> wanted = loads.wanted(pools.inForce(service), buckets, ofMoves(Move::target));
        return regrouping == null ? wanted : regrouping.united(wanted);
    }

    /**
     * How many buckets beyond the bound may leave servers that are drained.
     *
     * @param isLeaving whether any waits to
     * @param bound how many move together
     * @param setUps how many connections were set up in moving buckets so far
     * @param now the time, in nanoseconds
     */
    int haste(boolean isLeaving, int bound, long setUps, long now) {
        haste = isLeaving && haste != null ? haste.look(Math.max(1, bound / 2), setUps, now) : Haste.none(setUps, now);
        return haste.beyond();
    }

    // other bits of the port

    /** The buckets that follow, with the moves that they inherit, and those that were before. */
    static final class Succession {
        private final Bucket[] before;
        private final List<Optional<Endpoint>> servers;
        private final List<Optional<Endpoint>> targets;

        private Succession(Bucket[] before, List<Optional<Endpoint>> servers, List<Optional<Endpoint>> targets) {
            this.before = before;
            this.servers = servers;
            this.targets = targets;
        }

        /** The buckets that were; each sends who still meets it to its heirs. */
        Bucket[] before() {
            return before;
        }

        Optional<Endpoint> server(Bucket heir) {
            return servers.get(heir.index());
        }

        Optional<Endpoint> next(Bucket heir) {
            return targets.get(heir.index()).filter(target -> !server(heir).equals(Optional.of(target)));
        }
    }

    /** Takes the bits of the port that are wanted, as soon as the buckets that become one have one server; empty if not yet. */
    Optional<Succession> regroup() {
        if (regrouping == null) {
            return Optional.empty();
        }
        for (Bucket bucket : buckets) {
            if (bucket.isBusy()) {
                return Optional.empty();
            }
        }
        List<Optional<Endpoint>> servers = ofMoves(Move::server);
        List<Optional<Endpoint>> targets = ofMoves(Move::target);
        if (!regrouping.isUnited(servers) || !regrouping.isUnited(targets)) {
            return Optional.empty();
        }
        List<Optional<Endpoint>> inherited = regrouping.inherited(servers);
        List<Optional<Endpoint>> inheritedTargets = regrouping.inherited(targets);
        Bucket[] before = buckets;
        group(wantedGranularity());
        BucketMap.Gathered heirs = gathered();
        for (Bucket bucket : before) {
            bucket.succeededBy(heirs::of);
        }
        return Optional.of(new Succession(before, inherited, inheritedTargets));
    }
}
