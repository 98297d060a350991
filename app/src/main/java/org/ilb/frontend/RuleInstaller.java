package org.ilb.frontend;

import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
    private final Set<FlowRule> leaving = ConcurrentHashMap.newKeySet();

    RuleInstaller(FlowRuleService flows) {
        this.flows = flows;
    }

    /**
     * Puts a rule; one with the same match is replaced.
     *
     * @return completes when the switch has acknowledged the rule behind a barrier, or fails
     */
    CompletableFuture<Void> put(FlowRule rule) {
        leaving.remove(rule);
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

    /** Removes a rule with the next batch, unless it is put again before. */
    void removeSoon(FlowRule rule) {
        leaving.add(rule);
    }

    /** Removes what has gathered; returns whether there was anything. */
    boolean flush() {
        boolean any = false;
        while (!leaving.isEmpty()) {
            FlowRuleOperations.Builder operations = FlowRuleOperations.builder();
            int count = 0;
            for (Iterator<FlowRule> rules = leaving.iterator(); rules.hasNext() && count < BATCH; count++) {
                FlowRule rule = rules.next();
                // Whoever takes it out of the set, this or a put, decides.
                if (leaving.remove(rule)) {
                    operations.remove(rule);
                    any = true;
                }
            }
            flows.apply(operations.build());
        }
        return any;
    }
}
