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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
import org.ilb.association.AssociationStore;
import org.ilb.bucket.Haste;
import org.ilb.bucket.Move;
import org.ilb.bucket.Plan;
import org.ilb.bucket.Regrouping;
import org.ilb.bucket.Timing;
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
    private final AssociationStore store;
    private final SegmentPath path;
    private final Stripes stripes;
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

    private final Map<Endpoint, Kept> services = new LinkedHashMap<>();
    private Duration idle = Duration.ZERO;
    private long plannedAt;
    private boolean planDue;

    /**
     * Creates a keeper of nothing.
     *
     * @param balancers who owns and backs up
     * @param store where bindings last
     * @param path what happens to segments
     * @param stripes where what concerns one key is done
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
            AssociationStore store,
            SegmentPath path,
            Stripes stripes,
            Tally tally,
            LongSupplier nanoTime,
            Executor control,
            BucketMap map,
            BucketTables tables,
            BooleanSupplier flags,
            Pools pools,
            BucketLoads loads) {
        this.balancers = balancers;
        this.store = store;
        this.path = path;
        this.stripes = stripes;
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
            Kept kept = services.get(service.endpoint());
            if (service.buckets().isPresent()) {
                if (kept == null || kept.isFrozen()) {
                    services.put(
                            service.endpoint(),
                            new Kept(service, service.buckets().get()));
                } else {
                    kept.service = service;
                }
            } else if (kept != null && !kept.isFrozen()) {
                freeze(kept);
            } else if (kept == null) {
                resumeFrozen(service);
            }
        }
        for (Endpoint gone : new ArrayList<>(services.keySet())) {
            if (!present.contains(gone)) {
                services.remove(gone).forEach(this::end);
            }
        }
        tables.configure(frontEnd.ilbs());
        replaceMap();
        live.accept(association -> {
            Bucket bucket = association.key().isBucket() ? null : map.of(association.key());
            if (bucket != null) {
                bucket.pinned(association.key(), association.server());
            }
        });
        for (Kept kept : services.values()) {
            kept.forEach(bucket -> configured(kept, bucket));
            kept.regroup = kept.service
                    .buckets()
                    .filter(wanted -> wanted.portMask() != kept.granularity.portMask())
                    .map(wanted -> new Regrouping(kept.granularity, wanted))
                    .orElse(null);
        }
        tables.changed();
        planDue = true;
        tick();
    }

    private void configured(Kept kept, Bucket bucket) {
        Association left = former.remove(bucket.key());
        if (left != null && bucket.association() == null) {
            bucket.association(left);
            put(
                    bucket,
                    null,
                    Move.resumed(left.server(), left.next(), bucket.pinnedElsewhere(left.server()), timing(kept)));
        } else if (bucket.move() != null) {
            bucket.move(bucket.move().timed(timing(kept)));
        }
    }

    /** Whether a server is gone although its service wants its connections kept: new ones must not wait for it. */
    private boolean isAbandoned(Kept kept, Endpoint server) {
        return pools.failed(kept.service).contains(server);
    }

    /** All buckets of a server that is abandoned move together. */
    private Buckets hurried(Kept kept, Buckets granularity) {
        for (Bucket bucket : kept.buckets) {
            Move move = bucket.move();
            if (move != null && !move.isMoving() && isAbandoned(kept, move.server())) {
                return new Buckets(
                        granularity.portMask(),
                        granularity.binding(),
                        granularity.moveSynAfter(),
                        granularity.movePinAfter(),
                        granularity.count());
            }
        }
        return granularity;
    }

    /** The times of a move from a server: who is abandoned gets no SYN that is sent again. */
    private Timing timing(Kept kept, Endpoint from) {
        Buckets granularity = kept.service.buckets().orElse(kept.granularity);
        return isAbandoned(kept, from)
                ? new Timing(
                        new Buckets(
                                granularity.portMask(),
                                granularity.binding(),
                                Duration.ZERO,
                                granularity.movePinAfter(),
                                granularity.moving()),
                        idle,
                        flags.getAsBoolean())
                : timing(kept);
    }

    private Timing timing(Kept kept) {
        return new Timing(kept.service.buckets().orElse(kept.granularity), idle, flags.getAsBoolean());
    }

    /** The connections of a service are gathered no more: for as long as one may live, its bucket says where. */
    private void freeze(Kept kept) {
        long now = nanoTime.getAsLong();
        kept.frozenAt = now;
        kept.frozen = true;
        kept.forEach(
                bucket -> bucket.freeze(now + kept.granularity.moveSynAfter().toNanos()));
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
            Kept kept = new Kept(service, granularity);
            freeze(kept);
            services.put(service.endpoint(), kept);
        } else {
            left.forEach(association -> {
                former.remove(association.key());
                end(association);
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
            Kept kept = keptOf(bucket);
            if (bucket.move() != null) {
                bucket.takeWaiting().forEach(path::again);
            } else if (kept != null && !bucket.isBusy()) {
                wanted(kept).get(bucket.index()).ifPresent(server -> bind(kept, bucket, server, Optional.empty()));
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

    private Kept keptOf(Bucket bucket) {
        Kept kept = services.get(bucket.key().destination());
        return kept != null && bucket.index() < kept.buckets.length && kept.buckets[bucket.index()] == bucket
                ? kept
                : null;
    }

    /** Does what is due. */
    void tick() {
        long now = nanoTime.getAsLong();
        tables.tick();
        for (Kept kept : new ArrayList<>(services.values())) {
            if (kept.isFrozen()) {
                thaw(kept, now);
            } else {
                boolean crowded = path.rules().isCrowded();
                for (Bucket bucket : kept.buckets) {
                    advance(bucket, now, crowded);
                }
                regroup(kept);
            }
        }
        if (planDue || now - plannedAt >= PLAN_NANOS) {
            planDue = false;
            plannedAt = now;
            services.values().stream().filter(kept -> !kept.isFrozen()).forEach(this::plan);
        }
        tables.tick();
    }

    private void thaw(Kept kept, long now) {
        kept.forEach(bucket -> bucket.takeUnknown().ifPresent(at -> kept.frozenAt = Math.max(kept.frozenAt, at)));
        if (now - kept.frozenAt >= idle.toNanos()) {
            services.remove(kept.service.endpoint());
            replaceMap();
            kept.forEach(this::end);
        }
    }

    private void plan(Kept kept) {
        if (balancers.get().electorate().size() == 0) {
            planDue = true;
            return;
        }
        List<Optional<Move>> moves = new ArrayList<>();
        for (Bucket bucket : kept.buckets) {
            moves.add(Optional.ofNullable(bucket.move()));
        }
        Set<Endpoint> failed = failed(kept);
        for (Bucket bucket : kept.buckets) {
            if (bucket.move() != null && !bucket.isBusy()) {
                Move before = bucket.move();
                Move after = failed.contains(before.server()) ? before.failed(before.server()) : before;
                put(bucket, before, after);
                moves.set(bucket.index(), Optional.of(after));
            }
        }
        Buckets granularity = hurried(kept, kept.service.buckets().orElse(kept.granularity));
        List<Optional<Endpoint>> wanted = wanted(kept);
        int beyond = haste(kept, Plan.isLeaving(moves, wanted), granularity);
        for (Plan.Step step : Plan.of(moves, wanted, failed, granularity, beyond)) {
            Bucket bucket = kept.buckets[step.bucket()];
            if (!bucket.isBusy()) {
                take(kept, bucket, step);
            }
        }
    }

    /** How many buckets beyond the bound may leave servers that are drained. */
    private int haste(Kept kept, boolean isLeaving, Buckets granularity) {
        long setUps = tally.get(Count.PINNED);
        long now = nanoTime.getAsLong();
        kept.haste = isLeaving && kept.haste != null
                ? kept.haste.look(Math.max(1, granularity.moving() / 2), setUps, now)
                : Haste.none(setUps, now);
        return kept.haste.beyond();
    }

    /** The servers that are gone: who still has a bucket has to give it away at once. */
    private Set<Endpoint> failed(Kept kept) {
        Set<Endpoint> failed = new HashSet<>();
        for (Bucket bucket : kept.buckets) {
            if (bucket.move() != null) {
                failed.add(bucket.move().server());
                bucket.move().next().ifPresent(failed::add);
            }
        }
        Set<Endpoint> doomed = pools.doomed();
        kept.service.allServers().forEach(server -> {
            if (!doomed.contains(server.endpoint())) {
                failed.remove(server.endpoint());
            }
        });
        return failed;
    }

    private List<Optional<Endpoint>> wanted(Kept kept) {
        Service service = pools.inForce(kept.service);
        List<Optional<Endpoint>> present = new ArrayList<>();
        for (Bucket bucket : kept.buckets) {
            present.add(Optional.ofNullable(bucket.move()).map(Move::target));
        }
        return kept.regroup != null
                ? kept.regroup.united(loads.wanted(service, kept.buckets, present))
                : loads.wanted(service, kept.buckets, present);
    }

    private void take(Kept kept, Bucket bucket, Plan.Step step) {
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
                                before.timed(timing(kept, before.server())).begin(step.to())));
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

    private void bind(Kept kept, Bucket bucket, Endpoint server, Optional<Endpoint> next) {
        Electorate electorate = balancers.get().electorate();
        long elected = electorate.elect(bucket.key());
        if (Electorate.owner(elected) == Electorate.NOBODY) {
            return;
        }
        Association proposal = new Association(
                        bucket.key(),
                        server,
                        electorate.member(Electorate.owner(elected)),
                        Electorate.backup(elected) == Electorate.NOBODY
                                ? null
                                : electorate.member(Electorate.backup(elected)),
                        electorate.view().number(),
                        0)
                .bound(server, next);
        settle(
                bucket,
                proposal,
                store.putIfAbsent(proposal),
                standing -> {
                    balancers.get().publish(standing);
                },
                standing -> {
                    tally.add(Count.BUCKETS_BOUND);
                    if (bucket.move() == null) {
                        put(
                                bucket,
                                null,
                                Move.resumed(
                                        standing.server(),
                                        standing.next(),
                                        bucket.pinnedElsewhere(standing.server()),
                                        timing(kept)));
                        tables.tick();
                    }
                    bucket.takeWaiting().forEach(path::again);
                });
    }

    private void rebind(Bucket bucket, Endpoint server, Optional<Endpoint> next, Runnable then) {
        Association before = bucket.association();
        if (before == null) {
            // Its binding is on its way to the store.
            return;
        }
        Association proposal = before.bound(server, next);
        settle(
                bucket,
                proposal,
                store.supersede(before, proposal),
                standing -> balancers.get().superseded(before, standing),
                standing -> {
                    then.run();
                    tables.tick();
                });
    }

    /** Takes what the store answered to a proposal first to the ILBs, on the bucket's stripe, then back to the control thread. */
    private void settle(
            Bucket bucket,
            Association proposal,
            CompletableFuture<Association> asked,
            Consumer<Association> tell,
            Consumer<Association> then) {
        bucket.busy(true);
        asked.whenComplete((answer, failure) -> stripes.execute(bucket.key(), () -> {
            if (failure != null) {
                // A store that fails costs durability, never service.
                tally.add(Count.STORE_FAILED);
            }
            Association standing = failure == null ? answer : proposal;
            tell.accept(standing);
            control.execute(() -> {
                bucket.busy(false);
                bucket.association(standing);
                then.accept(standing);
            });
        }));
    }

    /** Takes other bits of the port, as soon as the buckets that become one have one server. */
    private void regroup(Kept kept) {
        Regrouping regrouping = kept.regroup;
        if (regrouping == null) {
            return;
        }
        List<Optional<Endpoint>> servers = new ArrayList<>();
        List<Optional<Endpoint>> targets = new ArrayList<>();
        for (Bucket bucket : kept.buckets) {
            if (bucket.isBusy()) {
                return;
            }
            servers.add(Optional.ofNullable(bucket.move()).map(Move::server));
            targets.add(Optional.ofNullable(bucket.move()).map(Move::target));
        }
        if (!regrouping.isUnited(servers) || !regrouping.isUnited(targets)) {
            return;
        }
        Buckets wanted = kept.service.buckets().get();
        List<Optional<Endpoint>> inherited = regrouping.inherited(servers);
        List<Optional<Endpoint>> inheritedTargets = regrouping.inherited(targets);
        Bucket[] before = kept.buckets;
        kept.regroup(wanted);
        BucketMap.Gathered heirs = kept.gathered();
        Map<FlowKey, Association> standing = new HashMap<>();
        for (Bucket bucket : before) {
            bucket.succeededBy(heirs::of);
            if (bucket.association() != null) {
                standing.put(bucket.key(), bucket.association());
            }
        }
        for (Bucket bucket : kept.buckets) {
            inherited.get(bucket.index()).ifPresent(server -> {
                Optional<Endpoint> next = inheritedTargets.get(bucket.index()).filter(target -> !target.equals(server));
                put(bucket, null, Move.resumed(server, next, bucket.pinnedElsewhere(server), timing(kept)));
            });
        }
        // No segment meets a bucket that does not know yet what becomes of its connections.
        replaceMap();
        for (Bucket bucket : kept.buckets) {
            Move move = bucket.move();
            Association known = move == null ? null : standing.remove(bucket.key());
            if (known != null) {
                bucket.association(known);
            } else if (move != null) {
                bind(kept, bucket, move.server(), move.next());
            }
        }
        standing.values().forEach(this::end);
        tables.changed();
        planDue = true;
    }

    private void end(Bucket bucket) {
        if (bucket.association() != null) {
            end(bucket.association());
        }
    }

    private void end(Association association) {
        stripes.execute(association.key(), () -> {
            balancers.get().ended(association);
            store.remove(association).whenComplete((removed, failure) -> {
                if (failure != null) {
                    tally.add(Count.STORE_FAILED);
                }
            });
        });
    }

    /** One service's buckets. */
    private static final class Kept {

        private Service service;
        private Buckets granularity;
        private Bucket[] buckets;
        private Regrouping regroup;
        /** Null before the first plan. */
        private Haste haste;

        private boolean frozen;
        private long frozenAt;

        Kept(Service service, Buckets granularity) {
            this.service = service;
            regroup(granularity);
        }

        void regroup(Buckets next) {
            granularity = next;
            regroup = null;
            buckets = new Bucket[next.count()];
            Service gathered = service.inBuckets(Optional.of(next));
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new Bucket(i, gathered.bucket(i));
            }
        }

        boolean isFrozen() {
            return frozen;
        }

        void forEach(Consumer<Bucket> visitor) {
            for (Bucket bucket : buckets) {
                visitor.accept(bucket);
            }
        }

        BucketMap.Gathered gathered() {
            return new BucketMap.Gathered(granularity, buckets, frozen);
        }
    }
}
