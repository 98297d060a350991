package org.ilb.frontend;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.bucket.Move;
import org.ilb.dataplane.fabric.BucketRoute;
import org.ilb.dataplane.fabric.BucketTable;
import org.ilb.dataplane.fabric.Fabric;

/**
 * Keeps the bucket rules of all ILBs as the buckets' states want them, and knows how far each ILB has got.
 *
 * <p>Where a wildcard leads to a server although some connections of its bucket have another, their exact rules must stand
 * first. An ILB that may lack some is not <em>primed</em>: its wildcards of such buckets punt until all have been put. For the
 * control thread only.
 */
final class BucketTables {

    /** Exact rules under way to one ILB while it is being primed. */
    private static final int PACE = 250;

    /** Turns after which an ILB that could not be told is told again: what it lacks, a server's place or its switch, takes time. */
    private static final int PAUSE = 5;

    private final Fabric fabric;
    private final Pinning pinning;
    private final Executor control;
    private final Predicate<Ilb> reachable;
    private final Supplier<? extends Map<Endpoint, BucketMap.Gathered>> services;
    private final Pools pools;
    private final BooleanSupplier flags;
    private final Map<IlbId, AtIlb> ilbs = new HashMap<>();
    private long version = 1;

    BucketTables(
            Fabric fabric,
            Pinning pinning,
            Executor control,
            Predicate<Ilb> reachable,
            Supplier<? extends Map<Endpoint, BucketMap.Gathered>> services,
            Pools pools,
            BooleanSupplier flags) {
        this.fabric = fabric;
        this.pinning = pinning;
        this.control = control;
        this.reachable = reachable;
        this.services = services;
        this.pools = pools;
        this.flags = flags;
    }

    /** Takes note of the ILBs that there are. */
    void configure(List<Ilb> configured) {
        Map<IlbId, AtIlb> next = new HashMap<>();
        for (Ilb ilb : configured) {
            AtIlb known = ilbs.get(ilb.id());
            next.put(ilb.id(), known != null && known.ilb.equals(ilb) ? known : new AtIlb(ilb));
        }
        ilbs.clear();
        ilbs.putAll(next);
    }

    /** Takes note that a bucket has entered another state, and returns what {@link #stands} is to be asked about it. */
    long changed() {
        return ++version;
    }

    /** Whether every ILB that can be reached has acknowledged the states of a version. */
    boolean stands(long wanted) {
        return ilbs.values().stream().allMatch(at -> at.stands >= wanted || !reachable.test(at.ilb));
    }

    /** Whether an ILB has all bucket rules, so that it may be announced as in. */
    boolean isReady(IlbId ilb) {
        AtIlb at = ilbs.get(ilb);
        return services.get().isEmpty() || at != null && at.stands > 0 && at.primed;
    }

    /** All ILBs may lack exact rules of pinned connections. */
    void unprime() {
        ilbs.values().forEach(AtIlb::unprime);
        changed();
    }

    /** An ILB may lack exact rules of pinned connections. */
    void unprime(Ilb ilb) {
        AtIlb at = ilbs.get(ilb.id());
        if (at != null) {
            at.unprime();
            changed();
        }
    }

    /** Brings the ILBs nearer to what they should have. */
    void tick() {
        if (services.get().isEmpty() && ilbs.values().stream().allMatch(at -> at.stands == 0)) {
            return;
        }
        for (AtIlb at : ilbs.values()) {
            boolean isReachable = reachable.test(at.ilb);
            if (!isReachable && at.primed && !mustStand().isEmpty()) {
                // While it is away, connections are pinned at the others only.
                at.unprime();
                changed();
            }
            if (at.stands < version && !at.telling && (at.pause == 0 || at.pause-- == 0)) {
                tell(at);
            }
            if (isReachable && !at.primed && !at.priming && at.stands >= version) {
                prime(at);
            }
        }
    }

    /** The connections whose exact rules must stand at every ILB. */
    private List<FlowKey> mustStand() {
        List<FlowKey> all = new ArrayList<>();
        services.get().values().forEach(gathered -> gathered.buckets()
                .forEach(bucket -> all.addAll(bucket.mustStand())));
        return all;
    }

    private void tell(AtIlb at) {
        long told = version;
        at.telling = true;
        fabric.buckets(at.ilb.id(), tables(at.primed))
                .whenCompleteAsync(
                        (nothing, failure) -> {
                            at.telling = false;
                            if (failure == null) {
                                at.stands = Math.max(at.stands, told);
                                tick();
                            } else {
                                at.pause = PAUSE;
                            }
                        },
                        control);
    }

    private Map<Endpoint, BucketTable> tables(boolean primed) {
        ImmutableMap.Builder<Endpoint, BucketTable> tables = ImmutableMap.builder();
        services.get().forEach((service, gathered) -> {
            if (!gathered.isFrozen()) {
                ImmutableMap.Builder<Integer, BucketRoute> routes = ImmutableMap.builder();
                boolean serves = pools.serves(service);
                for (Bucket bucket : gathered.buckets()) {
                    route(bucket, primed, serves)
                            .ifPresent(route -> routes.put(bucket.key().sourcePort(), route));
                }
                tables.put(service, BucketTable.of(gathered.granularity().portMask(), routes.build()));
            }
        });
        return tables.build();
    }

    private Optional<BucketRoute> route(Bucket bucket, boolean primed, boolean serves) {
        Move move = bucket.move();
        if (move == null) {
            return Optional.empty();
        }
        if (!serves && pools.doomed().contains(move.server())) {
            // Nobody is there, and whoever speaks is told so.
            return Optional.of(BucketRoute.through(Optional.empty(), false));
        }
        // Who lives goes on; who is new has to be refused.
        boolean refusing = !serves && flags.getAsBoolean();
        if (move.direct() && !refusing) {
            return Optional.of(BucketRoute.direct(move.server()));
        }
        boolean sure = primed || bucket.mustStand().isEmpty();
        return Optional.of(BucketRoute.through(sure ? move.fallback() : Optional.empty(), move.synsUp() || refusing));
    }

    private void prime(AtIlb at) {
        at.priming = true;
        long since = at.unprimed;
        pin(at.ilb, mustStand())
                .whenCompleteAsync(
                        (nothing, failure) -> {
                            at.priming = false;
                            if (failure == null && at.unprimed == since) {
                                at.primed = true;
                                changed();
                                tick();
                            }
                        },
                        control);
    }

    /**
     * Puts exact rules of connections at every ILB that can be reached, as far as they are not there.
     *
     * @return completes when they stand; fails if some could not be put
     */
    CompletableFuture<Void> pinEverywhere(List<FlowKey> connections) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (AtIlb at : ilbs.values()) {
            if (reachable.test(at.ilb)) {
                all.add(pin(at.ilb, connections));
            } else {
                unprime(at.ilb);
            }
        }
        return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]));
    }

    private CompletableFuture<Void> pin(Ilb ilb, List<FlowKey> connections) {
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (int from = 0; from < connections.size(); from += PACE) {
            List<FlowKey> some = connections.subList(from, Math.min(from + PACE, connections.size()));
            last = last.thenCompose(nothing -> CompletableFuture.allOf(
                    some.stream().map(key -> pinning.pin(ilb, key)).toArray(CompletableFuture<?>[]::new)));
        }
        return last;
    }

    /** One ILB, and how far it has got. */
    private static final class AtIlb {

        private final Ilb ilb;
        /** The version that its switch has acknowledged, 0 for none. */
        private long stands;

        private boolean telling;
        private int pause;
        private boolean primed;
        /** How often something was found missing: what began before that does not prime it. */
        private long unprimed;

        private boolean priming;

        AtIlb(Ilb ilb) {
            this.ilb = ilb;
        }

        void unprime() {
            primed = false;
            unprimed++;
        }
    }
}
