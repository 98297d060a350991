package org.ilb.frontend;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.association.AssociationStore;
import org.ilb.connection.Balancers;
import org.ilb.election.Electorate;

/**
 * The associations of buckets: what the store and the ILBs are told when a bucket is bound to a server, bound to another, or ends.
 *
 * <p>For the control thread only; what the store answers goes first to the ILBs, on the bucket's stripe, then back to the control
 * thread. A bucket is busy in between. A store that fails costs durability, never service.
 */
final class BucketBindings {

    private final Supplier<Balancers> balancers;
    private final AssociationStore store;
    private final Stripes stripes;
    private final Tally tally;
    private final Executor control;

    BucketBindings(
            Supplier<Balancers> balancers, AssociationStore store, Stripes stripes, Tally tally, Executor control) {
        this.balancers = balancers;
        this.store = store;
        this.stripes = stripes;
        this.tally = tally;
        this.control = control;
    }

    /**
     * Binds a bucket that has no association, unless there is nobody to own it.
     *
     * @param bucket the bucket
     * @param server its server
     * @param next where it is moving to, if it is
     * @param then is given what stands, which may be another node's
     */
    void bind(Bucket bucket, Endpoint server, Optional<Endpoint> next, Consumer<Association> then) {
        Electorate electorate = balancers.get().electorate();
        long elected = electorate.elect(bucket.key());
        if (Electorate.owner(elected) == Electorate.NOBODY) {
            return;
        }
        Association proposal = new Association(
                        bucket.key(),
                        server,
                        electorate.member(Electorate.owner(elected)),
                        Electorate.backup(elected) == Electorate.NOBODY
                                ? null
                                : electorate.member(Electorate.backup(elected)),
                        electorate.view().number(),
                        0)
                .bound(server, next);
        settle(
                bucket,
                proposal,
                store.putIfAbsent(proposal),
                standing -> balancers.get().publish(standing),
                standing -> {
                    tally.add(Count.BUCKETS_BOUND);
                    then.accept(standing);
                });
    }

    /**
     * Binds a bucket otherwise, unless its association is still on its way to the store.
     *
     * @param bucket the bucket
     * @param server its server
     * @param next where it is moving to, if it is
     * @param then is run when that stands
     */
    void rebind(Bucket bucket, Endpoint server, Optional<Endpoint> next, Runnable then) {
        Association before = bucket.association();
        if (before == null) {
            return;
        }
        Association proposal = before.bound(server, next);
        settle(
                bucket,
                proposal,
                store.supersede(before, proposal),
                standing -> balancers.get().superseded(before, standing),
                standing -> then.run());
    }

    private void settle(
            Bucket bucket,
            Association proposal,
            CompletableFuture<Association> asked,
            Consumer<Association> tell,
            Consumer<Association> then) {
        bucket.busy(true);
        asked.whenComplete((answer, failure) -> stripes.execute(bucket.key(), () -> {
            count(failure);
            Association standing = failure == null ? answer : proposal;
            tell.accept(standing);
            control.execute(() -> {
                bucket.busy(false);
                bucket.association(standing);
                then.accept(standing);
            });
        }));
    }

    /** Ends a bucket's association, if it has one. */
    void end(Bucket bucket) {
        if (bucket.association() != null) {
            end(bucket.association());
        }
    }

    /** Ends an association of a bucket. */
    void end(Association association) {
        stripes.execute(association.key(), () -> {
            balancers.get().ended(association);
            store.remove(association).whenComplete((removed, failure) -> count(failure));
        });
    }

    private void count(Throwable failure) {
        if (failure != null) {
            tally.add(Count.STORE_FAILED);
        }
    }
}
