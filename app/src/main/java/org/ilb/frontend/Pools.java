package org.ilb.frontend;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.ilb.Endpoint;
import org.ilb.HealthState;
import org.ilb.ServerFailure;
import org.ilb.ServerHealth;
import org.ilb.Service;
import org.ilb.server.Pool;

/**
 * The pools of all services as health and time have them now. {@link #refresh} is the control thread's; what was found of servers
 * may be told, and pools looked at, by any thread.
 */
final class Pools {

    private static final ServerHealth UNKNOWN = new ServerHealth(HealthState.UNKNOWN, null, null);

    private final Supplier<Instant> wallClock;
    private final Map<Endpoint, ServerHealth> health = new ConcurrentHashMap<>();
    private final AtomicLong found = new AtomicLong();

    private ImmutableList<Service> configured = ImmutableList.of();
    private long considered;
    private Optional<Instant> deadline = Optional.empty();
    private volatile ImmutableMap<Endpoint, Pool> pools = ImmutableMap.of();
    private volatile ImmutableSet<Endpoint> doomed = ImmutableSet.of();
    /** What was known of health when the pools were last looked at. */
    private ImmutableMap<Endpoint, ServerHealth> considering = ImmutableMap.of();
    /** The same, as of when everyone had followed. */
    private volatile ImmutableMap<Endpoint, ServerHealth> followed = ImmutableMap.of();

    Pools(Supplier<Instant> wallClock) {
        this.wallClock = wallClock;
    }

    /** Takes note of a server's health. */
    void found(Endpoint server, ServerHealth state) {
        ServerHealth before = health.put(server, state);
        if (before == null || before.isUsable() != state.isUsable()) {
            found.incrementAndGet();
        }
    }

    /** Forgets the health of all servers but some. */
    void retain(Set<Endpoint> checked) {
        if (health.keySet().retainAll(checked)) {
            found.incrementAndGet();
        }
    }

    /** What is known of a server's health, and acted upon: who sees that it is down sees no new connection go there. */
    ServerHealth health(Service service, Endpoint server) {
        ServerHealth found = health(service, server, health);
        ServerHealth before = health(service, server, followed);
        return found.isUsable() == before.isUsable() ? found : before;
    }

    private static ServerHealth health(Service service, Endpoint server, Map<Endpoint, ServerHealth> known) {
        return service.health().isPresent() ? known.getOrDefault(server, UNKNOWN) : ServerHealth.UNCHECKED;
    }

    /** Everyone does as {@link #refresh} found. The control thread's. */
    void followed() {
        followed = considering;
    }

    /**
     * Looks at the pools again, if anything may have changed.
     *
     * @return whether anything did
     */
    boolean refresh(List<Service> services) {
        Instant now = wallClock.get();
        long seen = found.get();
        boolean due = deadline.filter(at -> !at.isAfter(now)).isPresent();
        if (services.equals(configured) && seen == considered && !due) {
            return false;
        }
        configured = ImmutableList.copyOf(services);
        considered = seen;
        ImmutableMap<Endpoint, ServerHealth> known = ImmutableMap.copyOf(health);
        considering = known;
        ImmutableMap.Builder<Endpoint, Pool> next = ImmutableMap.builder();
        ImmutableSet.Builder<Endpoint> ending = ImmutableSet.builder();
        for (Service service : services) {
            Pool pool =
                    Pool.of(service, server -> !health(service, server, known).isUsable(), now);
            next.put(service.endpoint(), pool);
            if (service.onFailure() == ServerFailure.RESET) {
                ending.addAll(pool.failed());
            }
        }
        deadline = services.stream()
                .flatMap(service -> Pool.nextDeadline(service, now).stream())
                .min(Instant::compareTo);
        ImmutableMap<Endpoint, Pool> before = pools;
        pools = next.build();
        doomed = ending.build();
        return !pools.equals(before);
    }

    /** A service as new connections should find it. */
    Service inForce(Service service) {
        Pool pool = pools.get(service.endpoint());
        return pool == null ? service : pool.service();
    }

    List<Service> inForce(List<Service> services) {
        return services.stream().map(this::inForce).collect(ImmutableList.toImmutableList());
    }

    /** A service's servers that have failed, whatever becomes of their connections. */
    ImmutableSet<Endpoint> failed(Service service) {
        Pool pool = pools.get(service.endpoint());
        return pool == null ? ImmutableSet.of() : pool.failed();
    }

    /** Whether anyone takes new connections of a service, which is named by its virtual address and port. */
    boolean serves(Endpoint service) {
        Pool pool = pools.get(service);
        return pool == null || pool.serves();
    }

    /** The servers whose connections end: they have failed, and their services want it so. */
    ImmutableSet<Endpoint> doomed() {
        return doomed;
    }
}
