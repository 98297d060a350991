package org.ilb.association;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.onosproject.store.service.AsyncConsistentMapAdapter;
import org.onosproject.store.service.AsyncIterator;
import org.onosproject.store.service.MapEvent;
import org.onosproject.store.service.MapEventListener;
import org.onosproject.store.service.Versioned;

/**
 * ONOS's replicated map as far as the store uses it: versions, compare-and-set, events to everybody; answers can be held
 * back.
 */
final class FakeMap extends AsyncConsistentMapAdapter<String, byte[]> {

    private final Map<String, Versioned<byte[]>> content = new TreeMap<>();
    private final List<Consumer<MapEvent<String, byte[]>>> listeners = new ArrayList<>();
    private final List<Executor> executors = new ArrayList<>();
    private final Queue<Runnable> heldBack = new ArrayDeque<>();
    private long version;
    private boolean holding;

    synchronized void hold(boolean held) {
        holding = held;
    }

    /** Answers the eldest that was held back. */
    boolean step() {
        Runnable answer;
        synchronized (this) {
            answer = heldBack.poll();
        }
        if (answer != null) {
            answer.run();
        }
        return answer != null;
    }

    /** Waits until all events so far were delivered: those of one listener are delivered in order. */
    void settle() throws InterruptedException {
        for (Executor executor : executors) {
            CountDownLatch delivered = new CountDownLatch(1);
            executor.execute(delivered::countDown);
            if (!delivered.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("events are not delivered");
            }
        }
    }

    synchronized int underWay() {
        return heldBack.size();
    }

    synchronized void corrupt(String key, byte[] value) {
        content.put(key, new Versioned<>(value, ++version));
    }

    private synchronized <T> CompletableFuture<T> answer(Supplier<T> operation) {
        if (!holding) {
            return CompletableFuture.completedFuture(operation.get());
        }
        CompletableFuture<T> future = new CompletableFuture<>();
        heldBack.add(() -> {
            T result;
            synchronized (this) {
                result = operation.get();
            }
            future.complete(result);
        });
        return future;
    }

    private void set(String key, byte[] value) {
        Versioned<byte[]> after = value == null ? null : new Versioned<>(value, ++version);
        Versioned<byte[]> before = value == null ? content.remove(key) : content.put(key, after);
        MapEvent<String, byte[]> event = new MapEvent<>("fake", key, after, before);
        listeners.forEach(listener -> listener.accept(event));
    }

    @Override
    public CompletableFuture<Versioned<byte[]>> get(String key) {
        return answer(() -> content.get(key));
    }

    @Override
    public CompletableFuture<Versioned<byte[]>> putIfAbsent(String key, byte[] value) {
        return answer(() -> {
            Versioned<byte[]> standing = content.get(key);
            if (standing == null) {
                set(key, value);
            }
            return standing;
        });
    }

    @Override
    public CompletableFuture<Boolean> replace(String key, long expected, byte[] value) {
        return answer(() -> changeVersion(key, expected, value));
    }

    @Override
    public CompletableFuture<Boolean> remove(String key, long expected) {
        return answer(() -> changeVersion(key, expected, null));
    }

    private boolean changeVersion(String key, long expected, byte[] value) {
        Versioned<byte[]> standing = content.get(key);
        boolean same = standing != null && standing.version() == expected;
        if (same) {
            set(key, value);
        }
        return same;
    }

    @Override
    public CompletableFuture<Void> clear() {
        return answer(() -> {
            new ArrayList<>(content.keySet()).forEach(key -> set(key, null));
            return null;
        });
    }

    @Override
    public CompletableFuture<Void> destroy() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<AsyncIterator<Map.Entry<String, Versioned<byte[]>>>> iterator() {
        return answer(() -> new Entries(new ArrayList<>(content.entrySet()).iterator()));
    }

    @Override
    public synchronized CompletableFuture<Void> addListener(
            MapEventListener<String, byte[]> listener, Executor executor) {
        executors.add(executor);
        listeners.add(event -> executor.execute(() -> listener.event(event)));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Void> removeListener(MapEventListener<String, byte[]> listener) {
        return CompletableFuture.completedFuture(null);
    }

    /** The entries that there were when somebody began to iterate. */
    private final class Entries implements AsyncIterator<Map.Entry<String, Versioned<byte[]>>> {

        private final Iterator<Map.Entry<String, Versioned<byte[]>>> entries;

        Entries(Iterator<Map.Entry<String, Versioned<byte[]>>> entries) {
            this.entries = entries;
        }

        @Override
        public CompletableFuture<Boolean> hasNext() {
            return answer(entries::hasNext);
        }

        @Override
        public CompletableFuture<Map.Entry<String, Versioned<byte[]>>> next() {
            return answer(entries::next);
        }
    }
}
