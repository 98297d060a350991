package org.ilb.controller.openflow.flow;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.RemovalCause;
import com.google.common.collect.ImmutableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.onosproject.net.flow.CompletedBatchOperation;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.oldbatch.FlowRuleBatchEntry;
import org.onosproject.net.flow.oldbatch.FlowRuleBatchOperation;

/**
 * Batches that wait for their barrier reply, and the rules of theirs that the switch has refused so far. Thread-safe.
 *
 * <p>A batch that waits for longer than ten seconds fails as a whole. As in stock, it is noticed when the next batch comes
 * along, not by a clock: who needs an answer in time keeps a timeout of its own.
 */
final class PendingBatches {

    private static final int TIMEOUT_SECONDS = 10;

    private final Cache<Long, Pending> batches;
    private final BiConsumer<Long, CompletedBatchOperation> completed;

    /**
     * Creates the table.
     *
     * @param completed told each batch's number and outcome, once
     */
    PendingBatches(BiConsumer<Long, CompletedBatchOperation> completed) {
        this.completed = completed;
        this.batches = CacheBuilder.newBuilder()
                .expireAfterWrite(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .<Long, Pending>removalListener(n -> {
                    if (n.getCause() == RemovalCause.EXPIRED) {
                        completed.accept(n.getKey(), allFailed(n.getValue().batch));
                    }
                })
                .build();
    }

    /**
     * Notes a batch before it is sent.
     *
     * @param batch the batch
     * @param refused those of its rules that will not be sent
     */
    void add(FlowRuleBatchOperation batch, Set<FlowRule> refused) {
        Pending pending = new Pending(batch);
        pending.failed.addAll(refused);
        batches.put(batch.id(), pending);
    }

    /**
     * Notes that the switch refused a rule.
     *
     * @param batchId the batch's number
     * @param flowId the rule's flow id
     * @return whether the batch is waiting and the rule is one of its own
     */
    boolean failed(long batchId, long flowId) {
        Pending pending = batches.getIfPresent(batchId);
        if (pending == null) {
            return false;
        }
        for (FlowRuleBatchEntry entry : pending.batch.getOperations()) {
            if (entry.target().id().value() == flowId) {
                pending.failed.add(entry.target());
                return true;
            }
        }
        return false;
    }

    /**
     * Completes a batch: the switch has answered its barrier.
     *
     * @param batchId the batch's number
     * @return whether the batch was waiting
     */
    boolean complete(long batchId) {
        Pending pending = batches.getIfPresent(batchId);
        if (pending == null) {
            return false;
        }
        batches.invalidate(batchId);
        completed.accept(
                batchId,
                new CompletedBatchOperation(
                        pending.failed.isEmpty(), ImmutableSet.copyOf(pending.failed), pending.batch.deviceId()));
        return true;
    }

    /**
     * The outcome of a batch of which no rule was written.
     *
     * @param batch the batch
     * @return all of its rules as failures
     */
    static CompletedBatchOperation allFailed(FlowRuleBatchOperation batch) {
        Set<FlowRule> rules =
                batch.getOperations().stream().map(FlowRuleBatchEntry::target).collect(ImmutableSet.toImmutableSet());
        return new CompletedBatchOperation(false, rules, batch.deviceId());
    }

    private static final class Pending {
        private final FlowRuleBatchOperation batch;
        private final Set<FlowRule> failed = ConcurrentHashMap.newKeySet();

        Pending(FlowRuleBatchOperation batch) {
            this.batch = batch;
        }
    }
}
