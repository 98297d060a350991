package org.ilb.frontend;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleService;

/** What exact rules have counted, as far as ONOS has asked the switches. Thread-safe. */
final class RuleCounts {

    private final FlowRuleService flows;
    private final LongSupplier nanoTime;
    private final LongSupplier millisTime;

    /**
     * Creates a reader.
     *
     * @param flows knows what switches reported
     * @param nanoTime the function's clock
     * @param millisTime the clock by which ONOS stamps what switches report
     */
    RuleCounts(FlowRuleService flows, LongSupplier nanoTime, LongSupplier millisTime) {
        this.flows = flows;
        this.nanoTime = nanoTime;
        this.millisTime = millisTime;
    }

    /** Reads a rule's count; a rule that is not on its switch counts nothing, as of now. */
    RuleCount of(FlowRule rule) {
        FlowEntry entry = flows.getFlowEntry(rule);
        long now = nanoTime.getAsLong();
        if (entry == null) {
            return new RuleCount(0, now);
        }
        long age = Math.max(0, millisTime.getAsLong() - entry.lastSeen());
        return new RuleCount(entry.packets(), now - TimeUnit.MILLISECONDS.toNanos(age));
    }
}
