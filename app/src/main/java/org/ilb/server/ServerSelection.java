package org.ilb.server;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.Longs;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Service;

/**
 * The selection policies that one owner works with, one per service.
 *
 * <p>The set is immutable; the policies in it count their turns and connections. Thread-safe.
 */
public final class ServerSelection implements SelectionPolicy {

    private final IlbId owner;
    private final Affinities affinities;
    private final ImmutableSortedMap<Long, Entry> services;
    /** The services' places by increasing number, and their policies in the same order. */
    private final long[] places;

    private final SelectionPolicy[] policies;

    private volatile Loads loads;

    private ServerSelection(IlbId owner, Affinities affinities, ImmutableSortedMap<Long, Entry> services, Loads loads) {
        this.owner = owner;
        this.affinities = affinities;
        this.services = services;
        this.loads = loads;
        this.places = Longs.toArray(services.keySet());
        this.policies = services.values().stream().map(entry -> entry.policy).toArray(SelectionPolicy[]::new);
    }

    /**
     * Returns the selection of an owner that serves nothing yet.
     *
     * @param owner the ILB that selects
     * @param affinities which clients have a server already
     * @return a selection without services
     */
    public static ServerSelection of(IlbId owner, Affinities affinities) {
        return new ServerSelection(owner, affinities, ImmutableSortedMap.of(), Loads.NONE);
    }

    /**
     * Returns the selection for other services. Where policy and pool stay the same, its turns go on where they were.
     *
     * @param configured the services from now on, with unique end points
     * @return a selection for exactly these
     * @throws IllegalArgumentException if a service names a policy that does not exist
     */
    public ServerSelection configured(List<Service> configured) {
        ImmutableSortedMap.Builder<Long, Entry> next = ImmutableSortedMap.naturalOrder();
        for (Service service : configured) {
            long place = place(
                    service.endpoint().address().getIp4Address().toInt(),
                    service.endpoint().port());
            Entry known = services.get(place);
            next.put(place, known != null && known.serves(service) ? known : entry(service));
        }
        return new ServerSelection(owner, affinities, next.build(), loads);
    }

    private Entry entry(Service service) {
        SelectionPolicy policy = SelectionPolicies.named(service.policy()).create(service.servers(), owner);
        policy.loaded(loads);
        return new Entry(service, affinities.bound(service, policy));
    }

    @Override
    public Optional<Endpoint> select(FlowKey key) {
        int index = Arrays.binarySearch(places, place(key.destinationAddress(), key.destinationPort()));
        return index < 0 ? Optional.empty() : policies[index].select(key);
    }

    /** Tells all policies, and those of services to come, how many connections the servers have. */
    @Override
    public void loaded(Loads counted) {
        loads = counted;
        for (SelectionPolicy policy : policies) {
            policy.loaded(counted);
        }
    }

    private static long place(int address, int port) {
        return (long) address << Short.SIZE | port;
    }

    /** One service's policy, and the service that it was made for. */
    private static final class Entry {

        private final Service service;
        private final SelectionPolicy policy;

        Entry(Service service, SelectionPolicy policy) {
            this.service = service;
            this.policy = policy;
        }

        boolean serves(Service other) {
            return service.policy().equals(other.policy())
                    && service.servers().equals(other.servers())
                    && service.affinity().isPresent() == other.affinity().isPresent();
        }
    }
}
