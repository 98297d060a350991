package org.ilb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.ilb.IlbService;
import org.ilb.config.FakeNetworkConfig;
import org.ilb.config.FrontEndReader;
import org.ilb.config.FrontEndWatcher;
import org.ilb.config.StoredConfiguration;
import org.ilb.rest.Answers;
import org.ilb.rest.SampleIlb;
import org.junit.jupiter.api.Test;
import org.onosproject.cli.AbstractShellCommand;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.DefaultApplicationId;

class CommandsTest {

    private final IlbService ilb = new SampleIlb(true);

    @Test
    void services() throws IOException {
        ServicesCommand command = new ServicesCommand();
        assertEquals(
                lines(
                        "Service | Address         | Policy               | Server        | Weight | MAC               | Location              | Connections",
                        "--------+-----------------+----------------------+---------------+--------+-------------------+-----------------------+------------",
                        "web     | 203.0.113.10:80 | weighted-round-robin | 10.0.1.1:8080 | 3      | 00:00:00:00:01:01 | of:00000000000000a1/1 | 4",
                        "web     | 203.0.113.10:80 | weighted-round-robin | 10.0.1.2:8080 | 1      | unknown           | unknown               | 1",
                        "api     | 203.0.113.10:443 | weighted-round-robin | 10.0.1.2:8443 | 1      | unknown           | unknown               | 0",
                        "bulk    | 203.0.113.10:8000 | weighted-round-robin | 10.0.1.1:8000 | 2      | unknown           | unknown               | 1"),
                squeeze(run(command)));
        command.service = "api";
        assertEquals(3, run(command).lines().count());
        assertEquals(reread(new Answers(ilb).service("api").get()), runJson(command));
        command.service = null;
        assertEquals(reread(new Answers(ilb).services()), runJson(command));
        command.service = "none";
        assertFails("there is no service 'none'", command);
    }

    @Test
    void ilbs() throws IOException {
        IlbsCommand command = new IlbsCommand();
        assertEquals(
                lines(
                        "view 3",
                        "ILB | Device | Uplink | In | Drain | Connected | Owned | Backed up | Cached | Rules",
                        "---",
                        "10.0.2.1 | of:0000000000000001 | port 1 to 10.0.2.254 | yes | no | yes | 5 | 0 | 7 | 4",
                        "10.0.2.2 | of:0000000000000002 | port 2 to 10.0.2.254 | away | yes | no | 5 | 0 | 7 | 4"),
                squeeze(run(command)));
        assertEquals(reread(new Answers(ilb).ilbs()), runJson(command));
        command.id = "10.0.2.2";
        assertEquals(3, run(command).lines().count());
        command.id = "10.0.2.3";
        assertFails("there is no ILB '10.0.2.3'", command);
        command.id = "x";
        assertFails("'x' is neither an address nor an index of 0 or more", command);
    }

    @Test
    void connections() throws IOException {
        ConnectionsCommand command = new ConnectionsCommand();
        command.limit = 2;
        assertEquals(
                lines(
                        "Client | Service | Server | Owner | Backup | Receiver | State | View",
                        "---",
                        "198.51.100.7:40001 | 203.0.113.10:80 | 10.0.1.1:8080 | 10.0.2.1 | 10.0.2.2 | 10.0.2.2 | established | 3",
                        "198.51.100.7:40002 | 203.0.113.10:80 | 10.0.1.1:8080 | 10.0.2.1 | none | unknown | embryonic | 3",
                        "2 of 5 connections"),
                squeeze(run(command)));
        command.service = "api";
        assertTrue(run(command).endsWith("1 of 1 connections\n"));
        command.offset = 1;
        assertEquals(0, runJson(command).path("associations").size());
        command.limit = 0;
        assertFails("offset must be 0 or more, and limit 1 or more", command);
    }

    @Test
    void elect() throws IOException {
        ElectCommand command = new ElectCommand();
        command.destination = "203.0.113.10:80";
        command.source = "198.51.100.7:40001";
        assertEquals(
                lines(
                        "view 3",
                        "ILB | Score | Elected",
                        "---",
                        "10.0.2.2 | ffffffffffffffff | owner",
                        "10.0.2.1 | 0000000000009c41 | backup"),
                squeeze(run(command)));
        assertEquals("10.0.2.2", runJson(command).path("owner").asText());
        command.destination = "203.0.113.10:8000";
        command.source = "198.51.100.7:40002";
        assertTrue(run(command).startsWith("view 3\nbucket 1\n"));
        command.source = "198.51.100.7";
        assertFails("'198.51.100.7' is not of the form address:port", command);
    }

    @Test
    void buckets() throws IOException {
        BucketsCommand command = new BucketsCommand();
        assertEquals(
                lines(
                        "Service | Buckets | States | Shares",
                        "---",
                        "bulk | 3 | 1 unbound, 1 settled, 1 moving | 10.0.1.1:8000 2"),
                squeeze(run(command)));
        assertEquals(
                reread(new Answers(ilb).buckets("bulk").get()), runJson(command).path("bulk"));
        command.service = "bulk";
        assertEquals(
                lines(
                        "Bucket | State | Server | Next | Owner | Backup | Pins | Packets | Bytes",
                        "---",
                        "0 | unbound | none | none | none | none | 0 | 0 | 0",
                        "1 | settled | 10.0.1.1:8000 | none | 10.0.2.1 | 10.0.2.2 | 0 | 10 | 800",
                        "2 | moving | 10.0.1.3:8000 | 10.0.1.1:8000 | 10.0.2.1 | none | 7 | 20 | 1600",
                        "1 unbound, 1 settled, 1 moving; 10.0.1.1:8000 2"),
                squeeze(run(command)));
        assertEquals(reread(new Answers(ilb).buckets("bulk").get()), runJson(command));
        command.service = "none";
        assertFails("there is no service 'none'", command);
        command.service = "web";
        assertFails("service 'web' has no buckets; its granularity is connection", command);
    }

    @Test
    void counters() throws IOException {
        CountersCommand command = new CountersCommand();
        assertEquals(lines("Counter | Value", "---", "hand-offs | 2", "packet-ins | 5"), squeeze(run(command)));
        assertEquals(reread(new Answers(ilb).counters()), runJson(command));
    }

    @Test
    void views() throws IOException {
        ViewsCommand command = new ViewsCommand();
        assertEquals(
                lines(
                        "View | Since | In | Came | Went",
                        "---",
                        "3 | 2026-01-02T03:04:05.678Z | 1 | | 10.0.2.2",
                        "2 | 2026-01-01T00:00:00Z | 2 | |"),
                squeeze(run(command)));
        assertEquals(reread(new Answers(ilb).views()), runJson(command));
    }

    @Test
    void drain() {
        ApplicationId application = new DefaultApplicationId(1, "org.ilb");
        FakeNetworkConfig network = new FakeNetworkConfig(application);
        new FrontEndWatcher(network, application, ImmutableSet.of(FrontEndReader.DEFAULT_POLICY), frontEnd -> {})
                .start();
        StoredConfiguration configuration = new StoredConfiguration(network, application);
        configuration.change(json -> {
            for (int id : new int[] {1, 2}) {
                json.withArray("ilbs")
                        .addObject()
                        .put("device", "of:000000000000000" + id)
                        .put("id", id);
            }
        });
        DrainCommand command = new DrainCommand();
        command.id = "1";
        command.drain(configuration);
        assertTrue(network.stored().path("ilbs").get(0).path("drain").asBoolean());
        command.id = "2";
        assertEquals(
                "ilbs[0].drain: every ILB is drained; leave one that can own connections",
                assertThrows(IllegalArgumentException.class, () -> command.drain(configuration))
                        .getMessage());
        command.id = "3";
        assertEquals(
                "there is no ILB '3'",
                assertThrows(IllegalArgumentException.class, () -> command.drain(configuration))
                        .getMessage());
        command.id = "1";
        command.undo = true;
        command.drain(configuration);
        assertFalse(network.stored().path("ilbs").get(0).path("drain").asBoolean());
    }

    @Test
    void completes() {
        assertEquals(
                "[web, api, bulk]",
                new ServiceNameCompleter().choices(ilb.frontEnd().get()).toString());
        assertEquals(
                "[bulk]",
                new BucketServiceCompleter().choices(ilb.frontEnd().get()).toString());
        assertEquals(
                "[10.0.2.1, 10.0.2.2]",
                new IlbIdCompleter().choices(ilb.frontEnd().get()).toString());
        assertEquals(
                "[203.0.113.10:80, 203.0.113.10:443, 203.0.113.10:8000]",
                new VirtualEndpointCompleter().choices(ilb.frontEnd().get()).toString());
        assertEquals("[]", new IlbIdCompleter().choices().toString(), "without the service");
    }

    private String run(IlbCommand command) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            command.show(ilb);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private JsonNode runJson(IlbCommand command) throws IOException {
        json(command, true);
        try {
            return new ObjectMapper().readTree(run(command));
        } finally {
            json(command, false);
        }
    }

    /** JSON that was read has the smallest types of numbers. */
    private static JsonNode reread(JsonNode json) throws IOException {
        return new ObjectMapper().readTree(json.toString());
    }

    private static void json(IlbCommand command, boolean value) {
        try {
            Field field = AbstractShellCommand.class.getDeclaredField("json");
            field.setAccessible(true);
            field.set(command, value);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private void assertFails(String sentence, IlbCommand command) {
        assertEquals(
                sentence,
                assertThrows(IllegalArgumentException.class, () -> run(command)).getMessage());
    }

    private static String lines(String... lines) {
        return squeeze(String.join("\n", lines));
    }

    /** Widths are the table's affair. */
    private static String squeeze(String text) {
        return text.lines()
                .map(line -> line.matches("[-+]+") ? "---" : line.trim().replaceAll(" +", " "))
                .collect(Collectors.joining("\n"));
    }
}
