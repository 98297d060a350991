package org.ilb.association;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Bounds how many asynchronous operations are under way; the others wait their turn, up to a bound too.
 *
 * <p>ONOS's replicated maps lose requests when hundreds are in flight at once, and then stand still until a time-out. So few
 * are let out, and when even the queue is full an operation fails at once instead of waiting for ever.
 *
 * <p>Operations that nobody waits for are patient: they let all others go first and take a quarter of the places at most, so
 * that a change of the view, which writes to many associations, does not hold up new connections.
 *
 * <p>Once closed it lets nobody out any more: who waits is told so, and who is out is seen home.
 *
 * <p>Never blocks. Thread-safe.
 */
final class Window {

    private int size;
    private final int queueSize;
    private int patientSize;
    private final int patientQueueSize;
    private final Queue<Operation<?>> queue = new ArrayDeque<>();
    private final Queue<Operation<?>> patientQueue = new ArrayDeque<>();
    private int inFlight;
    private int patientInFlight;
    /** Not null once it is closed; completes when nothing is under way. */
    private volatile CompletableFuture<Void> quiet;

    Window(int size, int queueSize, int patientQueueSize) {
        this.queueSize = queueSize;
        this.patientQueueSize = patientQueueSize;
        resize(size);
    }

    /** Lets so many operations be under way; what is under way beyond that is seen out. */
    final void resize(int newSize) {
        List<Operation<?>> started = new ArrayList<>();
        synchronized (queue) {
            size = newSize;
            patientSize = Math.max(1, newSize / 4);
            while (inFlight < size && !queue.isEmpty()) {
                started.add(queue.poll());
                inFlight++;
            }
        }
        started.forEach(this::run);
    }

    /**
     * Fails all that wait and all that is to come.
     *
     * @return completes when what is under way is complete
     */
    CompletableFuture<Void> close() {
        List<Operation<?>> dismissed = new ArrayList<>();
        synchronized (queue) {
            if (quiet == null) {
                quiet = new CompletableFuture<>();
            }
            dismissed.addAll(queue);
            queue.clear();
            dismissed.addAll(patientQueue);
            patientQueue.clear();
        }
        dismissed.forEach(Operation::dismiss);
        tellWhenQuiet();
        return quiet;
    }

    private void tellWhenQuiet() {
        if (quiet == null) {
            return;
        }
        boolean over;
        synchronized (queue) {
            over = inFlight == 0;
        }
        if (over) {
            quiet.complete(null);
        }
    }

    private static StoreException closed() {
        return new StoreException("the association store is closed");
    }

    /** Starts an operation now or when one of those under way is complete. */
    <T> CompletableFuture<T> submit(Supplier<CompletableFuture<T>> start) {
        Operation<T> operation = new Operation<>(start, false);
        synchronized (queue) {
            if (quiet != null) {
                return CompletableFuture.failedFuture(closed());
            }
            if (inFlight >= size) {
                return enqueue(operation, queue, queueSize);
            }
            inFlight++;
        }
        run(operation);
        return operation.result;
    }

    /** Starts an operation when no other waits. */
    <T> CompletableFuture<T> submitPatient(Supplier<CompletableFuture<T>> start) {
        Operation<T> operation = new Operation<>(start, true);
        synchronized (queue) {
            if (quiet != null) {
                return CompletableFuture.failedFuture(closed());
            }
            if (inFlight >= size || patientInFlight >= patientSize) {
                return enqueue(operation, patientQueue, patientQueueSize);
            }
            inFlight++;
            patientInFlight++;
        }
        run(operation);
        return operation.result;
    }

    private static <T> CompletableFuture<T> enqueue(Operation<T> operation, Queue<Operation<?>> queue, int bound) {
        if (queue.size() == bound) {
            return CompletableFuture.failedFuture(
                    new StoreException("the association store has " + bound + " operations waiting"));
        }
        queue.add(operation);
        return operation.result;
    }

    /** Starts an operation, if there is one, and those that may follow it at once. */
    private void run(Operation<?> first) {
        Operation<?> next = first;
        // A loop, not a recursion: operations that complete at once would otherwise pile up on the stack.
        while (next != null) {
            Operation<?> current = next;
            next = current.start(() -> completed(current)) ? take(current) : null;
        }
        tellWhenQuiet();
    }

    private void completed(Operation<?> operation) {
        run(take(operation));
    }

    /** Takes the eldest that waits in place of one that is complete, or gives its place in flight back. */
    private Operation<?> take(Operation<?> complete) {
        synchronized (queue) {
            patientInFlight -= complete.patient ? 1 : 0;
            if (inFlight > size) {
                inFlight--;
                return null;
            }
            Operation<?> next = queue.poll();
            if (next == null && patientInFlight < patientSize) {
                next = patientQueue.poll();
                patientInFlight += next == null ? 0 : 1;
            }
            if (next == null) {
                inFlight--;
            }
            return next;
        }
    }

    /** One operation and what becomes of it. */
    private static final class Operation<T> {

        private final Supplier<CompletableFuture<T>> start;
        private final boolean patient;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Operation(Supplier<CompletableFuture<T>> start, boolean patient) {
            this.start = start;
            this.patient = patient;
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

        void dismiss() {
            result.completeExceptionally(closed());
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
