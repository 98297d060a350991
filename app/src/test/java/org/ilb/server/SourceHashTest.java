package org.ilb.server;

import static org.ilb.server.WeightedRoundRobinTest.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Server;
import org.junit.jupiter.api.Test;

class SourceHashTest {

    private static final int CLIENTS = 20_000;

    /** Clients of one network: their addresses follow one another. */
    private static FlowKey client(int number, int port) {
        return FlowKey.of(0x0a640001, 80, 0x0a010000 + number, port);
    }

    private static Endpoint select(SourceHash policy, int client) {
        return policy.select(client(client, 40_000)).get();
    }

    @Test
    void aClientHasOneServerWhateverItsPortAndWhoeverSelects() {
        List<Server> pool = pool(1, 2, 3, 4);
        SourceHash one = new SourceHash(pool);
        List<Server> reversed = new ArrayList<>(pool);
        Collections.reverse(reversed);
        SourceHash other = new SourceHash(reversed);
        for (int i = 0; i < 1000; i++) {
            assertEquals(one.select(client(i, 1024)), one.select(client(i, 65535)));
            assertEquals(one.select(client(i, 1024)), other.select(client(i, 7)));
        }
    }

    @Test
    void clientsAreSharedByWeight() {
        int[] weights = {1, 2, 3, 4, 1000, 0};
        for (int base = 0; base < 2; base++) {
            List<Server> pool = pool(weights[0], weights[1], weights[2], weights[3], base * weights[4], weights[5]);
            double sum = pool.stream().mapToInt(Server::weight).sum();
            SourceHash policy = new SourceHash(pool);
            Map<Endpoint, Integer> shares = new HashMap<>();
            for (int i = 0; i < CLIENTS; i++) {
                shares.merge(select(policy, i), 1, Integer::sum);
            }
            for (Server server : pool) {
                double expected = CLIENTS * server.weight() / sum;
                double has = shares.getOrDefault(server.endpoint(), 0);
                assertTrue(
                        Math.abs(has - expected) <= 5 * Math.sqrt(expected), server + ": " + has + ", not " + expected);
            }
        }
    }

    @Test
    void whenAServerLeavesOnlyItsOwnClientsMoveAndWhenOneJoinsOnlyToIt() {
        Random random = new Random(3);
        for (int trial = 0; trial < 20; trial++) {
            List<Server> all = pool(random.ints(2 + random.nextInt(8), 1, 50).toArray());
            List<Server> less = new ArrayList<>(all);
            Endpoint gone = less.remove(random.nextInt(less.size())).endpoint();
            SourceHash with = new SourceHash(all);
            SourceHash without = new SourceHash(less);
            for (int i = 0; i < 2000; i++) {
                Endpoint before = select(with, i);
                assertTrue(before.equals(gone) || before.equals(select(without, i)));
            }
        }
    }

    @Test
    void moreWeightOnlyDrawsClientsAndTakesNone() {
        SourceHash before = new SourceHash(pool(5, 5, 5));
        SourceHash after = new SourceHash(pool(5, 8, 5));
        Endpoint heavier = pool(1, 1).get(1).endpoint();
        for (int i = 0; i < 2000; i++) {
            Endpoint now = select(after, i);
            assertTrue(now.equals(heavier) || now.equals(select(before, i)));
        }
    }

    @Test
    void nobodyIsSelectedWhereNobodyTakesConnections() {
        assertEquals(Optional.empty(), new SourceHash(pool(0, 0)).select(client(1, 1)));
        assertEquals(Optional.empty(), new SourceHash(pool()).select(client(1, 1)));
    }
}
