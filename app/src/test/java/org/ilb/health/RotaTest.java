package org.ilb.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ilb.Endpoint;
import org.junit.jupiter.api.Test;

class RotaTest {

    private static final long MILLI = 1_000_000;
    private static final long INTERVAL = 2_000 * MILLI;

    private static Map<Endpoint, Long> servers(int count) {
        Map<Endpoint, Long> servers = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            servers.put(Endpoint.parse("10.0." + i / 250 + '.' + (1 + i % 250) + ":80"), INTERVAL);
        }
        return servers;
    }

    @Test
    void aThousandServersAreEachProbedOnceInAnIntervalAndNeverManyTogether() {
        Rota rota = new Rota();
        rota.configure(servers(1_000), 0);
        Map<Endpoint, Integer> turns = new HashMap<>();
        int most = 0;
        for (long now = 0; now < 10 * INTERVAL; now += 20 * MILLI) {
            List<Endpoint> due = rota.takeDue(now, 1_000);
            most = Math.max(most, due.size());
            due.forEach(server -> turns.merge(server, 1, Integer::sum));
        }
        assertEquals(1_000, turns.size());
        assertTrue(turns.values().stream().allMatch(count -> count >= 9 && count <= 10), () -> turns.toString());
        assertTrue(most <= 12, "together: " + most);
    }

    @Test
    void afterAPauseNothingIsMadeUpForAndTheBoundHolds() {
        Rota rota = new Rota();
        rota.configure(servers(100), 0);
        long now = 100 * INTERVAL;
        assertEquals(30, rota.takeDue(now, 30).size());
        assertEquals(70, rota.takeDue(now, 200).size());
        assertEquals(0, rota.takeDue(now, 200).size());
    }

    @Test
    void whoStaysKeepsItsTurnAndWhoGoesHasNone() {
        Rota rota = new Rota();
        Map<Endpoint, Long> both = servers(2);
        rota.configure(both, 0);
        Endpoint first = both.keySet().iterator().next();
        assertEquals(List.of(first), rota.takeDue(0, 10));
        rota.configure(both, 500 * MILLI);
        assertEquals(1, rota.takeDue(INTERVAL / 2, 10).size(), "the other's turn, as before");
        rota.configure(Map.of(first, INTERVAL), INTERVAL / 2);
        assertEquals(List.of(first), rota.takeDue(INTERVAL, 10));
        assertEquals(List.of(), rota.takeDue(INTERVAL + INTERVAL / 2, 10));
    }
}
