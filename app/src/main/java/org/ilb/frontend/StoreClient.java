package org.ilb.frontend;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.association.AssociationStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store is asked and told of connections. To be called on the connection's stripe, to which its answers come back. A store
 * that fails costs durability, never service; it is counted.
 */
final class StoreClient {

    private static final Logger LOG = LoggerFactory.getLogger(StoreClient.class);

    private static final int READ_SECONDS = 2;

    private final AssociationStore store;
    private final Stripes stripes;
    private final Tally tally;
    private final LongSupplier nanoTime;
    /** What the store was asked and has not answered. */
    private final Map<FlowKey, Question> questions = new ConcurrentHashMap<>();

    StoreClient(AssociationStore store, Stripes stripes, Tally tally, LongSupplier nanoTime) {
        this.store = store;
        this.stripes = stripes;
        this.tally = tally;
        this.nanoTime = nanoTime;
    }

    /**
     * Asks what the store has of a connection.
     *
     * @param then is given the answer, unless the store fails
     */
    void ask(FlowKey key, Consumer<Optional<Association>> then) {
        Question question = questions.computeIfAbsent(key, k -> new Question());
        question.asked++;
        store.get(key)
                .orTimeout(READ_SECONDS, TimeUnit.SECONDS)
                .whenComplete((answer, failure) -> stripes.execute(key, () -> {
                    if (--question.asked == 0) {
                        questions.remove(key);
                    }
                    if (failure != null) {
                        tally.add(Count.STORE_FAILED);
                        return;
                    }
                    // The store may have answered before it heard of an end that came after the question.
                    then.accept(question.ended ? Optional.empty() : answer);
                }));
    }

    /**
     * Puts an owner's proposal, if its key is free or has what it supersedes.
     *
     * @param proposal the proposal
     * @param former what it supersedes, empty if the key should be free
     * @param then is given what stands: the proposal, too, if the store fails
     */
    void put(Association proposal, Optional<Association> former, Consumer<Association> then) {
        long askedAt = nanoTime.getAsLong();
        CompletableFuture<Association> written =
                former.isPresent() ? store.supersede(former.get(), proposal) : store.putIfAbsent(proposal);
        written.whenComplete((standing, failure) -> stripes.execute(proposal.key(), () -> {
            if (failure != null) {
                tally.add(Count.STORE_FAILED);
                LOG.debug("The store failed to put {}", proposal, failure);
            } else {
                tally.meters().stored(nanoTime.getAsLong() - askedAt);
            }
            then.accept(failure == null ? standing : proposal);
        }));
    }

    /** Tells the store what has changed of an association; if it fails, the connection's first segment after a restart costs a packet-in. */
    void replace(Association changed) {
        store.replace(changed).whenComplete((done, failure) -> count(failure));
    }

    /** Tells the store of the end of an association, which what it is being asked may have missed. */
    void remove(Association ended) {
        Question question = questions.get(ended.key());
        if (question != null) {
            question.ended = true;
        }
        store.remove(ended).whenComplete((removed, failure) -> count(failure));
    }

    private void count(Throwable failure) {
        if (failure != null) {
            tally.add(Count.STORE_FAILED);
        }
    }

    /** What the store is being asked about a connection. Touched by the connection's stripe only. */
    private static final class Question {

        private int asked;
        private boolean ended;
    }
}
