package org.ilb.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ilb.config.FakeNetworkConfig;
import org.ilb.config.FrontEndReader;
import org.ilb.config.FrontEndWatcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.CoreServiceAdapter;
import org.onosproject.core.DefaultApplicationId;

/** The contract of {@code config} and all beneath it: what is written comes into ONOS's network configuration, or nothing does. */
class ConfigRestTest {

    private static final ApplicationId APPLICATION = new DefaultApplicationId(1, "org.ilb");
    private static final String CONFIGURATION = "{'services': ["
            + "{'name': 'web', 'address': '203.0.113.10', 'port': 80, 'servers': ["
            + "  {'address': '10.0.1.1', 'port': 8080, 'weight': 3}, {'address': '10.0.1.2', 'port': 8080}]},"
            + "{'name': 'api', 'address': '203.0.113.10', 'port': 443, 'servers': ["
            + "  {'address': '10.0.1.1', 'port': 8443}]}],"
            + "'ilbs': [{'device': 'of:0000000000000001', 'id': 1}, {'device': 'of:0000000000000002', 'id': 2}],"
            + "'settings': {'linger': 5, 'seed': '00000000deadbeef'}}";

    /** Everything that has an address, but the lists. */
    private static final List<String> PARTS = List.of(
            "config",
            "config/settings",
            "config/services/web",
            "config/services/web/servers/10.0.1.1:8080",
            "config/ilbs/2");

    private static final List<String> LISTS =
            List.of("config/services", "config/services/web/servers", "config/services/web/backups", "config/ilbs");

    private static RestServer server;

    private FakeNetworkConfig network;

    @BeforeAll
    static void start() {
        server = new RestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void configure() {
        network = new FakeNetworkConfig(APPLICATION);
        new FrontEndWatcher(network, APPLICATION, ImmutableSet.of(FrontEndReader.DEFAULT_POLICY), frontEnd -> {})
                .start();
        server.serve(network, new CoreServiceAdapter() {
            @Override
            public ApplicationId getAppId(String name) {
                assertEquals("org.ilb", name);
                return APPLICATION;
            }
        });
        assertEquals(200, write("PUT", "config", CONFIGURATION).status);
    }

    @Test
    void whatIsWrittenIsWhatOnosStoresAndWhatIsRead() {
        assertEquals(json(CONFIGURATION), network.stored());
        assertEquals(json(CONFIGURATION), read("config").json());
        assertEquals(
                json("{'linger': 5, 'seed': '00000000deadbeef'}"),
                read("config/settings").json());
        assertEquals(
                json("{'address': '10.0.1.2', 'port': 8080}"),
                read("config/services/web/servers/10.0.1.2:8080").json());
        assertEquals(
                json("{'device': 'of:0000000000000002', 'id': 2}"),
                read("config/ilbs/2").json());
        assertEquals(
                network.stored().path("services").get(0),
                read("config/services/web").json());
        assertEquals(
                network.stored().path("services"),
                read("config/services").json().path("services"));
        assertEquals(network.stored().path("ilbs"), read("config/ilbs").json().path("ilbs"));
        assertEquals(
                network.stored().path("services").get(0).path("servers"),
                read("config/services/web/servers").json().path("servers"));
    }

    @Test
    void partsAreCreated() {
        RestServer.Answer service = write(
                "POST",
                "config/services",
                "{'name': 'new', 'address': '203.0.113.11', 'port': 80, 'servers': [{'address': '10.0.1.3', 'port': 1}]}");
        assertEquals(201, service.status, service.body);
        assertTrue(service.location.endsWith("/onos/ilb/v1/config/services/new"), service.location);
        assertEquals(service.tag, read("config/services/new").tag);

        RestServer.Answer one = write("POST", "config/services/new/servers", "{'address': '10.0.1.3', 'port': 2}");
        assertEquals(201, one.status, one.body);
        assertTrue(one.location.endsWith("/config/services/new/servers/10.0.1.3:2"), one.location);
        assertEquals(201, write("PUT", "config/services/new/servers/10.0.1.3:3", "{}").status);
        assertEquals(
                "[{\"address\":\"10.0.1.3\",\"port\":1},{\"address\":\"10.0.1.3\",\"port\":2},"
                        + "{\"address\":\"10.0.1.3\",\"port\":3}]",
                network.stored().path("services").get(2).path("servers").toString());

        assertEquals(201, write("PUT", "config/ilbs/7", "{'device': 'of:0000000000000007'}").status);
        assertEquals(201, write("POST", "config/ilbs", "{'device': 'of:0000000000000008', 'id': 8}").status);
        assertEquals(4, network.stored().path("ilbs").size());
    }

    @Test
    void partsAreReplaced() {
        assertEquals(
                200, write("PUT", "config/services/web/servers/10.0.1.1:8080", "{'mac': '00:00:00:00:00:01'}").status);
        assertEquals(
                json("{'address': '10.0.1.1', 'port': 8080, 'mac': '00:00:00:00:00:01'}"),
                network.stored().path("services").get(0).path("servers").get(0),
                "what is not said has its default");
        assertEquals(200, write("PUT", "config/ilbs/1", "{'device': 'of:0000000000000009'}").status);
        assertEquals(
                "of:0000000000000009",
                network.stored().path("ilbs").get(0).path("device").asText());
        assertEquals(200, write("PUT", "config/settings", "{'linger': 6}").status);
        assertEquals(
                json("{'linger': 6, 'seed': '00000000deadbeef'}"),
                network.stored().path("settings"),
                "the seed stays");
    }

    @Test
    void partsArePatched() {
        RestServer.Answer answer = write(
                "PATCH", "config/services/web/servers/10.0.1.1:8080", "{'weight': null, 'mac': '00:00:00:00:00:01'}");
        assertEquals(200, answer.status, answer.body);
        assertEquals(json("{'address': '10.0.1.1', 'port': 8080, 'mac': '00:00:00:00:00:01'}"), answer.json());
        assertEquals(200, write("PATCH", "config/ilbs/2", "{'drain': true}").status);
        assertTrue(network.stored().path("ilbs").get(1).path("drain").asBoolean());
        assertEquals(
                200,
                write("PATCH", "config/services/api", "{'granularity': 'buckets', 'buckets': {'count': 16}}").status);
        assertEquals(200, write("PATCH", "config/services/api", "{'buckets': {'moving': 2}}").status);
        assertEquals(
                json("{'count': 16, 'moving': 2}"),
                network.stored().path("services").get(1).path("buckets"));
        assertEquals(200, write("PATCH", "config", "{'settings': {'linger': 7}}").status);
        assertEquals(
                json("{'linger': 7, 'seed': '00000000deadbeef'}"),
                network.stored().path("settings"));
    }

    /** What the console's commands do, too. */
    @Test
    void serversAreDrainedAndBackedUp() {
        String server = "config/services/web/servers/10.0.1.1:8080";
        RestServer.Answer drained =
                write("PATCH", server, "{'state': 'draining', 'drainUntil': '2030-01-31T18:00:00Z'}");
        assertEquals(200, drained.status, drained.body);
        assertEquals("draining", drained.json().path("state").asText());
        assertEquals(200, write("PATCH", server, "{'state': null, 'drainUntil': null}").status);
        assertEquals(
                json("{'address': '10.0.1.1', 'port': 8080, 'weight': 3}"),
                read(server).json());

        RestServer.Answer backup =
                write("POST", "config/services/web/backups", "{'address': '10.0.1.9', 'port': 8080}");
        assertEquals(201, backup.status, backup.body);
        assertTrue(backup.location.endsWith("/config/services/web/backups/10.0.1.9:8080"), backup.location);
        assertEquals(200, write("PATCH", "config/services/web/backups/10.0.1.9:8080", "{'state': 'disabled'}").status);
        assertEquals(
                json("{'backups': [{'address': '10.0.1.9', 'port': 8080, 'state': 'disabled'}]}"),
                read("config/services/web/backups").json());
        fails(404, read("config/services/web/servers/10.0.1.9:8080"), "there is no server '10.0.1.9:8080'");
        fails(404, read("config/services/web/backups/10.0.1.1:8080"), "there is no backup server '10.0.1.1:8080'");
        assertEquals(204, write("DELETE", "config/services/web/backups/10.0.1.9:8080", null).status);
        assertEquals("{\"backups\":[]}", read("config/services/web/backups").body);
    }

    @Test
    void aMergePatchHasAMediaTypeOfItsOwn() {
        RestServer.Answer answer = server.send(server.request("PATCH", "config/settings", "{\"linger\": 8}")
                .setHeader("Content-Type", "application/merge-patch+json"));
        assertEquals(200, answer.status, answer.body);
    }

    @Test
    void partsAreDeleted() {
        for (String path : List.of(
                "config/services/web/servers/10.0.1.1:8080",
                "config/services/api",
                "config/ilbs/1",
                "config/settings")) {
            assertEquals(204, write("DELETE", path, null).status, path);
        }
        JsonNode left = json("{'services': [{'name': 'web', 'address': '203.0.113.10', 'port': 80, 'servers': ["
                + "{'address': '10.0.1.2', 'port': 8080}]}], 'ilbs': [{'device': 'of:0000000000000002', 'id': 2}],"
                + "'settings': {'seed': '00000000deadbeef'}}");
        assertEquals(left, network.stored());
        assertEquals(204, write("DELETE", "config", null).status);
        assertEquals(null, network.stored());
        for (String path : PARTS) {
            fails(404, write("DELETE", path, null), "");
            fails(404, read(path), "");
        }
        assertEquals("{\"services\":[]}", read("config/services").body);
    }

    @Test
    void whatIsLeftMustBeWhole() {
        fails(
                409,
                write("DELETE", "config/services/api/servers/10.0.1.1:8443", null),
                "empty; a service needs at least one server");
        assertEquals(204, write("DELETE", "config/ilbs/1", null).status);
        RestServer.Answer last = write("DELETE", "config/ilbs/2", null);
        fails(409, last, "without any ILB no service can be balanced; list at least one");
        assertEquals("ilbs", last.json().path("field").asText());
    }

    @Test
    void whatIsThereIsNotAddedAgain() {
        fails(409, write("POST", "config/services", "{'name': 'web'}"), "there is service 'web' already");
        fails(409, write("POST", "config/ilbs", "{'id': 2}"), "there is ILB '2' already");
        fails(
                409,
                write("POST", "config/services/web/servers", "{'address': '10.0.1.1', 'port': 8080}"),
                "there is server '10.0.1.1:8080' of service 'web' already");
    }

    @Test
    void anUpdateThatWasNotSeenIsNotLost() {
        for (String path : PARTS) {
            String before = read(path).tag;
            assertTrue(before.matches("\"[0-9a-f]{32}\""), before);
            String body = read(path).body;
            assertEquals(200, conditional("PUT", path, body, "If-Match", before).status, path);
            assertEquals(200, write("PATCH", path, another(path)).status, path);
            JsonNode stored = network.stored();
            String after = read(path).tag;
            assertNotEquals(before, after);
            for (String method : List.of("PUT", "PATCH", "DELETE")) {
                RestServer.Answer late =
                        conditional(method, path, method.equals("DELETE") ? null : body, "If-Match", before);
                fails(412, late, "it is not as the request says; its ETag is " + after);
                assertEquals(stored, network.stored(), path);
            }
            RestServer.Answer inTime = conditional("PATCH", path, "{}", "If-Match", "\"x\", " + after);
            assertEquals(200, inTime.status, path);
            assertEquals(after, inTime.tag);
            assertEquals(200, conditional("PATCH", path, "{}", "If-Match", "*").status, path);
            assertEquals(304, conditional("GET", path, null, "If-None-Match", after).status, path);
            assertEquals(200, conditional("GET", path, null, "If-None-Match", before).status, path);
        }
    }

    /** A patch that changes something there. */
    private static String another(String path) {
        return path.equals("config")
                ? "{'settings': {'linger': 77}}"
                : path.endsWith("settings")
                        ? "{'linger': 78}"
                        : path.endsWith("web")
                                ? "{'unknown': 'drop'}"
                                : path.contains("servers") ? "{'weight': 9}" : "{'device': 'of:000000000000000f'}";
    }

    @Test
    void whatOnlyMayBeCreatedDoesNotReplace() {
        String service = "{'address': '203.0.113.12', 'port': 80, 'servers': [{'address': '10.0.1.9', 'port': 1}]}";
        fails(412, conditional("PUT", "config/services/new", service, "If-Match", "*"), "it is not there");
        assertEquals(201, conditional("PUT", "config/services/new", service, "If-None-Match", "*").status);
        assertEquals(412, conditional("PUT", "config/services/new", service, "If-None-Match", "*").status);
    }

    @Test
    void ofManyWhoWriteAtOnceNoneLosesAnothersPart() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String path = "config/services/web/servers/10.0.2." + (i + 1) + ":80";
                answers.add(writers.submit(() -> write("PUT", path, "{}").status));
            }
            for (Future<Integer> answer : answers) {
                assertEquals(201, answer.get());
            }
        } finally {
            writers.shutdown();
        }
        assertEquals(
                42, network.stored().path("services").get(0).path("servers").size());
    }

    @Test
    void ofManyWhoChangeTheSameOnceSeenOnlyOneSucceeds() throws Exception {
        String tag = read("config/settings").tag;
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String body = "{'linger': " + (100 + i) + "}";
                answers.add(
                        writers.submit(() -> conditional("PATCH", "config/settings", body, "If-Match", tag).status));
            }
            int succeeded = 0;
            for (Future<Integer> answer : answers) {
                succeeded += answer.get() == 200 ? 1 : 0;
            }
            assertEquals(1, succeeded);
        } finally {
            writers.shutdown();
        }
    }

    @Test
    void viewersReadAndAdministratorsWrite() {
        JsonNode stored = network.stored();
        List<String> all = new ArrayList<>(PARTS);
        all.addAll(LISTS);
        for (String path : all) {
            assertEquals(200, server.call("GET", path, "viewer").status, path);
            assertEquals(403, server.call("GET", path, "guest").status, path);
            for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
                boolean there = method.equals("POST") == LISTS.contains(path);
                RestServer.Answer answer =
                        server.send(server.request(method, path, method.equals("DELETE") ? null : "{}")
                                .setHeader(RestServer.ROLES, "viewer"));
                assertEquals(there ? 403 : 405, answer.status, method + " " + path);
                assertEquals("application/problem+json", answer.type);
            }
        }
        assertEquals(stored, network.stored());
    }

    @Test
    void onlyAdministratorsSeeTheSeed() {
        for (String path : List.of("config", "config/settings")) {
            assertTrue(read(path).body.contains("deadbeef"), path);
            assertFalse(server.call("GET", path, "viewer").body.contains("seed"), path);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PUT | config | {'service': []} | service | unknown field; the fields here are services, ilbs, settings",
                "PUT | config | {'services': {}} | services | an object is not a list of services",
                "PATCH | config | {'ilbs': null} | ilbs | without any ILB no service can be balanced; list at least one",
                "PATCH | config | {'settings': {'linger': 0}} | settings.linger | 0 is not a whole number from 1 to 3600",
                "PUT | config/settings | {'linger': '5'} | linger | \"5\" is not a whole number from 1 to 3600",
                "PUT | config/settings | {'seed': 'x'} | seed | must be a string of 16 hexadecimal digits",
                "PATCH | config/settings | {'gateways': ['10.0.1.1']} | gateways[0] | 10.0.1.1 is a server already, by "
                        + "services[0].servers[0].address",
                "PATCH | config/settings | {'x': 1} | x | unknown field; the fields here are",
                "POST | config/services | {} | name | missing; it must be a name",
                "POST | config/services | {'name': 5} | name | 5 is not a name",
                "POST | config/services | {'name': 'x', 'address': '203.0.113.10', 'port': 80, 'servers': ["
                        + "{'address': '10.0.1.5', 'port': 1}]} | port | 203.0.113.10:80 is services[0] already",
                "PUT | config/services/web | {'name': 'other'} | name | \"other\" is not \"web\", which the path says",
                "PUT | config/services/web | {'address': '203.0.113.10', 'port': 80} | servers | missing; a service needs",
                "PUT | config/services/web | {'address': '203.0.113.10', 'port': 443, 'servers': ["
                        + "{'address': '10.0.1.1', 'port': 8080}]} | services[1].port | 203.0.113.10:443 is services[0] already",
                "PATCH | config/services/web | {'policy': 'fastest'} | policy | \"fastest\" is not",
                "PATCH | config/services/web | {'name': []} | name | a list is not \"web\", which the path says",
                "PATCH | config/services/api | {'servers': [{'address': '10.0.1.1', 'port': 0}]} | servers[0].port | 0 is not",
                "POST | config/services/web/servers | {} | address | missing; it must be an IPv4 unicast address",
                "POST | config/services/web/servers | {'address': '10.0.1.9', 'port': '80'} | port | \"80\" is not a whole",
                "POST | config/services/web/servers | {'address': '203.0.113.10', 'port': 80} | address | 203.0.113.10 is the "
                        + "virtual address already",
                "PUT | config/services/web/servers/10.0.1.1:8080 | {'port': 81} | port | 81 is not 8080, which the path says",
                "PUT | config/services/web/servers/10.0.1.1:8080 | {'weight': 1001} | weight | 1001 is not a whole number",
                "PUT | config/services/web/servers/127.0.0.1:80 | {} | address | \"127.0.0.1\" is not an IPv4 unicast",
                "PUT | config/services/web/servers/here | {} | server | 'here' is no server; it must be address:port",
                "PATCH | config/services/web/servers/10.0.1.1:8080 | {'address': '10.0.1.7'} | address | \"10.0.1.7\" is not",
                "PATCH | config/services/web/servers/10.0.1.1:8080 | {'mac': '02:49:00:00:00:01'} | mac | ",
                "PATCH | config/services/web/servers/10.0.1.1:8080 | {'location': 5} | location | 5 is not a switch and its port",
                "PATCH | config/services/web/servers/10.0.1.1:8080 | {'state': 'gone'} | state | \"gone\" is not one of enabled, "
                        + "draining, disabled",
                "PATCH | config/services/web/servers/10.0.1.1:8080 | {'drainUntil': '2030-01-31T18:00:00Z'} | drainUntil | "
                        + "present, but state is not \"draining\"",
                "PATCH | config/services/web/servers/10.0.1.1:8080 | {'state': 'draining', 'drainUntil': 'soon'} | drainUntil | "
                        + "\"soon\" is not a moment such as",
                "POST | config/services/web/backups | {} | address | missing; it must be an IPv4 unicast address",
                "POST | config/services/web/backups | {'address': '10.0.1.9', 'port': 0} | port | 0 is not a whole number",
                "POST | config/services/web/backups | {'address': '10.0.1.1', 'port': 8080} | port | 10.0.1.1:8080 is",
                "PATCH | config/services/web | {'health': {'kind': 'ping'}} | health.kind | \"ping\" is not one of",
                "PATCH | config/services/web | {'affinity': 0} | affinity | 0 is not a whole number from 1 to 604800",
                "PATCH | config/services/web | {'onFailure': true} | onFailure | true is not one of reset, keep",
                "PATCH | config/services/web | {'return': 'tunnel'} | return | \"tunnel\" is not one of nat, dsr",
                "POST | config/ilbs | {} | device | missing; it must be a switch",
                "POST | config/ilbs | {'device': 'of:0000000000000003'} | id | missing; it must be the ILB's IPv4 address",
                "POST | config/ilbs | {'device': 'of:0000000000000001', 'id': 3} | device | of:0000000000000001 is the device "
                        + "of ilbs[0] already",
                "PUT | config/ilbs/1 | {'device': 's1'} | device | \"s1\" is not a switch",
                "PUT | config/ilbs/1 | {'id': '1'} | id | \"1\" is not 1, which the path says",
                "PUT | config/ilbs/one | {} | id | 'one' is neither an address nor an index of 0 or more",
                "PATCH | config/ilbs/1 | {'drain': 'yes'} | drain | \"yes\" is not true or false",
                "PATCH | config/ilbs/1 | {'id': 3} | id | 3 is not 1, which the path says",
                "PATCH | config/ilbs/1 | {'uplink': {'port': 1}} | uplink.nextHop | missing; it must be",
                "PATCH | config/settings?x=1 | {} | x | unknown parameter x; there are none here",
                "DELETE | config?x=1 | | x | unknown parameter x; there are none here",
                "GET | config?x=1 | | x | unknown parameter x; there are none here"
            })
    void whatIsWrongIsNamedAsTheBodyHasItAndChangesNothing(
            String method, String path, String body, String field, String sentence) {
        JsonNode stored = network.stored().deepCopy();
        RestServer.Answer answer = write(method, path, body);
        fails(400, answer, sentence == null ? "" : sentence);
        assertEquals(field, answer.json().path("field").asText());
        assertEquals(stored, network.stored());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PUT config/services/none/servers/10.0.0.1:80",
                "POST config/services/none/servers",
                "GET config/services/none/servers",
                "PATCH config/services/none",
                "DELETE config/services/none",
                "GET config/services/WEB",
                "PATCH config/services/web/servers/10.0.1.1:8081",
                "PATCH config/services/api/servers/10.0.1.1:8080",
                "DELETE config/ilbs/10.0.0.1",
                "GET config/ilbs/3",
                "GET config/nothing"
            })
    void whatThereIsNotIsNotFound(String request) {
        String[] words = request.split(" ");
        fails(404, write(words[0], words[1], words[0].matches("GET|DELETE") ? null : "{}"), "there is no");
    }

    @Test
    void readsAndDeletionsRefuseWhatTheyDoNotKnow() {
        JsonNode stored = network.stored();
        for (String path : PARTS) {
            for (String method : List.of("GET", "DELETE")) {
                refusesToTakeAnythingElse(method, path);
            }
            assertEquals(405, write("POST", path, "{}").status, path);
        }
        for (String path : LISTS) {
            refusesToTakeAnythingElse("GET", path);
            assertEquals(405, write("DELETE", path, null).status, path);
        }
        assertEquals(stored, network.stored());
    }

    private void refusesToTakeAnythingElse(String method, String path) {
        fails(400, write(method, path + "?x=1", null), "unknown parameter x; there are none here");
        fails(400, write(method, path + "?force=", null), "unknown parameter force; there are none here");
        assertEquals(404, write(method, path + "/x/y/z", null).status, path);
    }

    @Test
    void whatIsNoJsonObjectIsRefusedEverywhere() {
        JsonNode stored = network.stored();
        for (String path : PARTS) {
            for (String method : List.of("PUT", "PATCH")) {
                refuses(method, path);
            }
        }
        for (String path : LISTS) {
            refuses("POST", path);
        }
        assertEquals(stored, network.stored());
    }

    private void refuses(String method, String path) {
        fails(400, write(method, path, ""), "the body must be a JSON object");
        fails(400, write(method, path, "[]"), "the body must be a JSON object");
        fails(400, write(method, path, "null"), "the body must be a JSON object");
        fails(
                400,
                write(method, path, "{'a': 1"),
                "the body is no JSON: Unexpected end-of-input: expected close marker for Object");
        fails(400, write(method, path, "{} {}"), "the body is no JSON: ");
        fails(400, write(method, path, "{'a': 1, 'a': 2}"), "the body is no JSON: Duplicate field 'a'");
        fails(400, write(method, path, "[".repeat(100_000)), "the body is nested deeper than 32 levels");
        fails(413, write(method, path, " ".repeat(Body.MAX_BYTES + 1)), "the body is longer than 4194304 bytes");
        fails(
                415,
                server.send(server.request(method, path, "{}").setHeader("Content-Type", "text/plain")),
                "the body must be application/json");
    }

    @Test
    void withoutAConfigurationOneCanBeMadePieceByPiece() {
        write("DELETE", "config", null);
        fails(404, read("config"), "there is no configuration");
        assertEquals(201, write("PUT", "config/ilbs/1", "{'device': 'of:0000000000000001'}").status);
        assertEquals(200, write("PUT", "config/settings", "{'linger': 3}").status, "the seed made settings already");
        assertTrue(network.stored().path("settings").has("seed"));
    }

    @Test
    void whileTheApplicationStartsNothingIsTaken() {
        server.serve(new FakeNetworkConfig(APPLICATION), new CoreServiceAdapter());
        fails(503, read("config"), "the application is starting or stopping");
        fails(503, write("PUT", "config", "{}"), "the application is starting or stopping");
        fails(503, write("DELETE", "config", null), "the application is starting or stopping");
        server.serve();
        fails(503, write("PATCH", "config/settings", "{}"), "the application is starting or stopping");
    }

    private RestServer.Answer read(String path) {
        return write("GET", path, null);
    }

    private RestServer.Answer write(String method, String path, String body) {
        return server.send(server.request(method, path, body == null ? null : body.replace('\'', '"')));
    }

    private RestServer.Answer conditional(String method, String path, String body, String header, String tag) {
        return server.send(server.request(method, path, body == null ? null : body.replace('\'', '"'))
                .setHeader(header, tag));
    }

    private static void fails(int status, RestServer.Answer answer, String sentence) {
        assertEquals(status, answer.status, answer.body);
        assertEquals("application/problem+json", answer.type);
        assertEquals(status, answer.json().path("status").asInt());
        assertEquals("about:blank", answer.json().path("type").asText());
        assertFalse(answer.json().path("title").asText().isEmpty());
        assertTrue(answer.json().path("detail").asText().startsWith(sentence), answer.body);
        assertTrue(answer.body.length() < 700, answer.body);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
