package org.ilb.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.common.collect.Sets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ilb.server.SelectionPolicies;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} and {@code docs/rest.md} say what the code does. */
class DocumentationTest {

    private static final Path DOCS = Paths.get("..", "docs");
    private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final Pattern RANGE = Pattern.compile("(\\d+)(?: \\([^)]*\\))? to (\\d+)");

    private final FrontEndReader reader = new FrontEndReader(SelectionPolicies.names());

    @Test
    void everyExampleOfAConfigurationIsTaken() throws IOException {
        int configurations = 0;
        for (JsonNode json : examples("configuration.md")) {
            if (json.has("services")) {
                reader.read(json);
                configurations++;
            } else if (json.has("granularity")) {
                reader.read(Json.with(Json.flat(), "services[0]", json));
                configurations++;
            }
        }
        assertEquals(3, configurations);
    }

    @Test
    void everyFieldIsDescribedAndNoOther() throws IOException {
        Map<String, Map<String, List<String>>> tables = tables();
        assertEquals(FrontEndReader.TOP, tables.get("The configuration").keySet());
        assertEquals(FrontEndReader.SERVICE, tables.get("`services[]`").keySet());
        assertEquals(BucketsReader.BUCKETS, tables.get("`services[].buckets`").keySet());
        assertEquals(HealthReader.HEALTH, tables.get("`services[].health`").keySet());
        assertEquals(ServersReader.SERVER, tables.get("`services[].servers[]`").keySet());
        assertEquals(FrontEndReader.ILB, tables.get("`ilbs[]`").keySet());
        assertEquals(FrontEndReader.UPLINK, tables.get("`ilbs[].uplink`").keySet());
        assertEquals(FrontEndReader.SETTINGS, tables.get("`settings`").keySet());
    }

    @Test
    void everyRangeEndsWhereItIsSaid() throws IOException {
        Map<String, Map<String, List<String>>> tables = tables();
        range(tables, "`services[]`", "port", "services[0].port");
        range(tables, "`services[].servers[]`", "port", "services[0].servers[0].port");
        range(tables, "`services[].servers[]`", "weight", "services[0].servers[0].weight");
        for (String field : List.of("moveSynAfter", "movePinAfter")) {
            range(tables, "`services[].buckets`", field, "services[1].buckets." + field);
        }
        range(tables, "`ilbs[].uplink`", "port", "ilbs[0].uplink.port");
        for (String setting : List.of(
                "storeWait",
                "ruleIdle",
                "associationIdle",
                "maxAssociations",
                "cacheSize",
                "linger",
                "embryonic",
                "maxRules",
                "idPeriod",
                "idMisses",
                "idHearers",
                "holdDown")) {
            range(tables, "`settings`", setting, "settings." + setting);
        }
    }

    @Test
    void everyDefaultIsTheReaders() throws IOException {
        JsonNode written = FrontEndWriter.write(reader.read(Json.flat()));
        Map<String, Map<String, List<String>>> tables = tables();
        for (String name :
                Sets.difference(FrontEndReader.SETTINGS, ImmutableSet.of("seed", "gateways", "singleTable"))) {
            assertDefault(
                    tables.get("`settings`").get(name), written.path("settings").path(name));
        }
        assertDefault(
                tables.get("`ilbs[]`").get("drain"), written.path("ilbs").get(0).path("drain"));
        JsonNode service = written.path("services").get(0);
        for (String name : List.of("policy", "handOff", "unknown", "granularity", "return", "onFailure")) {
            assertDefault(tables.get("`services[]`").get(name), service.path(name));
        }
        JsonNode inBuckets = FrontEndWriter.write(
                reader.read(Json.with(Json.flat(), "services[0].granularity", Json.of("'buckets'"))));
        for (String name : List.of("binding", "moveSynAfter", "movePinAfter")) {
            assertDefault(
                    tables.get("`services[].buckets`").get(name),
                    inBuckets.path("services").get(0).path("buckets").path(name));
        }
        assertDefault(
                tables.get("`services[].servers[]`").get("weight"),
                service.path("servers").get(0).path("weight"));
    }

    @Test
    void everyChoiceIsNamed() throws IOException {
        Map<String, Map<String, List<String>>> tables = tables();
        for (String policy : SelectionPolicies.names()) {
            assertTrue(tables.get("`services[]`").get("policy").get(1).contains('`' + policy + '`'), policy);
        }
        for (String word : Iterables.concat(FrontEndReader.HAND_OFFS.keySet(), FrontEndReader.UNKNOWNS.keySet())) {
            String both = tables.get("`services[]`").get("handOff").get(1)
                    + tables.get("`services[]`").get("unknown").get(1);
            assertTrue(both.contains('`' + word + '`'), word);
        }
        for (String word : BucketsReader.GRANULARITIES.keySet()) {
            assertTrue(tables.get("`services[]`").get("granularity").get(1).contains('`' + word + '`'), word);
        }
        for (String word : BucketsReader.BINDINGS.keySet()) {
            assertTrue(tables.get("`services[].buckets`").get("binding").get(1).contains('`' + word + '`'), word);
        }
        for (String word : FrontEndReader.SCORES.keySet()) {
            assertTrue(tables.get("`settings`").get("score").get(1).contains('`' + word + '`'), word);
        }
    }

    @Test
    void everyAnswerIsJson() throws IOException {
        assertTrue(examples("rest.md").size() >= 8);
    }

    /** What ONOS's API page shows of the configuration. */
    @Test
    void theApiPageShowsTheSameFields() throws IOException {
        JsonNode definitions = new ObjectMapper()
                .readTree(getClass().getResource("/apidoc/swagger.json"))
                .path("definitions");
        Map<String, Map<String, List<String>>> tables = tables();
        Map<String, String> places = Map.of(
                "Configuration", "The configuration",
                "Service", "`services[]`",
                "Buckets", "`services[].buckets`",
                "HealthCheck", "`services[].health`",
                "Server", "`services[].servers[]`",
                "Ilb", "`ilbs[]`",
                "Uplink", "`ilbs[].uplink`",
                "Settings", "`settings`");
        places.forEach((name, table) -> {
            JsonNode properties = definitions.path(name).path("properties");
            assertEquals(tables.get(table).keySet(), ImmutableSet.copyOf(properties.fieldNames()), name);
            tables.get(table).forEach((field, row) -> {
                JsonNode property = properties.path(field);
                if (property.path("type").asText().equals("integer") && property.has("minimum")) {
                    Matcher range = RANGE.matcher(row.get(1));
                    assertTrue(range.find(), () -> name + "." + field);
                    assertEquals(range.group(1), property.path("minimum").asText(), () -> name + "." + field);
                    assertEquals(range.group(2), property.path("maximum").asText(), () -> name + "." + field);
                }
                if (property.has("default")) {
                    assertDefault(row, property.path("default"));
                }
                property.path("enum")
                        .forEach(word -> assertTrue(row.get(1).contains('`' + word.asText() + '`'), word::asText));
            });
        });
    }

    private static void assertDefault(List<String> row, JsonNode value) {
        assertEquals(value.asText(), row.get(2).replace("`", ""), () -> "the default in " + row);
    }

    /** The ends of the range that is said are taken, and what is beyond is not. */
    private void range(Map<String, Map<String, List<String>>> tables, String table, String field, String path) {
        String values = tables.get(table).get(field).get(1);
        Matcher matcher = RANGE.matcher(values);
        assertTrue(matcher.find(), () -> path + ": " + values);
        long min = Long.parseLong(matcher.group(1));
        long max = Long.parseLong(matcher.group(2));
        assertTrue(taken(path, min) && taken(path, max), () -> path + ": " + values);
        assertFalse(taken(path, min - 1) || taken(path, max + 1), () -> path + ": " + values);
    }

    private boolean taken(String path, long value) {
        try {
            new FrontEndReader(ImmutableSet.of(FrontEndReader.DEFAULT_POLICY))
                    .read(Json.with(Json.routed(), path, Json.of(Long.toString(value))));
            return true;
        } catch (ConfigException e) {
            assertTrue(e.getMessage().contains(" is not a whole number from "), e.getMessage());
            return false;
        }
    }

    /** The rows of the tables beneath each heading: field to the other columns. */
    private static Map<String, Map<String, List<String>>> tables() throws IOException {
        Map<String, Map<String, List<String>>> tables = new LinkedHashMap<>();
        String heading = "";
        Set<String> seen = new LinkedHashSet<>();
        for (String line : Files.readAllLines(DOCS.resolve("configuration.md"))) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ ", "");
            } else if (line.startsWith("| `")) {
                String[] cells = line.split("\\s*\\|\\s*", -1);
                assertEquals(6, cells.length, line);
                assertTrue(seen.add(heading + cells[1]), line);
                tables.computeIfAbsent(heading, each -> new LinkedHashMap<>())
                        .put(cells[1].replace("`", ""), List.of(cells[2], cells[3], cells[4]));
            }
        }
        return tables;
    }

    private static List<JsonNode> examples(String file) throws IOException {
        List<JsonNode> examples = new ArrayList<>();
        Matcher matcher = JSON.matcher(Files.readString(DOCS.resolve(file)));
        while (matcher.find()) {
            examples.add(new ObjectMapper().readTree(matcher.group(1)));
        }
        return examples;
    }
}
