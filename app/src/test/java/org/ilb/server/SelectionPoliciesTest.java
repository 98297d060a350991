package org.ilb.server;

import static org.ilb.server.WeightedRoundRobinTest.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Server;
import org.junit.jupiter.api.Test;

class SelectionPoliciesTest {

    @Test
    void everyPolicyIsThereByName() {
        assertEquals(
                "[least-connections, round-robin, source-hash, weighted-least-connections, weighted-round-robin]",
                SelectionPolicies.names().toString());
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> SelectionPolicies.named("random"));
        assertEquals(
                "there is no server selection policy 'random', only " + SelectionPolicies.names(),
                refused.getMessage());
    }

    @Test
    void everyPolicyUsesEveryServerButThoseOfWeightZero() {
        List<Server> pool = pool(3, 0, 1, 2);
        for (String name : SelectionPolicies.names()) {
            SelectionPolicy policy = SelectionPolicies.named(name).create(pool, IlbId.ofIndex(1));
            policy.loaded(Loads.NONE);
            Map<Endpoint, Integer> selected = new HashMap<>();
            for (int i = 0; i < 600; i++) {
                selected.merge(policy.select(FlowKey.of(1, 80, 77 * i, 1024)).get(), 1, Integer::sum);
            }
            assertEquals(3, selected.size(), name);
            assertFalse(selected.containsKey(pool.get(1).endpoint()), name);
            boolean byWeight = name.startsWith("weighted") || name.equals(SourceHash.NAME);
            double expected = byWeight ? 300 : 200;
            assertEquals(expected, selected.get(pool.get(0).endpoint()), byWeight ? 60 : 1, name);
        }
    }

    @Test
    void whatPoliciesNeedIsKnown() {
        assertTrue(SelectionPolicies.names().stream()
                        .filter(SelectionPolicies::countsConnections)
                        .count()
                == 2);
        assertTrue(SelectionPolicies.needsClient(SourceHash.NAME));
        assertFalse(SelectionPolicies.needsClient(WeightedRoundRobin.NAME));
    }
}
