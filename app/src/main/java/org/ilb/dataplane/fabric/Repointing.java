package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperations;
import org.onosproject.net.flow.FlowRuleService;

/**
 * The quick way to point replies away from an ILB that went out: it replaces the treatments that change, waits for no
 * switch, and leaves the thorough work to the reconciler.
 *
 * <p>The reconciler may be waiting for the very switch that went, or be sending the former rules at this moment. So it sends
 * again, afterwards, whatever was replaced here. Thread-safe.
 */
final class Repointing {

    private final FlowRuleService flows;
    private final Set<FlowRule> replaced = new HashSet<>();

    Repointing(FlowRuleService flows) {
        this.flows = flows;
    }

    /**
     * Replaces the treatments that differ.
     *
     * @param standing the rules that switches have, or are being brought to
     * @param wanted the rules that they should have
     * @param writable the switches to write to
     * @return how many were replaced
     */
    synchronized int repoint(Standing standing, Standing wanted, Set<DeviceId> writable) {
        int count = 0;
        for (DeviceId device : writable) {
            Map<FlowRule, FlowRule> has = new HashMap<>();
            standing.rules(device).forEach(rule -> has.put(rule, rule));
            FlowRuleOperations.Builder batch = FlowRuleOperations.builder();
            int size = 0;
            for (FlowRule rule : wanted.rules(device)) {
                FlowRule present = has.get(rule);
                boolean differs = present != null && !present.treatment().equals(rule.treatment());
                if (differs || replaced.contains(rule)) {
                    batch.add(rule);
                    replaced.add(rule);
                    size++;
                }
            }
            if (size > 0) {
                flows.apply(batch.build());
                count += size;
            }
        }
        return count;
    }

    /**
     * Takes the rules whose treatments were replaced since the last time.
     *
     * @return the rules
     */
    synchronized Set<FlowRule> takeReplaced() {
        Set<FlowRule> taken = ImmutableSet.copyOf(replaced);
        replaced.clear();
        return taken;
    }
}
