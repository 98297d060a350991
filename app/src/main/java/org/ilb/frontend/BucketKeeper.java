package org.ilb.frontend;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.BucketStatus;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Service;
import org.ilb.bucket.Move;
import org.ilb.bucket.Plan;
import org.ilb.connection.Balancers;
import org.ilb.election.Electorate;
import org.ilb.membership.ViewChange;

/**
 * Keeps the buckets of all services: binds them to servers, moves them when the pool changes, and lets the switches follow
 * step by step. A bucket is scored, owned, backed up and stored like a connection, under its own flow key.
 *
 * <p>For the control thread only, unless said otherwise; what takes time comes back to it.
 */
final class BucketKeeper {

    /** The plan is made again when a step is done, and this often at least. */
    private static final long PLAN_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Pins that are let go in one turn: each is a rule at every ILB. */
    private static final int LET_GO = 500;

    private final Supplier<Balancers> balancers;
    private final BucketBindings bindings;
    private final SegmentPath path;
    private final Tally tally;
    private final LongSupplier nanoTime;
    private final Executor control;
    private final BucketMap map;
    private final BucketTables tables;
    private final BooleanSupplier flags;
    private final Pools pools;
    private final BucketLoads loads;

    /** What a former run left in the store, and no service has claimed. */
    private final Map<FlowKey, Association> former = new HashMap<>();

    private final Map<Endpoint, ServiceBuckets> services = new LinkedHashMap<>();
    private Duration idle = Duration.ZERO;
    private long plannedAt;
    private boolean planDue;

    /**
     * Creates a keeper of nothing.
     *
     * @param balancers who owns and backs up
     * @param bindings the associations of buckets
     * @param path what happens to segments
     * @param tally what is counted
     * @param nanoTime the clock
     * @param control runs what comes back on the control thread
     * @param map where connections find their buckets
     * @param tables the bucket rules of the ILBs
     * @param flags whether SYNs can be told from other segments by all switches
     * @param pools which servers take connections, and which have failed
     * @param loads what buckets have to do, for services that are to be levelled
     */
    BucketKeeper(
            Supplier<Balancers> balancers,
            BucketBindings bindings,
            SegmentPath path,
            Tally tally,
            LongSupplier nanoTime,
            Executor control,
            BucketMap map,
            BucketTables tables,
            BooleanSupplier flags,
            Pools pools,
            BucketLoads loads) {
        this.balancers = balancers;
        this.bindings = bindings;
        this.path = path;
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.control = control;
        this.map = map;
        this.tables = tables;
        this.flags = flags;
        this.pools = pools;
        this.loads = loads;
    }

    /** Takes up the bindings that a former run left. */
    void takeUp(Collection<Association> bindings) {
        bindings.forEach(association -> former.put(association.key(), association));
    }

    /**
     * Puts a configuration in force.
     *
     * @param frontEnd the configuration
     * @param live visits every connection's association, to find those that have another server than their bucket
     */
    void configure(FrontEnd frontEnd, Consumer<Consumer<Association>> live) {
        idle = frontEnd.settings().associationIdle();
        Set<Endpoint> present = new HashSet<>();
        for (Service service : frontEnd.services()) {
            present.add(service.endpoint());
            ServiceBuckets kept = services.get(service.endpoint());
            if (service.buckets().isPresent()) {
                if (kept == null || kept.isFrozen()) {
                    services.put(
                            service.endpoint(),
                            gather(service, service.buckets().get()));
                } else {
                    kept.configure(service);
                }
            } else if (kept != null && !kept.isFrozen()) {
                kept.freeze(nanoTime.getAsLong());
            } else if (kept == null) {
                resumeFrozen(service);
            }
        }
        for (Endpoint gone : new ArrayList<>(services.keySet())) {
            if (!present.contains(gone)) {
                services.remove(gone).forEach(bindings::end);
            }
        }
        tables.configure(frontEnd.ilbs());
        replaceMap();
        live.accept(path.pinning()::found);
        for (ServiceBuckets kept : services.values()) {
            kept.idle(idle);
            kept.forEach(bucket -> configured(kept, bucket));
        }
        tables.changed();
        planDue = true;
        tick();
    }

    private ServiceBuckets gather(Service service, Buckets granularity) {
        return new ServiceBuckets(service, granularity, idle, pools, flags);
    }

    private void configured(ServiceBuckets kept, Bucket bucket) {
        Association left = former.remove(bucket.key());
        if (left != null && bucket.association() == null) {
            bucket.association(left);
            put(
                    bucket,
                    null,
                    Move.resumed(left.server(), left.next(), bucket.pinnedElsewhere(left.server()), kept.timing()));
        } else if (bucket.move() != null) {
            bucket.move(bucket.move().timed(kept.timing()));
        }
    }

    /** A restart came between a service's buckets and the last of their connections. */
    private void resumeFrozen(Service service) {
        List<Association> left = new ArrayList<>();
        former.values().forEach(association -> {
            if (association.key().destination().equals(service.endpoint())) {
                left.add(association);
            }
        });
        // How many there were is not stored: as many as there are bindings, by the lowest bits, unless that is no such
        // number.
        int bits = Integer.numberOfTrailingZeros(Integer.highestOneBit(Math.max(1, left.size())));
        int mask = left.stream()
                .mapToInt(association -> association.key().sourcePort())
                .reduce(0, (a, b) -> a | b);
        boolean whole = left.size() == 1 << bits && Integer.bitCount(mask) == bits;
        if (whole && bits >= Buckets.MIN_BITS && bits <= Buckets.MAX_BITS) {
            Buckets granularity = new Buckets(mask, Buckets.Binding.LAZY, Duration.ZERO, Duration.ZERO, 1);
            ServiceBuckets kept = gather(service, granularity);
            kept.freeze(nanoTime.getAsLong());
            services.put(service.endpoint(), kept);
        } else {
            left.forEach(association -> {
                former.remove(association.key());
                bindings.end(association);
            });
        }
    }

    private void replaceMap() {
        ImmutableMap.Builder<Endpoint, BucketMap.Gathered> all = ImmutableMap.builder();
        services.forEach((endpoint, kept) -> all.put(endpoint, kept.gathered()));
        map.put(all.build());
    }

    /** A segment waits for its bucket to have a server. Any thread. */
    void unbound(Bucket bucket) {
        control.execute(() -> {
            ServiceBuckets kept = keptOf(bucket);
            if (bucket.move() != null) {
                bucket.takeWaiting().forEach(path::again);
            } else if (kept != null && !bucket.isBusy()) {
                kept.wanted(loads)
                        .get(bucket.index())
                        .ifPresent(server -> bind(kept, bucket, server, Optional.empty()));
            }
        });
    }

    /** Servers failed, came back, or are to be given no more connections. */
    void poolsChanged() {
        tables.changed();
        planDue = true;
        tick();
    }

    /** What was found missing at an ILB is to be put there. Any thread. */
    void unpinned(Ilb ilb) {
        control.execute(() -> tables.unprime(ilb));
    }

    boolean isReady(IlbId ilb) {
        return tables.isReady(ilb);
    }

    /**
     * Lists a service's buckets. Any thread.
     *
     * @param service its name
     * @return one status for each, none if it has none
     */
    List<BucketStatus> status(Service service) {
        BucketMap.Gathered gathered = map.services().get(service.endpoint());
        List<BucketStatus> all = new ArrayList<>();
        if (gathered != null && !gathered.isFrozen()) {
            Map<Integer, long[]> counts = loads.counts(service);
            for (Bucket bucket : gathered.buckets()) {
                all.add(status(bucket, counts.getOrDefault(bucket.key().sourcePort(), new long[2])));
            }
        }
        return all;
    }

    private BucketStatus status(Bucket bucket, long[] counted) {
        Move move = bucket.move();
        Association association = bucket.association();
        Electorate electorate = balancers.get().electorate();
        return new BucketStatus(
                bucket.index(),
                bucket.state(),
                association == null || electorate.size() == 0
                        ? association
                        : ViewChange.elected(electorate, association),
                move == null ? null : move.next().orElse(null),
                bucket.pins().size(),
                counted[0],
                counted[1]);
    }

    private ServiceBuckets keptOf(Bucket bucket) {
        ServiceBuckets kept = services.get(bucket.key().destination());
        return kept != null && kept.contains(bucket) ? kept : null;
    }

    /** Does what is due. */
    void tick() {
        long now = nanoTime.getAsLong();
        tables.tick();
        for (ServiceBuckets kept : new ArrayList<>(services.values())) {
            if (kept.isFrozen()) {
                thaw(kept, now);
            } else {
                boolean crowded = path.rules().isCrowded();
                kept.forEach(bucket -> advance(bucket, now, crowded));
                kept.regroup().ifPresent(succession -> succeed(kept, succession));
            }
        }
        if (planDue || now - plannedAt >= PLAN_NANOS) {
            planDue = false;
            plannedAt = now;
            services.values().stream().filter(kept -> !kept.isFrozen()).forEach(this::plan);
        }
        tables.tick();
    }

    private void thaw(ServiceBuckets kept, long now) {
        if (kept.isThawed(now)) {
            services.remove(kept.service().endpoint());
            replaceMap();
            kept.forEach(bindings::end);
        }
    }

    private void plan(ServiceBuckets kept) {
        if (balancers.get().electorate().size() == 0) {
            planDue = true;
            return;
        }
        Set<Endpoint> failed = kept.failed();
        kept.forEach(bucket -> {
            Move before = bucket.move();
            if (before != null && !bucket.isBusy() && failed.contains(before.server())) {
                put(bucket, before, before.failed(before.server()));
            }
        });
        List<Optional<Move>> moves = kept.ofMoves(Function.identity());
        Buckets pace = kept.pace();
        List<Optional<Endpoint>> wanted = kept.wanted(loads);
        int beyond =
                kept.haste(Plan.isLeaving(moves, wanted), pace.moving(), tally.get(Count.PINNED), nanoTime.getAsLong());
        for (Plan.Step step : Plan.of(moves, wanted, failed, pace, beyond)) {
            Bucket bucket = kept.get(step.bucket());
            if (!bucket.isBusy()) {
                take(kept, bucket, step);
            }
        }
    }

    private void take(ServiceBuckets kept, Bucket bucket, Plan.Step step) {
        Move before = bucket.move();
        switch (step.change()) {
            case BIND:
                bind(kept, bucket, step.to(), Optional.empty());
                break;
            case FLIP:
                // The tables do not wait for the store: the server is dead, whatever the store says.
                tally.add(Count.BUCKETS_MOVED);
                put(bucket, before, before.flipped(step.to()));
                rebind(bucket, step.to(), Optional.empty(), () -> {});
                break;
            case TURN:
                Move turned = before.turned(step.to());
                rebind(bucket, turned.server(), turned.next(), () -> put(bucket, before, turned));
                break;
            case BEGIN:
            default:
                rebind(
                        bucket,
                        before.server(),
                        Optional.of(step.to()),
                        () -> put(
                                bucket,
                                before,
                                before.timed(kept.timing(before.server())).begin(step.to())));
                break;
        }
    }

    private void advance(Bucket bucket, long now, boolean crowded) {
        Move before = bucket.move();
        if (before == null || bucket.isBusy()) {
            return;
        }
        Move move = bucket.takeUnknown().map(before::pinned).orElse(before);
        if (crowded && !bucket.mustStand().isEmpty()) {
            move = move.crowded();
        }
        if (!move.isStanding() && tables.stands(bucket.asked())) {
            move = move.stood(before, now);
        }
        move = move.tick(now);
        if (move.isLeaving()) {
            put(bucket, before, move);
            leave(bucket, move);
            return;
        }
        if (!move.isMoving() && move.isStanding()) {
            letGo(bucket, move.server());
            move = move.pins(bucket.pinnedElsewhere(move.server()));
        }
        put(bucket, before, move);
    }

    /** Lets the connections go that the bucket's wildcard serves as well, now that it does so everywhere. */
    private void letGo(Bucket bucket, Endpoint server) {
        int limit = LET_GO;
        for (Map.Entry<FlowKey, Endpoint> pin : bucket.pins().entrySet()) {
            if (pin.getValue().equals(server) && limit-- > 0) {
                path.endings().letGo(pin.getKey());
            }
        }
    }

    /** The store and the exact rules first, then the wildcards. */
    private void leave(Bucket bucket, Move move) {
        bucket.busy(true);
        tables.pinEverywhere(bucket.mustStand())
                .whenCompleteAsync(
                        (nothing, failure) -> {
                            bucket.busy(false);
                            if (failure == null && bucket.move().isLeaving()) {
                                rebind(bucket, move.target(), Optional.empty(), () -> {
                                    tally.add(Count.BUCKETS_MOVED);
                                    put(bucket, bucket.move(), bucket.move().left());
                                });
                            }
                        },
                        control);
    }

    private void put(Bucket bucket, Move before, Move after) {
        if (after != before) {
            bucket.move(after);
            if (before == null && !bucket.mustStand().isEmpty()) {
                // Its connections lived before it did, and their rules stand where they came in.
                tables.unprime();
            }
            if (!after.isStanding()) {
                bucket.asked(tables.changed());
            }
            if (before == null || before.isMoving() && !after.isMoving()) {
                planDue = true;
            }
        }
    }

    private void bind(ServiceBuckets kept, Bucket bucket, Endpoint server, Optional<Endpoint> next) {
        bindings.bind(bucket, server, next, standing -> {
            if (bucket.move() == null) {
                put(
                        bucket,
                        null,
                        Move.resumed(
                                standing.server(),
                                standing.next(),
                                bucket.pinnedElsewhere(standing.server()),
                                kept.timing()));
                tables.tick();
            }
            bucket.takeWaiting().forEach(path::again);
        });
    }

    private void rebind(Bucket bucket, Endpoint server, Optional<Endpoint> next, Runnable then) {
        bindings.rebind(bucket, server, next, () -> {
            then.run();
            tables.tick();
        });
    }

    /** Other bits of the port were taken: those that follow inherit servers, moves and, where they have the same key, associations. */
    private void succeed(ServiceBuckets kept, ServiceBuckets.Succession succession) {
        Map<FlowKey, Association> standing = new HashMap<>();
        for (Bucket bucket : succession.before()) {
            if (bucket.association() != null) {
                standing.put(bucket.key(), bucket.association());
            }
        }
        kept.forEach(heir -> succession
                .server(heir)
                .ifPresent(server -> put(
                        heir,
                        null,
                        Move.resumed(server, succession.next(heir), heir.pinnedElsewhere(server), kept.timing()))));
        // No segment meets a bucket that does not know yet what becomes of its connections.
        replaceMap();
        kept.forEach(heir -> {
            Move move = heir.move();
            Association known = move == null ? null : standing.remove(heir.key());
            if (known != null) {
                heir.association(known);
            } else if (move != null) {
                bind(kept, heir, move.server(), move.next());
            }
        });
        standing.values().forEach(bindings::end);
        tables.changed();
        planDue = true;
    }
}
