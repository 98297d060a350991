package org.ilb.controller.store;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ForwardingMap;
import com.google.common.collect.ForwardingSet;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.onosproject.persistence.PersistenceService;
import org.onosproject.persistence.PersistentMapBuilder;
import org.onosproject.persistence.PersistentSetBuilder;
import org.onosproject.store.service.Serializer;
import org.osgi.service.component.annotations.Component;

/**
 * Named maps and sets that last as long as the process. Building the same name twice gives the same content, as with a
 * database. Thread-safe.
 */
@Component(immediate = true, service = PersistenceService.class)
public final class MemoryPersistenceService implements PersistenceService {

    private final ConcurrentMap<String, Map<?, ?>> maps = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Set<?>> sets = new ConcurrentHashMap<>();

    @Override
    public <K, V> PersistentMapBuilder<K, V> persistentMapBuilder() {
        return new MapBuilder<>();
    }

    @Override
    public <E> PersistentSetBuilder<E> persistentSetBuilder() {
        return new SetBuilder<>();
    }

    private final class MapBuilder<K, V> implements PersistentMapBuilder<K, V> {
        private String name;
        private Serializer serializer;

        @Override
        public PersistentMapBuilder<K, V> withName(String newName) {
            name = checkNotNull(newName);
            return this;
        }

        @Override
        public PersistentMapBuilder<K, V> withSerializer(Serializer newSerializer) {
            serializer = checkNotNull(newSerializer);
            return this;
        }

        @Override
        @SuppressWarnings("unchecked") // as with any database, the name stands for the types
        public Map<K, V> build() {
            checkNotNull(name, "a persistent map needs a name");
            checkNotNull(serializer, "a persistent map needs a serializer");
            return (Map<K, V>) maps.computeIfAbsent(name, n -> new SerializedMap<>(serializer));
        }
    }

    private final class SetBuilder<E> implements PersistentSetBuilder<E> {
        private String name;
        private Serializer serializer;

        @Override
        public PersistentSetBuilder<E> withName(String newName) {
            name = checkNotNull(newName);
            return this;
        }

        @Override
        public PersistentSetBuilder<E> withSerializer(Serializer newSerializer) {
            serializer = checkNotNull(newSerializer);
            return this;
        }

        @Override
        @SuppressWarnings("unchecked") // as with any database, the name stands for the type
        public Set<E> build() {
            checkNotNull(name, "a persistent set needs a name");
            checkNotNull(serializer, "a persistent set needs a serializer");
            return (Set<E>) sets.computeIfAbsent(name, n -> new SerializedSet<>(serializer));
        }
    }

    /** Stores copies made by the serializer: unregistered classes fail here as they fail on disk. */
    private static final class SerializedMap<K, V> extends ForwardingMap<K, V> {
        private final Map<K, V> items = new ConcurrentHashMap<>();
        private final Serializer serializer;

        SerializedMap(Serializer serializer) {
            this.serializer = serializer;
        }

        @Override
        protected Map<K, V> delegate() {
            return items;
        }

        @Override
        public V put(K key, V value) {
            return items.put(serializer.copy(key), serializer.copy(value));
        }

        @Override
        public void putAll(Map<? extends K, ? extends V> other) {
            other.forEach(this::put);
        }
    }

    /** The same for the elements of a set. */
    private static final class SerializedSet<E> extends ForwardingSet<E> {
        private final Set<E> items = ConcurrentHashMap.newKeySet();
        private final Serializer serializer;

        SerializedSet(Serializer serializer) {
            this.serializer = serializer;
        }

        @Override
        protected Set<E> delegate() {
            return items;
        }

        @Override
        public boolean add(E element) {
            return items.add(serializer.copy(element));
        }

        @Override
        public boolean addAll(Collection<? extends E> elements) {
            return standardAddAll(elements);
        }
    }
}
