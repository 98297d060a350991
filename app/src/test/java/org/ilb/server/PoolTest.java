package org.ilb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.ilb.AdminState;
import org.ilb.Endpoint;
import org.ilb.HandOff;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.UnknownConnection;
import org.junit.jupiter.api.Test;

class PoolTest {

    private static final Instant NOW = Instant.parse("2030-01-31T18:00:00Z");

    private final Random random = new Random(7);

    private static Endpoint endpoint(int number) {
        return Endpoint.parse("10.0.0." + number + ":8080");
    }

    private static Service service(List<Server> pool, List<Server> backups) {
        return new Service(
                        "web",
                        Endpoint.parse("10.100.0.1:80"),
                        "weighted-round-robin",
                        HandOff.DIRECT,
                        UnknownConnection.RESET,
                        ImmutableList.of(),
                        pool)
                .backedUpBy(backups);
    }

    private List<Server> servers(int from, int count) {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Server server = new Server(endpoint(from + i), random.nextInt(3), null, null);
            AdminState state = AdminState.values()[random.nextInt(AdminState.values().length)];
            Instant until = state == AdminState.DRAINING && random.nextBoolean()
                    ? NOW.plusSeconds(random.nextInt(3) - 1)
                    : null;
            servers.add(server.in(state, until));
        }
        return servers;
    }

    private static boolean mayTake(Server server, Set<Endpoint> down) {
        return server.weight() > 0 && server.state() == AdminState.ENABLED && !down.contains(server.endpoint());
    }

    @Test
    void whoTakesNewConnectionsIsEnabledUpAndOfThePoolUnlessNobodyThereIs() {
        for (int round = 0; round < 2_000; round++) {
            Service service = service(servers(1, 1 + random.nextInt(4)), servers(100, random.nextInt(3)));
            Set<Endpoint> down = new HashSet<>();
            service.allServers().stream()
                    .filter(server -> random.nextInt(3) == 0)
                    .forEach(server -> down.add(server.endpoint()));

            Pool pool = Pool.of(service, down::contains, NOW);

            assertEquals(service.allServers().size(), pool.service().servers().size());
            boolean anyOfPool = service.servers().stream().anyMatch(server -> mayTake(server, down));
            for (int i = 0; i < service.allServers().size(); i++) {
                Server configured = service.allServers().get(i);
                Server inForce = pool.service().servers().get(i);
                assertEquals(configured.endpoint(), inForce.endpoint());
                boolean isBackup = i >= service.servers().size();
                boolean takes = mayTake(configured, down) && isBackup != anyOfPool;
                assertEquals(takes ? configured.weight() : 0, inForce.weight(), () -> pool + " of " + service);
                boolean over = configured.state() == AdminState.DISABLED
                        || configured
                                .drainUntil()
                                .filter(until -> !until.isAfter(NOW))
                                .isPresent();
                assertEquals(
                        over || down.contains(configured.endpoint()),
                        pool.failed().contains(configured.endpoint()));
            }
            assertEquals(service.allServers().stream().anyMatch(server -> mayTake(server, down)), pool.serves());
        }
    }

    @Test
    void aServerThatIsDrainedHasNotFailedBeforeItsDeadline() {
        Instant until = NOW.plusSeconds(60);
        Server drained = new Server(endpoint(1), 5, null, null).in(AdminState.DRAINING, until);
        Service service = service(List.of(drained, new Server(endpoint(2), 1, null, null)), List.of());
        assertTrue(Pool.of(service, server -> false, NOW).failed().isEmpty());
        assertEquals(Optional.of(until), Pool.nextDeadline(service, NOW));
        assertEquals(
                Set.of(endpoint(1)), Pool.of(service, server -> false, until).failed());
        assertEquals(Optional.empty(), Pool.nextDeadline(service, until));
    }

    @Test
    void nobodyServesWhenAllAreDownAndThereAreNoBackups() {
        Service service = service(List.of(new Server(endpoint(1), 5, null, null)), List.of());
        assertFalse(Pool.of(service, server -> true, NOW).serves());
    }
}
