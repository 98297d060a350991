package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.ilb.dataplane.rule.Pipeline;
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
 * Makes the standing rules of the switches equal to what they should be, by the smallest difference.
 *
 * <p>It goes in four stages, so that a segment never meets a rule whose continuation is not there yet: first what is new in
 * the later tables, then what is new in table 0, then what goes from table 0, at last what goes from the later tables. Each
 * stage is one batch and one barrier for each switch, and waits for all of them; a switch that does not answer in time is
 * late, does not hold up the others further, and is compared afresh next time. A switch that may have lost all gets all at once.
 *
 * <p>What a switch has is remembered from one time to the next; when it is not known, after a reconnect for example, the
 * flow service is asked. Exact rules of connections and the rules of buckets are never looked at. Not thread-safe, and blocks while it waits.
 */
final class Reconciler {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private final FlowRuleService flows;
    private final ApplicationId app;
    private final Duration patience;
    private final Map<DeviceId, Map<FlowRule, FlowRule>> known = new HashMap<>();
    private final Set<DeviceId> empty = new HashSet<>();

    /**
     * Creates a reconciler.
     *
     * @param flows where rules are applied
     * @param app whose rules they are
     * @param patience how long a stage waits for the switches
     */
    Reconciler(FlowRuleService flows, ApplicationId app, Duration patience) {
        this.flows = flows;
        this.app = app;
        this.patience = patience;
    }

    /**
     * Forgets what a switch has, so that the flow service is asked next time.
     *
     * @param device the switch
     */
    void forget(DeviceId device) {
        known.remove(device);
    }

    /**
     * Takes a switch to have nothing of what it should have, so that all of it is sent again next time; what it should not
     * have is still removed.
     *
     * @param device the switch
     */
    void distrust(DeviceId device) {
        Map<FlowRule, FlowRule> rules = ask(device);
        rules.replaceAll((rule, same) -> null);
        known.put(device, rules);
        empty.add(device);
    }

    /**
     * Takes it that a rule's treatment in its switch is not known, so that it is sent again next time.
     *
     * @param rule a standing rule
     */
    void distrust(FlowRule rule) {
        Map<FlowRule, FlowRule> has = known.get(rule.deviceId());
        if (has != null) {
            has.put(rule, null);
        }
    }

    /**
     * Applies the difference between what switches have and what they should have.
     *
     * @param standing what they should have
     * @param writable the switches to write to
     * @return the switches that did not confirm or refused
     */
    Set<DeviceId> reconcile(Standing standing, Set<DeviceId> writable) {
        List<FlowRule> added = new ArrayList<>();
        List<FlowRule> removed = new ArrayList<>();
        for (DeviceId device : writable) {
            Map<FlowRule, FlowRule> has = known.computeIfAbsent(device, this::ask);
            Set<FlowRule> wanted = standing.rules(device);
            for (FlowRule rule : wanted) {
                FlowRule present = has.get(rule);
                if (present == null || !present.treatment().equals(rule.treatment())) {
                    added.add(rule);
                }
            }
            for (FlowRule rule : has.keySet()) {
                if (!wanted.contains(rule)) {
                    removed.add(rule);
                }
            }
        }
        Predicate<FlowRule> first = rule -> Pipeline.isIn(rule, Pipeline.CLASSIFY_TABLE);
        Set<DeviceId> late = new HashSet<>();
        // Where nothing stands there is no order to keep, but there may be a hurry.
        Predicate<FlowRule> early = first.negate().or(rule -> empty.contains(rule.deviceId()));
        add(select(added, early), late);
        add(select(added, early.negate()), late);
        empty.removeAll(writable);
        remove(select(removed, first), late);
        remove(select(removed, first.negate()), late);
        if (!added.isEmpty() || !removed.isEmpty()) {
            log.debug("Standing rules: {} added, {} removed, late: {}", added.size(), removed.size(), late);
        }
        late.forEach(this::forget);
        return late;
    }

    /**
     * Removes every standing rule of the application from every switch, those of buckets among them.
     *
     * @return true if all switches confirmed
     */
    boolean clear() {
        List<FlowRule> all = new ArrayList<>();
        for (FlowEntry entry : flows.getFlowEntriesById(app)) {
            if (isStanding(entry) || isThere(entry) && Pipeline.isBucket(entry)) {
                all.add(entry);
            }
        }
        known.clear();
        Predicate<FlowRule> first = rule -> Pipeline.isIn(rule, Pipeline.CLASSIFY_TABLE);
        Set<DeviceId> late = new HashSet<>();
        remove(select(all, first), late);
        remove(select(all, first.negate()), late);
        known.clear();
        return late.isEmpty();
    }

    private Map<FlowRule, FlowRule> ask(DeviceId device) {
        Map<FlowRule, FlowRule> has = new HashMap<>();
        for (FlowEntry entry : flows.getFlowEntries(device)) {
            if (entry.appId() == app.id() && isStanding(entry)) {
                has.put(entry, entry);
            }
        }
        return has;
    }

    private static boolean isStanding(FlowEntry entry) {
        return !Pipeline.isExact(entry) && !Pipeline.isBucket(entry) && isThere(entry);
    }

    private static boolean isThere(FlowEntry entry) {
        return entry.state() == FlowEntry.FlowEntryState.ADDED || entry.state() == FlowEntry.FlowEntryState.PENDING_ADD;
    }

    private static List<FlowRule> select(Collection<FlowRule> rules, Predicate<FlowRule> which) {
        return rules.stream().filter(which).collect(ImmutableList.toImmutableList());
    }

    private void add(List<FlowRule> rules, Set<DeviceId> late) {
        apply(rules, FlowRuleOperations.Builder::add, late);
        for (FlowRule rule : rules) {
            known.computeIfAbsent(rule.deviceId(), device -> new HashMap<>()).remove(rule);
            known.get(rule.deviceId()).put(rule, rule);
        }
    }

    private void remove(List<FlowRule> rules, Set<DeviceId> late) {
        apply(rules, FlowRuleOperations.Builder::remove, late);
        for (FlowRule rule : rules) {
            known.getOrDefault(rule.deviceId(), new HashMap<>()).remove(rule);
        }
    }

    /** One operation in the builder: add or remove. */
    private interface Operation {
        FlowRuleOperations.Builder to(FlowRuleOperations.Builder builder, FlowRule rule);
    }

    private void apply(List<FlowRule> rules, Operation operation, Set<DeviceId> late) {
        Map<DeviceId, FlowRuleOperations.Builder> batches = new HashMap<>();
        for (FlowRule rule : rules) {
            operation.to(batches.computeIfAbsent(rule.deviceId(), device -> FlowRuleOperations.builder()), rule);
        }
        Map<DeviceId, CompletableFuture<Boolean>> confirmations = new HashMap<>();
        batches.forEach((device, batch) -> {
            CompletableFuture<Boolean> confirmed = new CompletableFuture<>();
            flows.apply(batch.build(new Confirmation(device, confirmed)));
            if (!late.contains(device)) {
                confirmations.put(device, confirmed);
            }
        });
        long deadline = System.nanoTime() + patience.toNanos();
        confirmations.forEach((device, confirmed) -> {
            if (!await(confirmed, deadline)) {
                late.add(device);
            }
        });
    }

    private static boolean await(CompletableFuture<Boolean> confirmed, long deadline) {
        try {
            return confirmed.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Hears from ONOS whether a switch took a batch. */
    private static final class Confirmation implements FlowRuleOperationsContext {

        private final DeviceId device;
        private final CompletableFuture<Boolean> confirmed;

        private Confirmation(DeviceId device, CompletableFuture<Boolean> confirmed) {
            this.device = device;
            this.confirmed = confirmed;
        }

        @Override
        public void onSuccess(FlowRuleOperations operations) {
            confirmed.complete(true);
        }

        @Override
        public void onError(FlowRuleOperations operations) {
            log.warn("Switch {} did not take all of {} standing rules; trying again later", device, size(operations));
            log.debug("Not taken by {}: {}", device, operations);
            confirmed.complete(false);
        }

        private static int size(FlowRuleOperations operations) {
            return operations.stages().stream().mapToInt(Set::size).sum();
        }
    }
}
