package org.ilb.frontend;

import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.HashMap;
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
 */
final class RuleInstaller {

    /** ONOS calls nobody back when mastership moves at the wrong moment. */
    private static final int BARRIER_SECONDS = 2;

    private static final int BATCH = 500;

    private final FlowRuleService flows;
    private final Map<FlowRule, FlowKey> leaving = new ConcurrentHashMap<>();
    private final Map<FlowKey, Set<FlowRule>> unacknowledged = new ConcurrentHashMap<>();

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
        return apply(FlowRuleOperations.builder().add(rule));
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
        return apply(operations);
    }

    private CompletableFuture<Void> apply(FlowRuleOperations.Builder operations) {
        CompletableFuture<Void> done = new CompletableFuture<>();
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
        return done.orTimeout(BARRIER_SECONDS, TimeUnit.SECONDS);
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
