package org.ilb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.HandOff;
import org.ilb.IlbId;
import org.ilb.Service;
import org.ilb.UnknownConnection;
import org.onlab.packet.IpAddress;

/** Against a model that looks at all that ever happened. */
class AffinityTest {

    private static final Endpoint WEB = Endpoint.parse("255.100.0.1:80");
    private static final long TIMEOUT = 100;

    private static Endpoint server(int number) {
        return Endpoint.of(IpAddress.valueOf(0x0a000000 + number), 80);
    }

    /** What is known of a client, with nothing but a list of its connections. */
    private static final class Client {
        private Endpoint server;
        private int connections;
        private long last;

        boolean isBound(long now) {
            return server != null && (connections > 0 || now - last < TIMEOUT);
        }
    }

    @Property(tries = 500)
    void aClientKeepsItsServerUntilTheTimeoutAfterItsLastConnection(@ForAll long seed) {
        Random random = new Random(seed);
        Affinity affinity = new Affinity(Duration.ofNanos(TIMEOUT), 1000);
        Map<Integer, Client> clients = new HashMap<>();
        Set<Endpoint> dead = new HashSet<>();
        long now = random.nextLong();
        for (int step = 0; step < 300; step++) {
            now += random.nextInt(20) == 0 ? TIMEOUT : random.nextInt(5);
            int address = random.nextInt(6);
            Client client = clients.computeIfAbsent(address, a -> new Client());
            Endpoint any = server(random.nextInt(4));
            switch (random.nextInt(5)) {
                case 0:
                    if (client.connections > 0) {
                        client.connections--;
                        client.last = now;
                        affinity.ended(address, now);
                    }
                    break;
                case 1:
                    if (!dead.remove(any)) {
                        dead.add(any);
                    }
                    break;
                default:
                    boolean bound = client.isBound(now) && !dead.contains(client.server);
                    Optional<Endpoint> chosen = dead.contains(any) ? Optional.empty() : Optional.of(any);
                    Optional<Endpoint> expected = bound ? Optional.of(client.server) : chosen;
                    assertEquals(
                            expected, affinity.select(address, server -> !dead.contains(server), () -> chosen, now));
                    if (expected.isPresent()) {
                        client.server = expected.get();
                        client.last = now;
                        if (random.nextInt(4) > 0) {
                            affinity.began(address, expected.get());
                            client.connections++;
                        }
                    }
            }
            long time = now;
            affinity.forget(now);
            assertEquals(
                    clients.values().stream().filter(one -> one.isBound(time)).count(), affinity.size());
        }
    }

    @Property(tries = 50)
    void onlySoManyIdleClientsAreRememberedThoseWhoWereThereLast(@ForAll long seed) {
        Random random = new Random(seed);
        int bound = 1 + random.nextInt(20);
        Affinity affinity = new Affinity(Duration.ofNanos(TIMEOUT), bound);
        affinity.began(-1, server(9));
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int client = random.nextInt(40);
            order.remove((Integer) client);
            order.add(client);
            affinity.select(client, any -> true, () -> Optional.of(server(client)), 0);
        }
        int kept = Math.min(bound, order.size());
        assertEquals(kept + 1, affinity.size());
        for (int client : order.subList(order.size() - kept, order.size())) {
            assertEquals(Optional.of(server(client)), affinity.select(client, any -> true, Optional::empty, 0));
        }
        assertEquals(
                Optional.of(server(9)),
                affinity.select(-1, any -> true, Optional::empty, 10 * TIMEOUT),
                "who has a connection is never forgotten");
    }

    private static Service service(Duration affinity, int... weights) {
        return new Service(
                        "web",
                        WEB,
                        WeightedRoundRobin.NAME,
                        HandOff.DIRECT,
                        UnknownConnection.RESET,
                        List.of(),
                        WeightedRoundRobinTest.pool(weights))
                .affine(Optional.ofNullable(affinity));
    }

    private static FlowKey key(int client, int port) {
        return FlowKey.of(WEB, Endpoint.of(IpAddress.valueOf(0xc0000200 + client), port));
    }

    @Property(tries = 100)
    void ownersShareWhatIsBoundAndAnIdleServerIsLeft(@ForAll long seed) {
        Random random = new Random(seed);
        AtomicLong clock = new AtomicLong(random.nextLong());
        Affinities affinities = new Affinities(clock::get);
        Service all = service(Duration.ofSeconds(60), 1, 1, 1, 1);
        assertEquals(Set.of(WEB), affinities.configured(List.of(all)));
        assertTrue(affinities.configured(List.of(all)).isEmpty(), "it had it before");
        List<ServerSelection> owners = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            owners.add(ServerSelection.of(IlbId.ofIndex(i), affinities).configured(List.of(all)));
        }
        Map<Integer, Endpoint> bound = new HashMap<>();
        for (int port = 1; port < 200; port++) {
            int client = random.nextInt(20);
            Endpoint selected =
                    owners.get(random.nextInt(4)).select(key(client, port)).orElseThrow();
            assertEquals(bound.computeIfAbsent(client, c -> selected), selected);
            clock.addAndGet(Duration.ofSeconds(1).toNanos() / 100);
        }
        Endpoint gone = all.servers().get(0).endpoint();
        Service without = service(Duration.ofSeconds(60), 0, 1, 1, 1);
        for (Map.Entry<Integer, Endpoint> entry : bound.entrySet()) {
            Endpoint selected = owners.get(random.nextInt(4))
                    .configured(List.of(without))
                    .select(key(entry.getKey(), 300))
                    .orElseThrow();
            if (entry.getValue().equals(gone)) {
                assertFalse(selected.equals(gone));
            } else {
                assertEquals(entry.getValue(), selected, "who had another server keeps it");
            }
        }
    }

    @Example
    void connectionsThatLiveKeepTheBindingAndServicesWithoutAffinityHaveNone() {
        AtomicLong clock = new AtomicLong();
        Affinities affinities = new Affinities(clock::get);
        Service affine = service(Duration.ofSeconds(1), 1, 1);
        affinities.configured(List.of(affine));
        ServerSelection selection =
                ServerSelection.of(IlbId.ofIndex(1), affinities).configured(List.of(affine));
        Endpoint first = selection.select(key(1, 1)).orElseThrow();
        Association living = new Association(key(1, 1), first, IlbId.ofIndex(1), null, 1, 7);
        assertTrue(affinities.began(living));
        clock.addAndGet(Duration.ofSeconds(100).toNanos());
        AtomicInteger port = new AtomicInteger(1);
        for (int i = 0; i < 5; i++) {
            assertEquals(Optional.of(first), selection.select(key(1, port.incrementAndGet())));
        }
        affinities.ended(living.key());
        clock.addAndGet(Duration.ofMillis(999).toNanos());
        assertEquals(Optional.of(first), selection.select(key(1, 100)));
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        affinities.forget();
        Service plain = service(null, 1, 1);
        assertTrue(affinities.configured(List.of(plain)).isEmpty());
        assertFalse(affinities.began(living));
        ServerSelection turns = selection.configured(List.of(plain));
        assertFalse(turns.select(key(1, 1)).equals(turns.select(key(1, 2))));
    }
}
