package org.ilb.association;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.ilb.Association;
import org.ilb.FlowKey;

/**
 * The truth about associations, shared by all who decide (promise 4: one writer).
 *
 * <p>No call blocks: each returns at once, whatever state the store is in. The futures complete on the store's own threads,
 * and exceptionally with a {@link StoreException} if the store failed, in which case a write may or may not have happened.
 * Every write is idempotent, so repeating one is always safe. Thread-safe.
 *
 * <p>States are not stored, for they change more often than what must last: what comes from the store is
 * {@link org.ilb.AssociationState#ESTABLISHED}.
 */
public interface AssociationStore extends AutoCloseable {

    /**
     * Creates an association unless its connection has one already.
     *
     * @param proposal what the owner decided
     * @return what stands: the proposal, or what was there before it; who loses adopts the winner's
     */
    CompletableFuture<Association> putIfAbsent(Association proposal);

    /**
     * Creates an association in place of one of an older epoch, of the connection that had its key before. Puts it, too, if the
     * connection has none by now.
     *
     * @param former what it supersedes
     * @param proposal what the owner decided, of another epoch
     * @return what stands: the proposal, or what somebody else put in place of the former; who loses adopts the winner's
     * @throws IllegalArgumentException if both are of one epoch or of different connections
     */
    CompletableFuture<Association> supersede(Association former, Association proposal);

    /**
     * Looks a connection up.
     *
     * @param key the connection
     * @return its association, empty if there is none
     */
    CompletableFuture<Optional<Association>> get(FlowKey key);

    /**
     * Replaces owner, backup, view and receiving ILB of an association. Changes nothing if the connection has none by now, or
     * if it is another one: one with another initial sequence number or another server.
     *
     * @param association the association as a later view elects it, or as another ILB receives it
     * @return true if it stands now
     */
    CompletableFuture<Boolean> replace(Association association);

    /**
     * Removes an association. Removes nothing if the connection has another one by now, one with another initial sequence
     * number: the end of an older epoch ends nothing later.
     *
     * @param association the association that ended
     * @return true if it was removed
     */
    CompletableFuture<Boolean> remove(Association association);

    /**
     * Returns every association, for when a node starts.
     *
     * @return all that stand, in no order; those written meanwhile may or may not be among them
     */
    CompletableFuture<List<Association>> all();

    /**
     * Adds a listener to what others write: other nodes that share this store. Who writes knows what was written from the
     * future.
     *
     * @param listener the listener
     */
    void addListener(AssociationListener listener);

    /**
     * Removes a listener.
     *
     * @param listener the listener
     */
    void removeListener(AssociationListener listener);

    /** Stops using the store; what it holds stays. Calls after this fail. */
    @Override
    void close();

    /**
     * Removes the store and all it holds, on every node, and closes it.
     *
     * @return completes when nothing of it is left
     */
    CompletableFuture<Void> destroy();
}
