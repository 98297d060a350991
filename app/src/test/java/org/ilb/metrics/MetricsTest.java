package org.ilb.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ilb.rest.SampleIlb;
import org.junit.jupiter.api.Test;

/** Each metric is well-formed, explained in {@code docs/rest.md}, and shown by the dashboard, which shows no other. */
class MetricsTest {

    private static final Path DOCS = Paths.get("..", "docs");
    private static final Pattern NAME = Pattern.compile("\\bilb_[a-z_]+");

    private final List<Family> families = Metrics.of(new SampleIlb(true));

    @Test
    void namesAndLabelsAreUnique() {
        Set<String> names = new HashSet<>();
        for (Family family : families) {
            assertTrue(names.add(family.name()), family.name());
            assertTrue(family.name().matches("ilb_[a-z_]+"), family.name());
            assertEquals(family.kind() == Family.Kind.COUNTER, family.name().endsWith("_total"), family.name());
            assertTrue(family.help().endsWith("."), family.help());
            Set<List<Object>> samples = new HashSet<>();
            for (Sample sample : family.samples()) {
                assertTrue(samples.add(List.of(sample.name(), sample.labels())), sample.name() + sample.labels());
                assertTrue(
                        family.kind() == Family.Kind.HISTOGRAM
                                ? sample.name().startsWith(family.name() + "_")
                                : sample.name().equals(family.name()),
                        sample.name());
            }
        }
    }

    @Test
    void histogramsAddUp() {
        List<Sample> samples = family("ilb_member_decision_seconds").samples().stream()
                .filter(sample -> "10.0.2.1".equals(sample.labels().get("ilb")))
                .collect(Collectors.toList());
        assertEquals(
                List.of("0.0005=6", "0.001=9", "+Inf=10", "null=0.008", "null=10"),
                samples.stream()
                        .map(sample -> sample.labels().get("le") + "=" + PrometheusText.number(sample.value()))
                        .collect(Collectors.toList()));
    }

    @Test
    void countsAreThoseOfTheStatistics() {
        assertEquals(
                Map.of("service", "web", "server", "10.0.1.1:8080"),
                family("ilb_server_received_bytes_total").samples().get(0).labels());
        assertEquals(
                7000, family("ilb_server_received_bytes_total").samples().get(0).value());
        assertEquals(
                50_000, family("ilb_server_sent_bytes_total").samples().get(0).value());
        assertEquals(3, family("ilb_member_hand_offs_total").samples().get(0).value());
    }

    @Test
    void beforeTheConfigurationThereIsLittle() {
        for (Family family : Metrics.of(new SampleIlb(false))) {
            boolean isOfTheFunction = !family.name().matches("ilb_(service|server|member)_.*");
            assertEquals(isOfTheFunction, !family.samples().isEmpty(), family.name());
        }
    }

    @Test
    void eachIsExplained() throws IOException {
        String text = Files.readString(DOCS.resolve("rest.md"));
        String table = text.lines().filter(line -> line.startsWith("| `ilb_")).collect(Collectors.joining("\n"));
        Set<String> explained = names(table);
        assertEquals(families.stream().map(Family::name).collect(Collectors.toCollection(TreeSet::new)), explained);
    }

    @Test
    void theDashboardShowsEach() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(DOCS.resolve("grafana").resolve("ilb.json").toFile());
        Set<String> exported = families.stream()
                .flatMap(family -> family.samples().stream().map(Sample::name))
                .collect(Collectors.toSet());
        // Of which the sample has none: a server that is checked.
        exported.add("ilb_server_up");
        Set<String> shown = new TreeSet<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertTrue(ids.add(panel.path("id").asInt()), panel.path("title").asText());
            assertFalse(panel.path("targets").isEmpty(), panel.path("title").asText());
            for (JsonNode target : panel.path("targets")) {
                shown.addAll(names(target.path("expr").asText()));
                Set<String> labels = labels(target.path("expr").asText());
                Matcher legend = Pattern.compile("\\{\\{(\\w+)}}")
                        .matcher(target.path("legendFormat").asText());
                while (legend.find()) {
                    assertTrue(labels.contains(legend.group(1)), target.toString());
                }
            }
        }
        assertTrue(exported.containsAll(shown), () -> "not exported: " + minus(shown, exported));
        for (Family family : families) {
            assertTrue(
                    shown.stream().anyMatch(name -> name.startsWith(family.name())), family.name() + " is not shown");
        }
        names(dashboard.path("templating").toString()).forEach(name -> assertTrue(exported.contains(name), name));
    }

    private static Set<String> minus(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    /** The labels that a metric in an expression has. */
    private Set<String> labels(String expression) {
        Set<String> labels = new HashSet<>();
        for (String name : names(expression)) {
            families.forEach(family -> family.samples().stream()
                    .filter(sample -> sample.name().equals(name))
                    .forEach(sample -> labels.addAll(sample.labels().keySet())));
            if (name.equals("ilb_server_up")) {
                labels.addAll(Set.of("service", "server"));
            }
        }
        return labels;
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        return names;
    }

    private Family family(String name) {
        List<Family> found = new ArrayList<>();
        families.stream().filter(family -> family.name().equals(name)).forEach(found::add);
        assertEquals(1, found.size(), name);
        return found.get(0);
    }
}
