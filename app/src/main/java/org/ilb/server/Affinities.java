package org.ilb.server;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Server;
import org.ilb.Service;

/**
 * The bindings of clients to servers, of all services with affinity. All owners of a node share them: a client's connections have
 * different owners, and yet one server.
 *
 * <p>Thread-safe.
 */
public final class Affinities {

    /** How many clients without connections are remembered for each service. */
    public static final int MAX_IDLE_CLIENTS = 250_000;

    private final LongSupplier nanoTime;
    private final Map<Endpoint, Affinity> services = new ConcurrentHashMap<>();

    /**
     * Creates bindings of nobody to nothing.
     *
     * @param nanoTime nanoseconds of a clock that only goes forward
     */
    public Affinities(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Sets which services there are. Bindings of services that stay are kept, with the timeout that is in force now.
     *
     * @param configured the services from now on
     * @return those that have affinity and had none before: {@link #began} is to be told of their connections
     */
    public Set<Endpoint> configured(List<Service> configured) {
        ImmutableSet.Builder<Endpoint> affine = ImmutableSet.builder();
        ImmutableSet.Builder<Endpoint> added = ImmutableSet.builder();
        for (Service service : configured) {
            service.affinity().ifPresent(timeout -> {
                Affinity known = services.get(service.endpoint());
                affine.add(service.endpoint());
                if (known == null) {
                    services.put(service.endpoint(), new Affinity(timeout, MAX_IDLE_CLIENTS));
                    added.add(service.endpoint());
                } else {
                    known.timeout(timeout);
                }
            });
        }
        services.keySet().retainAll(affine.build());
        return added.build();
    }

    /**
     * Makes a policy select for clients that have no server, if the service wants clients to keep theirs.
     *
     * @param service the service, with the pool that is in force
     * @param policy its policy
     * @return the policy to be asked; the same for a service without affinity
     */
    SelectionPolicy bound(Service service, SelectionPolicy policy) {
        return service.affinity().isPresent() ? new Bound(service, policy) : policy;
    }

    /**
     * Takes note of a connection, whose client keeps its server at least for as long as it lives. Each is to be told of once, until
     * {@link #ended}.
     *
     * @param association the connection
     * @return false if its service has no affinity, and there is nothing to take note of
     */
    public boolean began(Association association) {
        Affinity affinity = of(association.key());
        if (affinity != null) {
            affinity.began(association.key().sourceAddress(), association.server());
        }
        return affinity != null;
    }

    /**
     * Takes note of the end of a connection.
     *
     * @param key the connection
     */
    public void ended(FlowKey key) {
        Affinity affinity = of(key);
        if (affinity != null) {
            affinity.ended(key.sourceAddress(), nanoTime.getAsLong());
        }
    }

    /** Forgets the clients whose timeout has passed; to be called now and then. */
    public void forget() {
        services.values().forEach(affinity -> affinity.forget(nanoTime.getAsLong()));
    }

    private Affinity of(FlowKey key) {
        return services.isEmpty() ? null : services.get(key.destination());
    }

    /** Selects by a policy for clients that have no server. */
    private final class Bound implements SelectionPolicy {

        private final Endpoint service;
        private final ImmutableSet<Endpoint> taking;
        private final SelectionPolicy policy;

        Bound(Service service, SelectionPolicy policy) {
            this.service = service.endpoint();
            this.taking = service.servers().stream()
                    .filter(server -> server.weight() > 0)
                    .map(Server::endpoint)
                    .collect(ImmutableSet.toImmutableSet());
            this.policy = policy;
        }

        @Override
        public Optional<Endpoint> select(FlowKey key) {
            Affinity affinity = services.get(service);
            return affinity == null
                    ? policy.select(key)
                    : affinity.select(
                            key.sourceAddress(), taking::contains, () -> policy.select(key), nanoTime.getAsLong());
        }

        @Override
        public void loaded(Loads loads) {
            policy.loaded(loads);
        }
    }
}
