package org.ilb.frontend;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperations;
import org.onosproject.net.flow.FlowRuleOperationsContext;
import org.onosproject.net.flow.FlowRuleService;

/** Puts the exact rules of connections on switches, and takes them away. Thread-safe; returns at once. */
final class RuleInstaller {

    /** ONOS calls nobody back when mastership moves at the wrong moment. */
    private static final int BARRIER_SECONDS = 2;

    private final FlowRuleService flows;

    RuleInstaller(FlowRuleService flows) {
        this.flows = flows;
    }

    /**
     * Puts a rule; one with the same match is replaced.
     *
     * @return completes when the switch has acknowledged the rule behind a barrier, or fails
     */
    CompletableFuture<Void> put(FlowRule rule) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        flows.apply(FlowRuleOperations.builder().add(rule).build(new FlowRuleOperationsContext() {
            @Override
            public void onSuccess(FlowRuleOperations operations) {
                done.complete(null);
            }

            @Override
            public void onError(FlowRuleOperations operations) {
                done.completeExceptionally(new IllegalStateException("the switch refused " + rule));
            }
        }));
        return done.orTimeout(BARRIER_SECONDS, TimeUnit.SECONDS);
    }

    /** Removes rules, without waiting. */
    void remove(Collection<FlowRule> rules) {
        if (rules.isEmpty()) {
            return;
        }
        FlowRuleOperations.Builder operations = FlowRuleOperations.builder();
        rules.forEach(operations::remove);
        flows.apply(operations.build());
    }
}
