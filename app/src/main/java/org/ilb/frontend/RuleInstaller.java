package org.ilb.frontend;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.ilb.FlowKey;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperations;
import org.onosproject.net.flow.FlowRuleOperationsContext;
import org.onosproject.net.flow.FlowRuleService;

/**
 * Puts the exact rules of connections on switches, and takes them away: the former at once, the latter gathered into batches
 * unless told otherwise. Thread-safe; returns at once.
 *
 * <p>What is asked for one rule happens in that order. ONOS promises none between two calls: it does each on any of its threads,
 * so that a rule that is put right after its removal may be removed after all. Hence whatever concerns a rule waits until the switch
 * has acknowledged what was asked before for a rule with the same match.
 */
final class RuleInstaller {

    /** ONOS calls nobody back when mastership moves at the wrong moment. */
    private static final int BARRIER_SECONDS = 2;

    private static final int BATCH = 500;

    private final FlowRuleService flows;
    private final Map<FlowRule, FlowKey> leaving = new ConcurrentHashMap<>();
    private final Map<FlowKey, Set<FlowRule>> unacknowledged = new ConcurrentHashMap<>();
    /** The last that was asked for a rule, until it is acknowledged or has failed. */
    private final Map<FlowRule, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

    RuleInstaller(FlowRuleService flows) {
        this.flows = flows;
    }

    /**
     * Puts a rule; one with the same match is replaced.
     *
     * @return completes when the switch has acknowledged the rule behind a barrier, or fails
     */
    CompletableFuture<Void> put(FlowRule rule) {
        FlowKey leaver = leaving.remove(rule);
        if (leaver != null) {
            acknowledged(rule, leaver);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<CompletableFuture<Void>> before = new ArrayList<>(1);
        enter(rule, done, before);
        return inOrder(before, FlowRuleOperations.builder().add(rule), done, List.of(rule));
    }

    /**
     * Removes rules at once.
     *
     * @return completes when the switches have acknowledged it behind a barrier, or fails
     */
    CompletableFuture<Void> removeNow(Collection<FlowRule> rules) {
        if (rules.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        FlowRuleOperations.Builder operations = FlowRuleOperations.builder();
        rules.forEach(operations::remove);
        CompletableFuture<Void> done = new CompletableFuture<>();
        List<CompletableFuture<Void>> before = new ArrayList<>();
        // Two batches that entered some of the same rules in turn would wait for each other.
        synchronized (this) {
            rules.forEach(rule -> enter(rule, done, before));
        }
        return inOrder(before, operations, done, rules);
    }

    private void enter(FlowRule rule, CompletableFuture<Void> done, List<CompletableFuture<Void>> before) {
        CompletableFuture<Void> former = underWay.put(rule, done);
        // The same rule twice in one batch does not wait for itself.
        if (former != null && former != done) {
            before.add(former);
        }
    }

    private CompletableFuture<Void> inOrder(
            List<CompletableFuture<Void>> before,
            FlowRuleOperations.Builder operations,
            CompletableFuture<Void> done,
            Collection<FlowRule> rules) {
        done.whenComplete((nothing, failure) -> rules.forEach(rule -> underWay.remove(rule, done)));
        if (before.isEmpty()) {
            apply(operations, done);
        } else {
            CompletableFuture.allOf(before.toArray(new CompletableFuture<?>[0]))
                    .whenComplete((nothing, failure) -> apply(operations, done));
        }
        return done;
    }

    private void apply(FlowRuleOperations.Builder operations, CompletableFuture<Void> done) {
        done.orTimeout(BARRIER_SECONDS, TimeUnit.SECONDS);
        flows.apply(operations.build(new FlowRuleOperationsContext() {
            @Override
            public void onSuccess(FlowRuleOperations applied) {
                done.complete(null);
            }

            @Override
            public void onError(FlowRuleOperations refused) {
                done.completeExceptionally(new IllegalStateException("a switch refused " + refused));
            }
        }));
    }

    /** Removes a rule of a connection with the next batch, unless it is put again before. */
    void removeSoon(FlowKey key, FlowRule rule) {
        unacknowledged.compute(key, (k, rules) -> {
            Set<FlowRule> all = rules == null ? ConcurrentHashMap.newKeySet() : rules;
            all.add(rule);
            return all;
        });
        leaving.put(rule, key);
    }

    /** The rules of a connection that are being removed, and of which no switch has said that they are gone. */
    Collection<FlowRule> leaving(FlowKey key) {
        return ImmutableSet.copyOf(unacknowledged.getOrDefault(key, ImmutableSet.of()));
    }

    /** Removes what has gathered. */
    void flush() {
        while (!leaving.isEmpty()) {
            Map<FlowRule, FlowKey> batch = new HashMap<>();
            for (FlowRule rule : leaving.keySet()) {
                // Whoever takes it out of the map, this or a put, decides.
                FlowKey key = leaving.remove(rule);
                if (key != null) {
                    batch.put(rule, key);
                }
                if (batch.size() == BATCH) {
                    break;
                }
            }
            removeNow(batch.keySet()).whenComplete((nothing, failure) -> batch.forEach(this::acknowledged));
        }
    }

    private void acknowledged(FlowRule rule, FlowKey key) {
        unacknowledged.computeIfPresent(key, (k, rules) -> {
            rules.remove(rule);
            return rules.isEmpty() ? null : rules;
        });
    }
}
