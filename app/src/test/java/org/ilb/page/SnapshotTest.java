package org.ilb.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HealthState;
import org.ilb.IlbService;
import org.ilb.Server;
import org.ilb.ServerHealth;
import org.ilb.ServerStatus;
import org.ilb.Service;
import org.ilb.rest.SampleIlb;
import org.junit.jupiter.api.Test;

/** What a snapshot says, and that its lists follow the configuration's order. */
class SnapshotTest {

    private final IlbService ilb = new SampleIlb(true);

    @Test
    void listsFollowTheConfiguration() {
        Snapshot snapshot = Snapshot.take(ilb, null, 1234);
        JsonNode configuration = data("configuration", snapshot.configuration());
        JsonNode status = data("status", snapshot.status());
        assertEquals(1234, status.path("at").asLong());
        assertEquals(3, status.path("view").asLong());
        assertEquals(configuration.path("ilbs").size(), status.path("ilbs").size());
        assertTrue(status.path("ilbs").path(0).path("in").asBoolean());
        assertEquals("away", status.path("ilbs").path(1).path("absence").asText());
        assertEquals(3, status.path("services").size());
        for (int i = 0; i < 3; i++) {
            JsonNode configured = configuration.path("services").path(i);
            int servers = configured.path("servers").size()
                    + configured.path("backups").size();
            JsonNode service = status.path("services").path(i);
            for (String column : new String[] {"connections", "opened", "bytes"}) {
                assertEquals(servers, service.path(column).size(), column);
            }
            assertEquals(servers, service.path("health").asText().length());
        }
        JsonNode web = status.path("services").path(0);
        assertEquals("[4,1,1]", web.path("connections").toString());
        assertEquals("-d?", web.path("health").asText());
        assertEquals("[1,2]", web.path("unplaced").toString());
        JsonNode bulk = status.path("services").path(2);
        assertEquals("[2]", bulk.path("buckets").toString(), "one of them is on its way there");
        assertEquals("[0]", bulk.path("leaving").toString(), "that of the former server is nobody's here");
        assertEquals(1, bulk.path("moving").asInt());
        assertEquals(5, status.path("counters").path("packet-ins").asLong());
    }

    @Test
    void thereIsNoSecretInIt() {
        Snapshot snapshot = Snapshot.take(ilb, null, 0);
        String all = text(snapshot.configuration()) + text(snapshot.status());
        assertFalse(all.contains("seed"), all);
        assertFalse(all.contains("feed"), all);
    }

    @Test
    void beforeTheFirstConfigurationItIsEmpty() {
        Snapshot snapshot = Snapshot.take(new SampleIlb(false), null, 0);
        assertEquals(
                "{\"services\":[],\"ilbs\":[]}",
                data("configuration", snapshot.configuration()).toString());
        assertEquals(0, data("status", snapshot.status()).path("ilbs").size());
    }

    @Test
    void theSameConfigurationIsWrittenOnce() {
        FrontEnd frontEnd = ilb.frontEnd().orElseThrow();
        IlbService same = new SampleIlb(true) {
            @Override
            public Optional<FrontEnd> frontEnd() {
                return Optional.of(frontEnd);
            }
        };
        Snapshot first = Snapshot.take(same, null, 1);
        assertSame(first.configuration(), Snapshot.take(same, first, 2).configuration());
    }

    @Test
    void whoIsDownIsSaidWithTheReason() {
        IlbService sick = new SampleIlb(true) {
            @Override
            public ServerStatus status(String service, Endpoint server) {
                return new ServerStatus(
                        null,
                        null,
                        0,
                        server.port() == 8080
                                ? new ServerHealth(HealthState.DOWN, Instant.ofEpochMilli(77), "status 503")
                                : new ServerHealth(HealthState.UP, null, null));
            }
        };
        JsonNode services =
                data("status", Snapshot.take(sick, null, 0).status()).path("services");
        assertEquals("ddd", services.path(0).path("health").asText());
        assertEquals(
                "{\"since\":77,\"reason\":\"status 503\"}",
                services.path(0).path("down").path("1").toString());
        assertEquals("u", services.path(1).path("health").asText());
        assertEquals(0, services.path(1).path("down").size());
    }

    @Test
    void aThousandServersAreSomeTensOfKilobytes() {
        FrontEnd small = ilb.frontEnd().orElseThrow();
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            servers.add(new Server(Endpoint.parse("10.1." + i / 250 + "." + (i % 250 + 1) + ":80"), 1, null, null));
        }
        Service large = small.services().get(0).servedBy(servers);
        FrontEnd frontEnd = new FrontEnd(ImmutableList.of(large), small.ilbs(), small.settings());
        IlbService many = new SampleIlb(true) {
            @Override
            public Optional<FrontEnd> frontEnd() {
                return Optional.of(frontEnd);
            }

            @Override
            public ServerStatus status(String service, Endpoint server) {
                return new ServerStatus(null, null, 123_456);
            }
        };
        Snapshot snapshot = Snapshot.take(many, null, 0);
        assertTrue(snapshot.status().length < 40_000, () -> snapshot.status().length + " bytes a second");
    }

    private static String text(byte[] event) {
        return new String(event, StandardCharsets.UTF_8);
    }

    /** Reads an event as a browser does: one line with its name, one with its data, an empty one. */
    private static JsonNode data(String name, byte[] event) {
        String text = text(event);
        String head = "event: " + name + "\ndata: ";
        assertTrue(text.startsWith(head) && text.endsWith("\n\n"), text);
        String json = text.substring(head.length(), text.length() - 2);
        assertFalse(json.contains("\n"), json);
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }
}
