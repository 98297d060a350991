package org.ilb.controller.openflow.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.CompletedBatchOperation;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.oldbatch.FlowRuleBatchEntry;
import org.onosproject.net.flow.oldbatch.FlowRuleBatchOperation;

class PendingBatchesTest {

    private static final long BATCH = 42;
    private static final DeviceId DEVICE = DeviceId.deviceId("of:0000000000000001");

    private final Map<Long, CompletedBatchOperation> completed = new HashMap<>();
    private final PendingBatches batches = new PendingBatches(completed::put);
    private final FlowRule first = rule(1);
    private final FlowRule second = rule(2);

    @Test
    void aBatchWithoutAnErrorSucceeds() {
        batches.add(batch(), Set.of());
        assertTrue(batches.complete(BATCH));
        assertTrue(completed.get(BATCH).isSuccess());
    }

    @Test
    void anErrorFailsTheRuleThatItNames() {
        batches.add(batch(), Set.of());
        assertTrue(batches.failed(BATCH, second.id().value()));
        batches.complete(BATCH);
        assertFalse(completed.get(BATCH).isSuccess());
        assertEquals(Set.of(second), completed.get(BATCH).failedItems());
    }

    @Test
    void aRuleThatWasNotSentFailsWithItsBatch() {
        batches.add(batch(), Set.of(first));
        batches.complete(BATCH);
        assertEquals(Set.of(first), completed.get(BATCH).failedItems());
    }

    @Test
    void errorsAndBarriersOfOthersChangeNothing() {
        batches.add(batch(), Set.of());
        assertFalse(batches.failed(BATCH + 1, first.id().value()));
        assertFalse(batches.failed(BATCH, rule(3).id().value()));
        assertFalse(batches.complete(BATCH + 1));
        assertTrue(completed.isEmpty());
    }

    @Test
    void aBatchCompletesOnce() {
        batches.add(batch(), Set.of());
        assertTrue(batches.complete(BATCH));
        assertFalse(batches.complete(BATCH));
    }

    private FlowRuleBatchOperation batch() {
        return new FlowRuleBatchOperation(
                List.of(
                        new FlowRuleBatchEntry(FlowRuleBatchEntry.FlowRuleOperation.ADD, first),
                        new FlowRuleBatchEntry(FlowRuleBatchEntry.FlowRuleOperation.ADD, second)),
                DEVICE,
                BATCH);
    }

    private static FlowRule rule(int priority) {
        return DefaultFlowRule.builder()
                .forDevice(DEVICE)
                .withPriority(priority)
                .fromApp(new DefaultApplicationId(9, "org.ilb.test"))
                .withSelector(DefaultTrafficSelector.emptySelector())
                .withTreatment(DefaultTrafficTreatment.emptyTreatment())
                .makePermanent()
                .build();
    }
}
