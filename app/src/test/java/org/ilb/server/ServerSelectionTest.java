package org.ilb.server;

import static org.ilb.server.WeightedRoundRobinTest.pool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.HandOff;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.UnknownConnection;
import org.junit.jupiter.api.Test;

class ServerSelectionTest {

    private static final Endpoint CLIENT = Endpoint.parse("192.0.2.1:40000");
    private static final Endpoint WEB = Endpoint.parse("255.100.0.1:80");
    private static final Endpoint MAIL = Endpoint.parse("255.100.0.1:65535");

    private static Service service(Endpoint endpoint, List<Server> pool) {
        return new Service(
                endpoint.toString(),
                endpoint,
                WeightedRoundRobin.NAME,
                HandOff.DIRECT,
                UnknownConnection.RESET,
                List.of(),
                pool);
    }

    private static Optional<Endpoint> select(SelectionPolicy policy, Endpoint service) {
        return policy.select(FlowKey.of(service, CLIENT));
    }

    @Test
    void selectsFromThePoolOfTheServiceThatIsAsked() {
        ServerSelection selection = ServerSelection.of(IlbId.ofIndex(1), new Affinities(() -> 0))
                .configured(List.of(service(WEB, pool(1)), service(MAIL, pool(0, 1))));
        assertEquals(pool(1).get(0).endpoint(), select(selection, WEB).get());
        assertEquals(pool(0, 1).get(1).endpoint(), select(selection, MAIL).get());
        assertEquals(Optional.empty(), select(selection, Endpoint.parse("255.100.0.1:81")));
    }

    @Test
    void theTurnsOfAServiceGoOnWhenAnotherIsConfigured() {
        ServerSelection before = ServerSelection.of(IlbId.ofIndex(1), new Affinities(() -> 0))
                .configured(List.of(service(WEB, pool(1, 1))));
        Optional<Endpoint> first = select(before, WEB);
        ServerSelection after = before.configured(List.of(service(MAIL, pool(1)), service(WEB, pool(1, 1))));
        assertNotEquals(first, select(after, WEB));
        assertEquals(first, select(after, WEB));
        assertEquals(Optional.empty(), select(after.configured(List.of()), WEB));
    }

    @Test
    void aChangedPoolTakesEffectAtOnce() {
        ServerSelection before = ServerSelection.of(IlbId.ofIndex(1), new Affinities(() -> 0))
                .configured(List.of(service(WEB, pool(1, 1))));
        ServerSelection after = before.configured(List.of(service(WEB, pool(0, 1))));
        for (int i = 0; i < 4; i++) {
            assertEquals(pool(0, 1).get(1).endpoint(), select(after, WEB).get());
        }
    }
}
