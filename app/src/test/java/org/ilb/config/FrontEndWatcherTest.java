package org.ilb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.ilb.FrontEnd;
import org.junit.jupiter.api.Test;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.config.InvalidConfigException;
import org.onosproject.net.config.InvalidFieldException;

class FrontEndWatcherTest {

    private static final ApplicationId APPLICATION = new DefaultApplicationId(1, "org.ilb");

    private final FakeNetworkConfig network = new FakeNetworkConfig(APPLICATION);
    private final List<Optional<FrontEnd>> seen = new ArrayList<>();
    private final AtomicLong draws = new AtomicLong(0x5eed0000L);
    private final FrontEndWatcher watcher = new FrontEndWatcher(
            network, APPLICATION, ImmutableSet.of(FrontEndReader.DEFAULT_POLICY), seen::add, draws::incrementAndGet);

    @Test
    void tellsOfEveryConfigurationOnce() {
        watcher.start();
        assertEquals(List.of(Optional.empty()), seen);

        network.post(Json.routed());
        network.deliver();
        assertEquals(0xdeadbeefL, last().settings().seed());
        network.post(Json.routed());
        network.deliver();
        assertEquals(2, seen.size(), "the same again is no news");

        network.post(Json.with(Json.routed(), "services[1]", null));
        network.deliver();
        assertEquals(1, last().services().size());

        network.delete();
        network.deliver();
        assertEquals(4, seen.size());
        assertEquals(Optional.empty(), seen.get(3));
    }

    @Test
    void lateEventsDoNotBringBackWhatIsOver() {
        network.post(Json.routed());
        watcher.start();
        network.post(Json.with(Json.routed(), "services[1]", null));
        network.deliver();
        assertEquals(2, seen.size());
        assertEquals(2, seen.get(0).get().services().size());
        assertEquals(1, last().services().size());
    }

    @Test
    void whatIsRefusedChangesNothingAndSaysWhy() {
        watcher.start();
        network.post(Json.routed());
        network.deliver();
        ObjectNode wrong = Json.with(Json.routed(), "services[0].port", Json.of("70000"));
        InvalidConfigException e = assertThrows(InvalidConfigException.class, () -> network.post(wrong));
        assertEquals(
                "Error parsing config apps/org.ilb/ilb: Field \"services[0].port\" is invalid: "
                        + "70000 is not a whole number from 1 to 65535",
                e.getMessage());
        assertEquals("services[0].port", ((InvalidFieldException) e.getCause()).field());
        network.deliver();
        assertEquals(2, seen.size());
        assertEquals(Json.routed(), network.stored());
    }

    @Test
    void whatWasPostedBeforeTheStartIsTakenOrDropped() {
        network.post(Json.flat());
        watcher.start();
        assertEquals("web", last().services().get(0).name());
        network.deliver();
        assertEquals(1, seen.size());

        FakeNetworkConfig other = new FakeNetworkConfig(APPLICATION);
        other.post(Json.of("{'x': 1}"));
        seen.clear();
        new FrontEndWatcher(other, APPLICATION, ImmutableSet.of(), seen::add).start();
        assertEquals(List.of(Optional.empty()), seen);
    }

    @Test
    void theSeedIsDrawnOnceAndKept() {
        watcher.start();
        network.post(Json.flat());
        network.deliver();
        assertEquals(0x5eed0001L, last().settings().seed());
        assertEquals(
                "000000005eed0001",
                network.stored().path("settings").path("seed").asText());

        // An edited file without the seed is posted again.
        network.post(Json.with(Json.flat(), "settings", Json.of("{'cacheSize': 5}")));
        network.deliver();
        assertEquals(0x5eed0001L, last().settings().seed());
        assertEquals(5, last().settings().cacheSize());

        watcher.stop();
        watcher.start();
        assertEquals(0x5eed0001L, last().settings().seed());
        assertEquals(0x5eed0001L, draws.get());

        network.delete();
        network.post(Json.flat());
        network.deliver();
        assertEquals(0x5eed0002L, last().settings().seed());
    }

    @Test
    void aSeedThatTheOperatorSetsIsTaken() {
        watcher.start();
        network.post(Json.flat());
        network.post(Json.with(Json.flat(), "settings", Json.of("{'seed': 'ffffffffffffffff'}")));
        network.deliver();
        assertEquals(-1, last().settings().seed());
    }

    @Test
    void whatIsStoredUncheckedAndWrongLeavesTheLastGoodInForce() {
        watcher.start();
        network.post(Json.routed());
        network.deliver();
        network.store(Json.of("{'services': 1}"));
        network.deliver();
        network.store(Json.flat());
        network.deliver();
        assertEquals(2, seen.size(), "neither the wrong nor the one without a seed");
        assertEquals(0xdeadbeefL, last().settings().seed());
    }

    @Test
    void afterTheStopNothingIsLeft() {
        watcher.start();
        network.post(Json.routed());
        watcher.stop();
        network.deliver();
        assertEquals(1, seen.size());
        assertTrue(network.idle());
        assertEquals(Json.routed(), network.pending(), "ONOS keeps it for the next start");
    }

    private FrontEnd last() {
        return seen.get(seen.size() - 1).get();
    }
}
