package org.ilb.association;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.onosproject.store.service.AsyncIterator;

/**
 * One pass over an asynchronous iterator, however long: in a loop while entries are at hand, and going on when more have been
 * fetched. (Chaining futures instead would need a stack as deep as the map is large.)
 */
final class Iteration<T> {

    private final AsyncIterator<T> entries;
    private final Consumer<T> visitor;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private Iteration(AsyncIterator<T> entries, Consumer<T> visitor) {
        this.entries = entries;
        this.visitor = visitor;
    }

    /** Visits all entries, one at a time; completes after the last, or with the first error. */
    static <T> CompletableFuture<Void> over(AsyncIterator<T> entries, Consumer<T> visitor) {
        Iteration<T> iteration = new Iteration<>(entries, visitor);
        iteration.goOn();
        return iteration.end;
    }

    private void goOn() {
        boolean more = true;
        while (more) {
            CompletableFuture<T> next = entries.hasNext()
                    .thenCompose(has -> has ? entries.next() : CompletableFuture.completedFuture(null));
            if (next.isDone()) {
                more = visit(next);
            } else {
                more = false;
                next.whenComplete((entry, error) -> {
                    if (visit(next)) {
                        goOn();
                    }
                });
            }
        }
    }

    /** Visits an entry that is at hand; false at the end, for better or worse. */
    private boolean visit(CompletableFuture<T> next) {
        try {
            T entry = next.join();
            if (entry != null) {
                visitor.accept(entry);
                return true;
            }
            end.complete(null);
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
        return false;
    }
}
