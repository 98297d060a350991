package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.junit.jupiter.api.Test;

/** A bucket whose connections come to belong to others, while their stripes still tell it of them. */
class BucketTest {

    private static final Endpoint ONE = Endpoint.parse("10.0.0.11:8080");
    private static final Endpoint TWO = Endpoint.parse("10.0.0.12:8080");

    private final Bucket former = new Bucket(0, connection(0));
    private final List<Bucket> heirs = List.of(new Bucket(0, connection(0)), new Bucket(1, connection(1)));

    private static FlowKey connection(int port) {
        return FlowKey.of(TestFrontEnd.SERVICE, Endpoint.parse("192.0.2.7:" + (40_000 + port)));
    }

    private Bucket heir(FlowKey connection) {
        return heirs.get(connection.sourcePort() & 1);
    }

    @Test
    void handsOverWhatItHasAndWhatItIsToldLater() {
        former.pinned(connection(2), ONE);
        former.pinned(connection(3), TWO);
        former.succeededBy(this::heir);
        former.pinned(connection(5), ONE);
        former.unpinned(connection(3));

        assertEquals(Map.of(connection(2), ONE), heirs.get(0).pins());
        assertEquals(Map.of(connection(5), ONE), heirs.get(1).pins());
    }

    @Test
    void aConnectionThatEndsWhileItIsHandedOverIsNobodysAnyMore() {
        former.pinned(connection(2), ONE);
        List<FlowKey> ended = new ArrayList<>();
        former.succeededBy(connection -> {
            if (ended.isEmpty()) {
                // Its stripe ends it just when the control thread has come to it.
                ended.add(connection);
                former.unpinned(connection);
            }
            return heir(connection);
        });

        assertEquals(List.of(connection(2)), ended);
        assertEquals(Map.of(), heirs.get(0).pins());
    }
}
