package org.ilb.association;

import static org.onlab.util.Tools.groupedThreads;

import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.onosproject.store.serializers.KryoNamespaces;
import org.onosproject.store.service.AsyncConsistentMap;
import org.onosproject.store.service.MapEvent;
import org.onosproject.store.service.MapEventListener;
import org.onosproject.store.service.Serializer;
import org.onosproject.store.service.StorageService;
import org.onosproject.store.service.Versioned;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The truth about associations in a replicated map of ONOS: durable, and the same on every controller node.
 *
 * <p>At most 64 operations, unless told otherwise, are under way at once (see {@link Window}) and 20,000 wait; more fail at once. Replacing lets
 * everything else go first. What else this store writes about one connection takes effect in the order in which it was asked,
 * though each write may be several operations of the map. An operation that gets no answer within 15 s fails. Futures complete and listeners are called on two threads of this store's own, so that
 * nothing that is done there can hold up ONOS.
 *
 * <p>Thread-safe.
 */
public final class DistributedAssociationStore implements AssociationStore {

    /** The name of the map. */
    public static final String MAP = "ilb-associations";

    private static final Logger LOG = LoggerFactory.getLogger(DistributedAssociationStore.class);

    private static final int IN_FLIGHT = 64;
    private static final int WAITING = 20_000;
    /** What one of sixteen ILBs that leaves moves of a million associations, and more. */
    private static final int PATIENTLY_WAITING = 150_000;

    private static final int TIMEOUT_SECONDS = 15;
    /** How long what is under way may take before all is cleared regardless. */
    private static final int QUIET_SECONDS = 2;

    private static final int ATTEMPTS = 3;

    private final AsyncConsistentMap<String, byte[]> map;
    private final int writer = ThreadLocalRandom.current().nextInt();
    private final AssociationCodec codec = new AssociationCodec();
    private final Window window = new Window(IN_FLIGHT, WAITING, PATIENTLY_WAITING);
    private final List<AssociationListener> listeners = new CopyOnWriteArrayList<>();
    private final MapEventListener<String, byte[]> mapListener = this::heard;
    private final ExecutorService answers = Executors.newSingleThreadExecutor(groupedThreads("onos/ilb", "store"));
    private final ExecutorService events =
            Executors.newSingleThreadExecutor(groupedThreads("onos/ilb", "store-events"));

    /** What this store writes, by the key: the last of the writes under way, which the next has to wait for. */
    private final Map<String, CompletableFuture<Void>> writing = new ConcurrentHashMap<>();

    /** What this store is removing: the event of it will name who wrote the association, not who removed it. */
    private final Set<String> removing = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * Opens the store. This waits for ONOS to open the map, so it belongs into activation and onto no segment's path.
     *
     * @param storage where the map is kept
     */
    public DistributedAssociationStore(StorageService storage) {
        this(storage.<String, byte[]>consistentMapBuilder()
                .withName(MAP)
                .withSerializer(Serializer.using(KryoNamespaces.BASIC))
                .buildAsyncMap());
    }

    DistributedAssociationStore(AsyncConsistentMap<String, byte[]> map) {
        this.map = map;
        map.addListener(mapListener, this::deliver).whenComplete((done, error) -> {
            if (error != null) {
                // What others decide is then found out by a miss and a question: slower, never wrong.
                LOG.warn("Cannot hear what other nodes write to {}", MAP, error);
            }
        });
    }

    /**
     * Sets how many operations may be under way at once.
     *
     * @param inFlight 1 or more; with hundreds ONOS's maps lose requests
     */
    public void bound(int inFlight) {
        window.resize(inFlight);
    }

    @Override
    public CompletableFuture<Association> putIfAbsent(Association proposal) {
        String key = codec.key(proposal.key());
        byte[] value = codec.value(proposal, writer);
        return write(
                key, () -> map.putIfAbsent(key, value), standing -> standing == null ? proposal : read(key, standing));
    }

    @Override
    public CompletableFuture<Association> supersede(Association former, Association proposal) {
        LocalAssociationStore.checkSupersedes(former, proposal);
        String key = codec.key(proposal.key());
        byte[] value = codec.value(proposal, writer);
        return write(
                key,
                () -> supersede(key, former, value, ATTEMPTS),
                standing -> standing == null ? proposal : read(key, standing));
    }

    /** Puts a value in place of a former association or of none; completes with null, or with what stands instead. */
    private CompletableFuture<Versioned<byte[]>> supersede(String key, Association former, byte[] value, int attempts) {
        return map.get(key).thenCompose(standing -> {
            if (standing == null) {
                return map.putIfAbsent(key, value);
            }
            if (!isSameEpoch(read(key, standing), former)) {
                return CompletableFuture.completedFuture(standing);
            }
            return map.replace(key, standing.version(), value).thenCompose(replaced -> {
                if (replaced) {
                    return CompletableFuture.completedFuture(null);
                }
                return attempts == 1
                        ? CompletableFuture.failedFuture(new StoreException("'" + key + "' changes too often"))
                        : supersede(key, former, value, attempts - 1);
            });
        });
    }

    @Override
    public CompletableFuture<Optional<Association>> get(FlowKey flowKey) {
        String key = codec.key(flowKey);
        return operate(
                () -> map.get(key), standing -> Optional.ofNullable(standing).map(value -> read(key, value)));
    }

    @Override
    public CompletableFuture<Boolean> replace(Association association) {
        String key = codec.key(association.key());
        byte[] value = codec.value(association, writer);
        Predicate<Association> meant = standing ->
                isSameEpoch(standing, association) && standing.server().equals(association.server());
        return operate(
                window::submitPatient,
                () -> change(key, meant, version -> map.replace(key, version, value), ATTEMPTS),
                Function.identity());
    }

    @Override
    public CompletableFuture<Boolean> remove(Association association) {
        String key = codec.key(association.key());
        Predicate<Association> meant = standing -> isSameEpoch(standing, association);
        return write(
                key, () -> change(key, meant, version -> removeVersion(key, version), ATTEMPTS), Function.identity());
    }

    private static boolean isSameEpoch(Association one, Association other) {
        return one.initialSequence() == other.initialSequence();
    }

    private CompletableFuture<Boolean> removeVersion(String key, long version) {
        removing.add(key);
        return map.remove(key, version).whenComplete((removed, error) -> {
            if (error != null || !removed) {
                removing.remove(key);
            }
        });
    }

    /** Changes what stands under a key if it is what was meant; tries again if somebody else changed it in between. */
    private CompletableFuture<Boolean> change(
            String key, Predicate<Association> meant, LongFunction<CompletableFuture<Boolean>> change, int attempts) {
        return map.get(key).thenCompose(standing -> {
            if (standing == null || !meant.test(read(key, standing))) {
                return CompletableFuture.completedFuture(false);
            }
            return change.apply(standing.version())
                    .thenCompose(changed -> changed || attempts == 1
                            ? CompletableFuture.completedFuture(changed)
                            : change(key, meant, change, attempts - 1));
        });
    }

    @Override
    public CompletableFuture<List<Association>> all() {
        List<Association> associations = new ArrayList<>();
        return operate(
                () -> map.iterator()
                        .thenCompose(entries -> Iteration.over(entries, entry -> {
                            try {
                                associations.add(read(entry.getKey(), entry.getValue()));
                            } catch (StoreException e) {
                                LOG.warn("Skipped an entry: {}", e.getMessage());
                            }
                        })),
                end -> associations);
    }

    private Association read(String key, Versioned<byte[]> value) {
        try {
            return codec.association(key, value.value());
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new StoreException("'" + key + "' of " + MAP + " is no association", e);
        }
    }

    /** Does an operation after what this store is writing under the same key. */
    private <A, T> CompletableFuture<T> write(
            String key, Supplier<CompletableFuture<A>> operation, Function<A, T> answer) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<Void> before = writing.put(key, done);
        // It takes its place in flight while it waits; what it waits for has one, or is ahead of it.
        Supplier<CompletableFuture<A>> next =
                before == null ? operation : () -> before.thenCompose(nothing -> operation.get());
        return operate(
                start -> {
                    CompletableFuture<A> submitted = window.submit(start);
                    submitted.whenComplete((value, error) -> passOn(key, before, done));
                    return submitted;
                },
                next,
                answer);
    }

    private void passOn(String key, CompletableFuture<Void> before, CompletableFuture<Void> done) {
        CompletableFuture<Void> first = before == null ? CompletableFuture.completedFuture(null) : before;
        first.thenRun(() -> {
            writing.remove(key, done);
            done.complete(null);
        });
    }

    private <A, T> CompletableFuture<T> operate(Supplier<CompletableFuture<A>> operation, Function<A, T> answer) {
        return operate(window::submit, operation, answer);
    }

    /**
     * Does an operation on the map when it is its turn.
     *
     * @param turn waits for it
     * @param operation starts the operation
     * @param answer turns what the map answered into what the caller wants
     */
    private <A, T> CompletableFuture<T> operate(
            Function<Supplier<CompletableFuture<A>>, CompletableFuture<A>> turn,
            Supplier<CompletableFuture<A>> operation,
            Function<A, T> answer) {
        CompletableFuture<T> result = new CompletableFuture<>();
        if (closed) {
            result.completeExceptionally(new StoreException("the association store is closed"));
            return result;
        }
        turn.apply(() -> operation.get().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .whenComplete((value, error) -> {
                    Runnable completion = () -> complete(result, value, error, answer);
                    try {
                        answers.execute(completion);
                    } catch (RejectedExecutionException e) {
                        // Closed meanwhile; who waits must not wait for ever.
                        completion.run();
                    }
                });
        return result;
    }

    private static <A, T> void complete(CompletableFuture<T> result, A value, Throwable error, Function<A, T> answer) {
        if (error != null) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            result.completeExceptionally(
                    cause instanceof StoreException
                            ? cause
                            : new StoreException("the association store failed", cause));
            return;
        }
        T answered;
        try {
            answered = answer.apply(value);
        } catch (StoreException e) {
            result.completeExceptionally(e);
            return;
        }
        result.complete(answered);
    }

    @Override
    public void addListener(AssociationListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(AssociationListener listener) {
        listeners.remove(listener);
    }

    private void deliver(Runnable event) {
        try {
            events.execute(event);
        } catch (RejectedExecutionException e) {
            LOG.debug("Closed, so that an event of {} is not heard", MAP);
        }
    }

    private void heard(MapEvent<String, byte[]> event) {
        try {
            if (event.newValue() == null) {
                if (!removing.remove(event.key())) {
                    Association ended = read(event.key(), event.oldValue());
                    listeners.forEach(listener -> listener.removed(ended));
                }
            } else if (AssociationCodec.writer(event.newValue().value()) != writer) {
                Association standing = read(event.key(), event.newValue());
                Association before = event.oldValue() == null ? null : read(event.key(), event.oldValue());
                listeners.forEach(listener -> {
                    if (before != null && !isSameEpoch(before, standing)) {
                        listener.removed(before);
                    }
                    listener.put(standing);
                });
            }
        } catch (RuntimeException e) {
            // One event that cannot be read, or that a listener cannot digest, must not silence those after it.
            LOG.warn("Ignored an event of {}", MAP, e);
        }
    }

    @Override
    public void close() {
        closed = true;
        map.removeListener(mapListener);
        events.shutdown();
        answers.shutdown();
    }

    /**
     * {@inheritDoc}
     *
     * <p>What still waits to be written is given up, for it would be cleared away: a busy service has thousands of ends waiting.
     * ONOS has no way to remove a map, so an empty one remains, which costs nothing.
     */
    @Override
    public CompletableFuture<Void> destroy() {
        closed = true;
        // Else one event would come for each entry.
        map.removeListener(mapListener);
        return window.close()
                .completeOnTimeout(null, QUIET_SECONDS, TimeUnit.SECONDS)
                .thenCompose(quiet -> map.clear())
                .thenCompose(cleared -> map.destroy())
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, error) -> close());
    }
}
