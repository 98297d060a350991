package org.ilb.association;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Bounds how many asynchronous operations are under way; the others wait their turn, up to a bound too.
 *
 * <p>ONOS's replicated maps lose requests when hundreds are in flight at once, and then stand still until a time-out. So few
 * are let out, and when even the queue is full an operation fails at once instead of waiting for ever.
 *
 * <p>Never blocks. Thread-safe.
 */
final class Window {

    private final int size;
    private final int queueSize;
    private final Queue<Operation<?>> queue = new ArrayDeque<>();
    private int inFlight;

    Window(int size, int queueSize) {
        this.size = size;
        this.queueSize = queueSize;
    }

    /** Starts an operation now or when one of those under way is complete. */
    <T> CompletableFuture<T> submit(Supplier<CompletableFuture<T>> start) {
        Operation<T> operation = new Operation<>(start);
        synchronized (queue) {
            if (inFlight == size) {
                if (queue.size() == queueSize) {
                    return CompletableFuture.failedFuture(
                            new StoreException("the association store has " + queueSize + " operations waiting"));
                }
                queue.add(operation);
                return operation.result;
            }
            inFlight++;
        }
        run(operation);
        return operation.result;
    }

    private void run(Operation<?> first) {
        Operation<?> next = first;
        // A loop, not a recursion: operations that complete at once would otherwise pile up on the stack.
        while (next != null) {
            next = next.start(this::completed) ? take() : null;
        }
    }

    private void completed() {
        Operation<?> next = take();
        if (next != null) {
            run(next);
        }
    }

    /** Takes the eldest that waits, or gives its place in flight back. */
    private Operation<?> take() {
        synchronized (queue) {
            Operation<?> next = queue.poll();
            if (next == null) {
                inFlight--;
            }
            return next;
        }
    }

    /** One operation and what becomes of it. */
    private static final class Operation<T> {

        private final Supplier<CompletableFuture<T>> start;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Operation(Supplier<CompletableFuture<T>> start) {
            this.start = start;
        }

        /** Starts; returns true if it completed at once, else calls back when it does. */
        boolean start(Runnable onLateCompletion) {
            CompletableFuture<T> running;
            try {
                running = start.get();
            } catch (RuntimeException e) {
                running = CompletableFuture.failedFuture(e);
            }
            if (running.isDone()) {
                running.whenComplete(this::complete);
                return true;
            }
            running.whenComplete((value, error) -> {
                complete(value, error);
                onLateCompletion.run();
            });
            return false;
        }

        private void complete(T value, Throwable error) {
            if (error == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(error);
            }
        }
    }
}
