package org.ilb.dataplane.fabric;

import static org.onlab.util.Tools.groupedThreads;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ilb.IlbId;
import org.ilb.dataplane.rule.Flattening;
import org.ilb.dataplane.rule.Pipeline;
import org.ilb.dataplane.rule.Rules;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperations;
import org.onosproject.net.flow.FlowRuleOperationsContext;
import org.onosproject.net.flow.FlowRuleService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the rules of buckets to the ILBs, each ILB at its own pace, and says when its switch has them.
 *
 * <p>A change goes in up to six steps, each acknowledged before the next: what wildcards of moving buckets will lead to, what
 * keeps SYNs from coming up there, the rules on TCP flags there, the wildcards, then what goes from the wildcards, at last what nothing leads to any more. So a
 * segment always meets either the former way or the new one, whole. Only what differs is sent. What is asked for while an ILB
 * is being changed waits and is then done in one go.
 *
 * <p>Apart from the {@link Reconciler}, because a bucket that moves waits for its rules, and shall not wait for a switch that
 * is slow with its others. Thread-safe; nothing waits in the caller's thread.
 */
final class BucketInstaller {

    private static final Logger log = LoggerFactory.getLogger(BucketInstaller.class);
    private static final long PATIENCE_MILLIS = 5_000;
    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long LAST_RETRY_MILLIS = 30_000;
    private static final long STOP_SECONDS = 5;

    private final FlowRuleService flows;
    private final ApplicationId app;
    private final Rules rules;
    private final Flattening flattening;
    private final FlagBoard flags;
    private final Function<IlbId, Optional<BucketRules.Inputs>> inputs;
    private final Function<IlbId, Optional<DeviceId>> writable;
    private final Map<IlbId, Lane> lanes = new HashMap<>();
    private final Set<IlbId> standing = ConcurrentHashMap.newKeySet();
    private volatile ScheduledThreadPoolExecutor thread;

    /**
     * Creates an installer.
     *
     * @param flows where rules are applied
     * @param app whose rules they are
     * @param flags where rules on TCP flags are wanted
     * @param inputs what an ILB's rules depend on at this moment; empty while it is unknown
     * @param writable the switch of an ILB, empty unless it is connected and this node's to write to
     */
    BucketInstaller(
            FlowRuleService flows,
            ApplicationId app,
            FlagBoard flags,
            Function<IlbId, Optional<BucketRules.Inputs>> inputs,
            Function<IlbId, Optional<DeviceId>> writable) {
        this.flows = flows;
        this.app = app;
        this.rules = new Rules(app);
        this.flattening = new Flattening(app);
        this.flags = flags;
        this.inputs = inputs;
        this.writable = writable;
    }

    void start() {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(1, groupedThreads("ilb", "buckets", log));
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread = executor;
    }

    /** Stops; whoever waits is told so. */
    void stop() {
        ScheduledThreadPoolExecutor stopped = thread;
        if (stopped == null) {
            return;
        }
        stopped.execute(() -> lanes.values().forEach(lane -> lane.fail("the fabric stops")));
        thread = null;
        stopped.shutdown();
        try {
            if (!stopped.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The rules of buckets do not come to an end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        standing.clear();
    }

    /**
     * Brings an ILB to what it shall have at this moment.
     *
     * @param ilb the ILB
     * @return done when its switch has acknowledged all of it
     */
    CompletableFuture<Void> bring(IlbId ilb) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        standing.remove(ilb);
        if (!execute(() -> lane(ilb).bring(done))) {
            done.completeExceptionally(new IllegalStateException("the fabric is stopped"));
        }
        return done;
    }

    /** Brings every ILB to what it shall have, where something changed that nobody waits for. */
    void refresh() {
        execute(() -> ImmutableList.copyOf(lanes.values()).forEach(Lane::refresh));
    }

    /**
     * Takes switches to have nothing of what they should have.
     *
     * @param devices the switches
     */
    void distrust(Collection<DeviceId> devices) {
        Set<DeviceId> returned = ImmutableSet.copyOf(devices);
        if (!returned.isEmpty()) {
            execute(() -> lanes.values().forEach(lane -> lane.distrust(returned)));
        }
    }

    /** Has the flow service asked what switches have. */
    void audit() {
        execute(() -> lanes.values().forEach(Lane::audit));
    }

    /** Tells whether a switch has acknowledged all that its ILB shall have. */
    boolean stands(IlbId ilb) {
        return standing.contains(ilb);
    }

    private Lane lane(IlbId ilb) {
        return lanes.computeIfAbsent(ilb, Lane::new);
    }

    private boolean execute(Runnable task) {
        ScheduledThreadPoolExecutor executor = thread;
        if (executor == null) {
            return false;
        }
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.error("Rules of buckets failed; they are tried again at the next change", e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            log.debug("Stopped already", e);
            return false;
        }
    }

    /** One ILB. On the installer's thread only. */
    private final class Lane {

        private final IlbId ilb;
        private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
        private List<CompletableFuture<Void>> served = ImmutableList.of();
        private DeviceId device;
        private Map<FlowRule, FlowRule> known;
        private BucketRules.Inputs done;
        private BucketRules.Inputs computedOf;
        private BucketRules computed;
        private boolean again;
        private long run;
        private boolean busy;
        private boolean distrusted;
        private long retryMillis = FIRST_RETRY_MILLIS;

        private Lane(IlbId ilb) {
            this.ilb = ilb;
        }

        private void bring(CompletableFuture<Void> asked) {
            waiting.add(asked);
            next();
        }

        private void refresh() {
            if (writable.apply(ilb).isEmpty()) {
                standing.remove(ilb);
                if (busy) {
                    abandon("its switch is gone");
                }
                return;
            }
            next();
        }

        private void distrust(Set<DeviceId> returned) {
            if (device != null && returned.contains(device)) {
                standing.remove(ilb);
                if (busy) {
                    abandon("its switch has come again");
                }
                known = null;
                done = null;
                distrusted = true;
                next();
            }
        }

        private void audit() {
            if (!busy) {
                known = null;
                done = null;
                next();
            }
        }

        private void fail(String why) {
            List<CompletableFuture<Void>> failed = new ArrayList<>(served);
            failed.addAll(waiting);
            served = ImmutableList.of();
            waiting.clear();
            IllegalStateException failure = new IllegalStateException("bucket rules at " + ilb + ": " + why);
            failed.forEach(future -> future.completeExceptionally(failure));
        }

        /** What is under way counts no more; what the switch has is asked for next time. */
        private void abandon(String why) {
            run++;
            busy = false;
            known = null;
            done = null;
            again = false;
            fail(why);
        }

        private void next() {
            if (busy) {
                again = true;
                return;
            }
            Optional<DeviceId> at = writable.apply(ilb);
            Optional<BucketRules.Inputs> wanted = inputs.apply(ilb);
            if (at.isEmpty() || wanted.isEmpty()) {
                standing.remove(ilb);
                fail(at.isEmpty() ? "its switch cannot be written to" : "it is not configured");
                return;
            }
            if (!at.get().equals(device)) {
                device = at.get();
                known = null;
                done = null;
            }
            served = ImmutableList.copyOf(waiting);
            waiting.clear();
            if (wanted.get().equals(done)) {
                succeed();
                return;
            }
            change(wanted.get());
        }

        private void change(BucketRules.Inputs wanted) {
            BucketRules target = compute(wanted);
            boolean unsure = known == null;
            boolean empty = distrusted;
            if (unsure) {
                known = ask();
            }
            Set<FlowRule> all = Sets.union(Sets.union(target.later(), target.quiet()), target.wildcards());
            List<FlowRule> gone =
                    known.keySet().stream().filter(rule -> !all.contains(rule)).collect(Collectors.toList());
            List<FlowRule> goneWildcards =
                    gone.stream().filter(Pipeline::isWildcard).collect(Collectors.toList());
            List<FlowRule> goneLater =
                    gone.stream().filter(rule -> !Pipeline.isWildcard(rule)).collect(Collectors.toList());
            boolean moreFlags = !flags.ofBuckets(device).containsAll(target.flags());
            flags.addBuckets(device, target.flags());
            busy = true;
            long mine = ++run;
            // Where nothing stands there is no order to keep, but there may be a hurry.
            apply(differing(empty ? all : target.later()), true)
                    .thenCompose(any -> onThread(mine, () -> apply(differing(target.quiet()), true)))
                    .thenCompose(any -> moreFlags || unsure && !target.flags().isEmpty()
                            ? flags.confirm(device)
                            : CompletableFuture.completedFuture(true))
                    .thenCompose(any -> onThread(mine, () -> apply(differing(target.wildcards()), true)))
                    .thenCompose(any -> onThread(mine, () -> apply(goneWildcards, false)))
                    .thenCompose(any -> onThread(mine, () -> {
                        flags.keepBuckets(device, target.flags());
                        return apply(goneLater, false);
                    }))
                    .whenComplete((any, failure) -> execute(() -> ended(mine, wanted, target, failure)));
        }

        private CompletableFuture<Void> onThread(long mine, Step step) {
            CompletableFuture<Void> result = new CompletableFuture<>();
            boolean accepted = execute(() -> {
                if (mine != run) {
                    result.completeExceptionally(new IllegalStateException("overtaken"));
                    return;
                }
                step.take().whenComplete((any, failure) -> {
                    if (failure == null) {
                        result.complete(null);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            });
            if (!accepted) {
                result.completeExceptionally(new IllegalStateException("stopped"));
            }
            return result;
        }

        private void ended(long mine, BucketRules.Inputs wanted, BucketRules target, Throwable failure) {
            if (mine != run) {
                return;
            }
            busy = false;
            if (failure != null) {
                log.warn(
                        "Switch {} did not take the rules of buckets; trying again later: {}",
                        device,
                        failure.toString());
                known = null;
                done = null;
                standing.remove(ilb);
                List<CompletableFuture<Void>> failed = served;
                served = ImmutableList.of();
                failed.forEach(future -> future.completeExceptionally(failure));
                retryLater();
            } else {
                retryMillis = FIRST_RETRY_MILLIS;
                done = wanted;
                if (target.unknown().isEmpty()) {
                    succeed();
                } else {
                    standing.remove(ilb);
                    List<CompletableFuture<Void>> failed = served;
                    served = ImmutableList.of();
                    IllegalStateException unknown = new IllegalStateException(
                            "bucket rules at " + ilb + ": nobody knows where servers are: " + target.unknown());
                    failed.forEach(future -> future.completeExceptionally(unknown));
                }
            }
            if (again || !waiting.isEmpty()) {
                again = false;
                next();
            }
        }

        private void succeed() {
            if (compute(done).unknown().isEmpty()) {
                standing.add(ilb);
            }
            List<CompletableFuture<Void>> happy = served;
            served = ImmutableList.of();
            happy.forEach(future -> future.complete(null));
        }

        private void retryLater() {
            ScheduledThreadPoolExecutor executor = thread;
            if (executor != null) {
                executor.schedule(() -> execute(this::next), retryMillis, TimeUnit.MILLISECONDS);
                retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
            }
        }

        private BucketRules compute(BucketRules.Inputs wanted) {
            if (!wanted.equals(computedOf)) {
                computed = BucketRules.of(wanted, rules, flattening);
                computedOf = wanted;
            }
            return computed;
        }

        /** What the switch has, as far as ONOS knows; after a reconnect, what has to be sent again in any case. */
        private Map<FlowRule, FlowRule> ask() {
            Map<FlowRule, FlowRule> has = new HashMap<>();
            for (FlowEntry entry : flows.getFlowEntries(device)) {
                boolean there = entry.state() == FlowEntry.FlowEntryState.ADDED
                        || entry.state() == FlowEntry.FlowEntryState.PENDING_ADD;
                if (entry.appId() == app.id() && there && Pipeline.isBucket(entry)) {
                    has.put(entry, distrusted ? null : entry);
                }
            }
            distrusted = false;
            return has;
        }

        private List<FlowRule> differing(Set<FlowRule> wanted) {
            return wanted.stream()
                    .filter(rule -> {
                        FlowRule present = known.get(rule);
                        return present == null || !present.treatment().equals(rule.treatment());
                    })
                    .collect(Collectors.toList());
        }

        private CompletableFuture<Void> apply(List<FlowRule> changed, boolean add) {
            CompletableFuture<Void> confirmed = new CompletableFuture<>();
            if (changed.isEmpty()) {
                confirmed.complete(null);
                return confirmed;
            }
            FlowRuleOperations.Builder batch = FlowRuleOperations.builder();
            Map<FlowRule, FlowRule> has = known;
            for (FlowRule rule : changed) {
                if (add) {
                    batch.add(rule);
                    // The key may be an equal rule with another treatment.
                    has.remove(rule);
                    has.put(rule, rule);
                } else {
                    batch.remove(rule);
                    has.remove(rule);
                }
            }
            flows.apply(batch.build(new FlowRuleOperationsContext() {
                @Override
                public void onSuccess(FlowRuleOperations operations) {
                    confirmed.complete(null);
                }

                @Override
                public void onError(FlowRuleOperations operations) {
                    confirmed.completeExceptionally(new IllegalStateException("the switch refused"));
                }
            }));
            return confirmed.orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** A step of a change, taken on the installer's thread. */
    private interface Step {
        CompletableFuture<Void> take();
    }
}
