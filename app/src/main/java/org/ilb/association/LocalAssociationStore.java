package org.ilb.association;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;

/**
 * A store in memory that behaves as the distributed one does, for tests and simulations.
 *
 * <p>As it comes it answers at once. It can be {@linkplain #hold held}, so that what is asked waits until it is
 * {@linkplain #step let through}, one operation at a time, and told to {@linkplain #fail fail}. Several nodes share one
 * store by {@linkplain #node taking a part in it each}; a node hears what the others write and not what it writes itself.
 *
 * <p>Deterministic. Thread-safe; futures complete on the thread that calls, or that steps.
 */
public final class LocalAssociationStore implements AssociationStore {

    private final Shared shared;
    private final List<AssociationListener> listeners = new ArrayList<>();
    private boolean closed;

    /** Creates an empty store. */
    public LocalAssociationStore() {
        this(new Shared());
    }

    private LocalAssociationStore(Shared shared) {
        this.shared = shared;
        synchronized (shared) {
            shared.nodes.add(this);
        }
    }

    /**
     * Returns another node's part in this store.
     *
     * @return a store with the same content and listeners of its own
     */
    public LocalAssociationStore node() {
        return new LocalAssociationStore(shared);
    }

    /**
     * Holds every operation of every node until it is let through, or lets all through again.
     *
     * @param held true to hold
     */
    public void hold(boolean held) {
        synchronized (shared) {
            shared.held = held;
        }
        if (!held) {
            boolean more = true;
            while (more) {
                more = step();
            }
        }
    }

    /**
     * Lets the eldest held operation through.
     *
     * @return false if none is held
     */
    public boolean step() {
        Runnable operation;
        synchronized (shared) {
            operation = shared.waiting.poll();
        }
        if (operation == null) {
            return false;
        }
        operation.run();
        return true;
    }

    /**
     * Makes every operation of every node fail from now on, or succeed again.
     *
     * @param failing true to fail
     */
    public void fail(boolean failing) {
        synchronized (shared) {
            shared.failing = failing;
        }
    }

    @Override
    public CompletableFuture<Association> putIfAbsent(Association proposal) {
        return operate(() -> {
            Association standing = shared.content.get(proposal.key());
            return standing == null ? put(proposal) : standing;
        });
    }

    @Override
    public CompletableFuture<Association> supersede(Association former, Association proposal) {
        checkSupersedes(former, proposal);
        return operate(() -> {
            Association standing = shared.content.get(proposal.key());
            if (standing != null && !standing.isSameEpoch(former)) {
                return standing;
            }
            if (standing != null) {
                shared.heardByOthers(this, listener -> listener.removed(standing));
            }
            return put(proposal);
        });
    }

    static void checkSupersedes(Association former, Association proposal) {
        checkArgument(
                former.key().equals(proposal.key()) && !former.isSameEpoch(proposal),
                "%s is no later epoch of %s",
                proposal,
                former);
    }

    /** Stores without its state, which no store keeps. */
    private Association put(Association association) {
        Association stored = association.in(AssociationState.ESTABLISHED);
        shared.content.put(stored.key(), stored);
        shared.heardByOthers(this, listener -> listener.put(stored));
        return association;
    }

    @Override
    public CompletableFuture<Optional<Association>> get(FlowKey key) {
        return operate(() -> Optional.ofNullable(shared.content.get(key)));
    }

    @Override
    public CompletableFuture<Boolean> replace(Association association) {
        return operate(() -> {
            Association standing = shared.content.get(association.key());
            if (standing == null
                    || standing.initialSequence() != association.initialSequence()
                    || !standing.server().equals(association.server())) {
                return false;
            }
            put(association);
            return true;
        });
    }

    @Override
    public CompletableFuture<Boolean> remove(Association association) {
        return operate(() -> {
            Association standing = shared.content.get(association.key());
            if (standing == null || standing.initialSequence() != association.initialSequence()) {
                return false;
            }
            shared.content.remove(association.key());
            shared.heardByOthers(this, listener -> listener.removed(standing));
            return true;
        });
    }

    @Override
    public CompletableFuture<List<Association>> all() {
        return operate(() -> new ArrayList<>(shared.content.values()));
    }

    @Override
    public void addListener(AssociationListener listener) {
        synchronized (shared) {
            listeners.add(Objects.requireNonNull(listener));
        }
    }

    @Override
    public void removeListener(AssociationListener listener) {
        synchronized (shared) {
            listeners.remove(listener);
        }
    }

    @Override
    public void close() {
        synchronized (shared) {
            closed = true;
            shared.nodes.remove(this);
        }
    }

    @Override
    public CompletableFuture<Void> destroy() {
        return operate(() -> {
            shared.content.clear();
            close();
            return null;
        });
    }

    /** Does an operation now, or when it is let through. */
    private <T> CompletableFuture<T> operate(Supplier<T> operation) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Runnable attempt = () -> {
            List<Runnable> heard;
            T result;
            synchronized (shared) {
                if (closed || shared.failing) {
                    result = null;
                    heard = null;
                } else {
                    result = operation.get();
                    heard = shared.takeHeard();
                }
            }
            // Listeners and futures run without the lock: they may well ask the store again.
            if (heard == null) {
                future.completeExceptionally(new StoreException("the association store is closed or failing"));
            } else {
                heard.forEach(Runnable::run);
                future.complete(result);
            }
        };
        boolean wait;
        synchronized (shared) {
            wait = shared.held;
            if (wait) {
                shared.waiting.add(attempt);
            }
        }
        if (!wait) {
            attempt.run();
        }
        return future;
    }

    /** What all nodes share; guarded by itself. */
    private static final class Shared {

        private final Map<FlowKey, Association> content = new LinkedHashMap<>();
        private final List<LocalAssociationStore> nodes = new ArrayList<>();
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private List<Runnable> heard = new ArrayList<>();
        private boolean held;
        private boolean failing;

        void heardByOthers(LocalAssociationStore writer, Consumer<AssociationListener> event) {
            for (LocalAssociationStore node : nodes) {
                if (node != writer) {
                    node.listeners.forEach(listener -> heard.add(() -> event.accept(listener)));
                }
            }
        }

        List<Runnable> takeHeard() {
            List<Runnable> taken = heard;
            heard = new ArrayList<>();
            return taken;
        }
    }
}
