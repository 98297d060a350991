package org.ilb.server;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.ilb.AdminState;
import org.ilb.Endpoint;
import org.ilb.Server;
import org.ilb.Service;

/**
 * A service's servers at one moment: what the configuration says of them, together with their health and the time.
 *
 * <p>A server takes new connections if it has a weight, is enabled, and is not down. If no server of the pool does, the backups
 * that do serve, by their weights. A server has <em>failed</em> if it is down, disabled, or its drain's deadline is over: its
 * live connections then end, or stay, as the service says.
 *
 * <p>Immutable and thread-safe.
 */
public final class Pool {

    private final Service inForce;
    private final ImmutableSet<Endpoint> failed;

    private Pool(Service inForce, ImmutableSet<Endpoint> failed) {
        this.inForce = inForce;
        this.failed = failed;
    }

    /**
     * Looks at a service.
     *
     * @param service the service as configured
     * @param isDown tells the servers that do not answer
     * @param now the time of day, for the deadlines of drains
     * @return its servers at that moment
     */
    public static Pool of(Service service, Predicate<Endpoint> isDown, Instant now) {
        List<Server> pool = weighed(service.servers(), isDown);
        boolean serves = takesAny(pool);
        List<Server> backups = weighed(service.backups(), isDown);
        ImmutableList.Builder<Server> servers = ImmutableList.<Server>builder().addAll(pool);
        // Known to all whether or not they serve, so that what is at a backup is not taken for what is nowhere.
        backups.forEach(backup -> servers.add(serves ? backup.weighing(0) : backup));
        ImmutableSet.Builder<Endpoint> failed = ImmutableSet.builder();
        for (Server server : service.allServers()) {
            if (isDown.test(server.endpoint()) || isOver(server, now)) {
                failed.add(server.endpoint());
            }
        }
        return new Pool(service.servedBy(servers.build()).backedUpBy(ImmutableList.of()), failed.build());
    }

    /**
     * Returns when the next drain's deadline of a service is over.
     *
     * @param service the service as configured
     * @param now the time of day
     * @return the earliest deadline after now, empty if there is none
     */
    public static Optional<Instant> nextDeadline(Service service, Instant now) {
        return service.allServers().stream()
                .flatMap(server -> server.drainUntil().stream())
                .filter(deadline -> deadline.isAfter(now))
                .min(Instant::compareTo);
    }

    private static boolean isOver(Server server, Instant now) {
        return server.state() == AdminState.DISABLED
                || server.drainUntil()
                        .filter(deadline -> !deadline.isAfter(now))
                        .isPresent();
    }

    private static List<Server> weighed(List<Server> servers, Predicate<Endpoint> isDown) {
        return servers.stream()
                .map(server -> server.state() == AdminState.ENABLED && !isDown.test(server.endpoint())
                        ? server
                        : server.weighing(0))
                .collect(ImmutableList.toImmutableList());
    }

    private static boolean takesAny(List<Server> servers) {
        return servers.stream().anyMatch(server -> server.weight() > 0);
    }

    /**
     * Returns the service as new connections should find it.
     *
     * @return the service with all its servers in {@link Service#servers()}, backups among them; those that take no new connections
     *     have weight 0
     */
    public Service service() {
        return inForce;
    }

    /**
     * Tells whether anyone takes new connections.
     *
     * @return false if all of them have to be refused
     */
    public boolean serves() {
        return takesAny(inForce.servers());
    }

    /**
     * Returns the servers whose live connections are to end, or to stay, as {@link Service#onFailure()} says.
     *
     * @return those that are down, disabled or over their deadline
     */
    public ImmutableSet<Endpoint> failed() {
        return failed;
    }

    @Override
    public int hashCode() {
        return 31 * inForce.hashCode() + failed.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pool && inForce.equals(((Pool) other).inForce) && failed.equals(((Pool) other).failed);
    }

    @Override
    public String toString() {
        return inForce + ", failed " + failed;
    }
}
