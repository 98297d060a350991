package org.ilb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.karaf.shell.support.completers.ArgumentCommandLine;
import org.ilb.IlbService;
import org.ilb.config.FakeNetworkConfig;
import org.ilb.config.FrontEndReader;
import org.ilb.config.FrontEndWatcher;
import org.ilb.config.StoredConfiguration;
import org.ilb.rest.Answers;
import org.ilb.rest.SampleIlb;
import org.ilb.rest.StatisticsAnswers;
import org.junit.jupiter.api.Test;
import org.onosproject.cli.AbstractShellCommand;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.DefaultApplicationId;

class CommandsTest {

    private static final ApplicationId APPLICATION = new DefaultApplicationId(1, "org.ilb");

    private final IlbService ilb = new SampleIlb(true);
    private final FakeNetworkConfig network = new FakeNetworkConfig(APPLICATION);

    @Test
    void services() throws IOException {
        ServicesCommand command = new ServicesCommand();
        assertEquals(
                lines(
                        "Service | Address         | Policy               | Server        | Pool   | Weight | MAC               | Location              | Connections",
                        "--------+-----------------+----------------------+---------------+--------+--------+-------------------+-----------------------+------------",
                        "web     | 203.0.113.10:80 | weighted-round-robin | 10.0.1.1:8080 | pool   | 3      | 00:00:00:00:01:01 | of:00000000000000a1/1 | 4",
                        "web     | 203.0.113.10:80 | weighted-round-robin | 10.0.1.2:8080 | pool   | 1      | unknown           | unknown               | 1",
                        "web     | 203.0.113.10:80 | weighted-round-robin | 10.0.1.9:8080 | backup | 1      | unknown           | unknown               | 1",
                        "api     | 203.0.113.10:443 | weighted-round-robin | 10.0.1.2:8443 | pool   | 1      | unknown           | unknown               | 0",
                        "bulk    | 203.0.113.10:8000 | weighted-round-robin | 10.0.1.1:8000 | pool   | 2      | unknown           | unknown               | 1"),
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
        command.offset = 0;
        command.service = null;
        command.server = "10.0.1.1:8080";
        command.owner = "10.0.2.1";
        command.client = "198.51.100.0/24";
        assertTrue(run(command).endsWith("2 of 5 connections\n"));
        command.backup = "10.0.2.2";
        assertTrue(run(command).endsWith("1 of 1 connections\n"));
        command.client = "198.51.100.7:40002";
        assertTrue(run(command).endsWith("0 of 0 connections\n"));
        command.client = "here";
        assertFails(
                "client is 'here'; it must be an IPv4 address, a prefix such as 10.0.0.0/24 or address:port", command);
        command.owner = "x";
        assertFails("'x' is neither an address nor an index of 0 or more", command);
        command.server = "10.0.1.1";
        assertFails("'10.0.1.1' is not of the form address:port", command);
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
    void servers() throws IOException {
        ServersCommand command = new ServersCommand();
        command.service = "web";
        assertEquals(
                lines(
                        "Service | Server | Pool | Weight | State | Health | Since | Connections",
                        "---",
                        "web | 10.0.1.1:8080 | pool | 3 | enabled | unchecked | - | 4",
                        "web | 10.0.1.2:8080 | pool | 1 | draining until 2030-01-31T18:00:00Z | down: status 503 | "
                                + "2026-01-02T03:04:05Z | 1",
                        "web | 10.0.1.9:8080 | backup | 1 | enabled | unknown | - | 1"),
                squeeze(run(command)));
        assertEquals(
                reread(new Answers(ilb).servers(Optional.of("web"), Optional.empty(), Optional.empty())),
                runJson(command));
        command.service = null;
        assertEquals(7, run(command).lines().count());
        assertEquals(5, runJson(command).path("servers").size());
        command.health = "down";
        assertEquals(
                "10.0.1.2",
                runJson(command).path("servers").path(0).path("address").asText());
        assertEquals(3, run(command).lines().count());
        command.state = "enabled";
        assertTrue(run(command).endsWith("there are no such servers\n"));
        command.state = "Enabled";
        assertFails("state is 'Enabled'; it must be one of enabled, draining, disabled", command);
        command.state = null;
        command.health = "";
        assertFails("health is ''; it must be one of unchecked, unknown, up, down", command);
        command.service = "none";
        assertFails("there is no service 'none'", command);
    }

    @Test
    void statistics() throws IOException {
        StatisticsCommand command = new StatisticsCommand();
        assertEquals(
                lines(
                        "since 2026-01-01T00:00:00Z",
                        "Service | Server | Active | Opened | Packets in | Bytes in | Packets out | Bytes out",
                        "---",
                        "web | 10.0.1.1:8080 | 4 | 6 | 70 | 7000 | 50 | 50000",
                        "web | 10.0.1.2:8080 | 1 | 2 | 10 | 800 | 0 | 0",
                        "bulk | 10.0.1.1:8000 | 0 | 0 | 5 | 400 | 4 | 4000",
                        "",
                        "ILB | Opened | Refused | Packet-ins | Hand-offs | Cache hits | Packets | Bytes | p50 ms | p99 ms",
                        "---",
                        "10.0.2.1 | 7 | 2 | 8 | 3 | 1 | 60 | 6000 | 0.5 | -",
                        "10.0.2.2 | 1 | 0 | 1 | 0 | 0 | 25 | 2200 | - | -"),
                squeeze(run(command)));
        assertEquals(reread(StatisticsAnswers.write(ilb.statistics())), runJson(command));
    }

    @Test
    void drain() throws IOException {
        StoredConfiguration configuration = stored();
        DrainCommand command = new DrainCommand();
        command.id = "1";
        assertEquals(
                "1 is drained from now on; ilb-ilbs shows when its rules are gone\n",
                printed(() -> command.run(configuration)));
        assertTrue(network.stored().path("ilbs").get(0).path("drain").asBoolean());
        command.id = "2";
        assertFails("ilbs[0].drain: every ILB is drained; leave one that can own connections", command, configuration);
        command.id = "3";
        assertFails("there is no ILB '3'", command, configuration);
        command.id = "1";
        command.undo = true;
        json(command, true);
        assertEquals(
                "{\"device\":\"of:0000000000000001\",\"id\":1,\"drain\":false}",
                new ObjectMapper()
                        .readTree(printed(() -> command.run(configuration)))
                        .toString());
        assertFalse(network.stored().path("ilbs").get(0).path("drain").asBoolean());
    }

    @Test
    void aServerIsDrainedDisabledEnabledAndWeighed() throws IOException {
        StoredConfiguration configuration = stored();
        ServerDrainCommand drain = of(new ServerDrainCommand(), "10.0.1.1:80");
        drain.clock = Clock.fixed(Instant.parse("2030-01-31T18:00:00.5Z"), ZoneOffset.UTC);
        drain.deadline = "10m";
        assertEquals(
                "10.0.1.1:80 is drained until 2030-01-31T18:10:00Z; ilb-servers web shows what it still has\n",
                printed(() -> drain.run(configuration)));
        assertEquals("{'state':'draining','drainUntil':'2030-01-31T18:10:00Z'}", said("servers"));
        drain.deadline = null;
        assertEquals(
                "10.0.1.1:80 is drained; ilb-servers web shows what it still has\n",
                printed(() -> drain.run(configuration)));
        assertEquals("{'state':'draining'}", said("servers"), "the former deadline is not this drain's");

        assertEquals("10.0.1.1:80 is disabled\n", printed(() -> of(new ServerDisableCommand(), "10.0.1.1:80")
                .run(configuration)));
        assertEquals("{'state':'disabled'}", said("servers"));

        ServerEnableCommand enable = of(new ServerEnableCommand(), "10.0.1.1:80");
        drain.deadline = "2030-02-01T00:00:00Z";
        printed(() -> drain.run(configuration));
        assertEquals("10.0.1.1:80 is enabled\n", printed(() -> enable.run(configuration)));
        assertEquals("{}", said("servers"), "of a deadline nothing is left, either");
        assertEquals("10.0.1.1:80 is enabled\n", printed(() -> enable.run(configuration)), "once more is no mistake");

        ServerWeightCommand weight = of(new ServerWeightCommand(), "10.0.1.9:80");
        weight.weight = 1000;
        json(weight, true);
        assertEquals(
                "{\"address\":\"10.0.1.9\",\"port\":80,\"weight\":1000}",
                new ObjectMapper()
                        .readTree(printed(() -> weight.run(configuration)))
                        .toString());
        assertEquals("{'weight':1000}", said("backups"), "a backup is a server, too");
    }

    @Test
    void whatAServerCannotBeChangesNothing() throws IOException {
        StoredConfiguration configuration = stored();
        JsonNode before = network.stored().deepCopy();
        ServerWeightCommand weight = of(new ServerWeightCommand(), "10.0.1.1:80");
        weight.weight = 1001;
        assertFails("services[0].servers[0].weight: 1001 is not a whole number from 0 to 1000", weight, configuration);
        weight.weight = 1;
        weight.server = "10.0.1.2:80";
        assertFails("service 'web' has no server '10.0.1.2:80'", weight, configuration);
        weight.service = "none";
        assertFails("there is no service 'none'", weight, configuration);
        ServerDrainCommand drain = of(new ServerDrainCommand(), "10.0.1.1:80");
        drain.clock = Clock.fixed(Instant.parse("2030-01-31T18:00:00Z"), ZoneOffset.UTC);
        for (String deadline : List.of("soon", "", "0s", "-1m", "10", "5w", "999999999d ")) {
            drain.deadline = deadline;
            assertFails(
                    "'" + deadline + "' is neither a time from now such as 90s, 10m, 2h or 1d "
                            + "nor a moment such as 2030-01-31T18:00:00Z",
                    drain,
                    configuration);
        }
        drain.deadline = "2030-01-31T17:59:59Z";
        assertFails("2030-01-31T17:59:59Z is over; ilb-server-disable ends connections at once", drain, configuration);
        assertEquals(before, network.stored());
    }

    /** What the configuration says of the first server of a list beside its address. */
    private String said(String list) {
        ObjectNode server =
                network.stored().path("services").get(0).path(list).get(0).deepCopy();
        server.remove(List.of("address", "port"));
        return server.toString().replace('"', '\'');
    }

    private static <C extends ServerCommand> C of(C command, String server) {
        command.service = "web";
        command.server = server;
        return command;
    }

    /** Two ILBs, and a service with a server and one that backs it up. */
    private StoredConfiguration stored() {
        new FrontEndWatcher(network, APPLICATION, ImmutableSet.of(FrontEndReader.DEFAULT_POLICY), frontEnd -> {})
                .start();
        StoredConfiguration configuration = new StoredConfiguration(network, APPLICATION);
        configuration.change(json -> {
            for (int id : new int[] {1, 2}) {
                json.withArray("ilbs")
                        .addObject()
                        .put("device", "of:000000000000000" + id)
                        .put("id", id);
            }
            ObjectNode service = json.withArray("services")
                    .addObject()
                    .put("name", "web")
                    .put("address", "203.0.113.10")
                    .put("port", 80);
            service.withArray("servers").addObject().put("address", "10.0.1.1").put("port", 80);
            service.withArray("backups").addObject().put("address", "10.0.1.9").put("port", 80);
        });
        return configuration;
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
        ServerCompleter servers = new ServerCompleter();
        assertEquals(
                "[10.0.1.1:8080, 10.0.1.2:8080, 10.0.1.9:8080, 10.0.1.2:8443, 10.0.1.1:8000]",
                servers.choices(ilb.frontEnd().get()).toString());
        servers.commandLine = new ArgumentCommandLine("api", 3);
        assertEquals(
                "[10.0.1.2:8443]", servers.choices(ilb.frontEnd().get()).toString(), "of the service that is named");
        assertEquals("[]", new IlbIdCompleter().choices().toString(), "without the service");
    }

    private String run(IlbCommand command) throws IOException {
        return printed(() -> command.show(ilb));
    }

    private interface Work {
        void run() throws IOException;
    }

    private static String printed(Work work) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
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

    private static void json(AbstractShellCommand command, boolean value) {
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

    private static void assertFails(String sentence, ConfigCommand command, StoredConfiguration configuration) {
        assertEquals(
                sentence,
                assertThrows(IllegalArgumentException.class, () -> command.run(configuration))
                        .getMessage());
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
