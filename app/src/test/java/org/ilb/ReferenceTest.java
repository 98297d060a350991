package org.ilb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/reference.md} is written by this test, out of the code, and of pages that other tests compare with the code.
 *
 * <p>When it is behind, the new one is in {@code app/target}.
 */
class ReferenceTest {

    private static final Path DOCS = Paths.get("..", "docs");
    private static final Pattern COMMAND = Pattern.compile("(?:`|onos> )(ilb-[a-z-]+)\\b");
    private static final String TUNING = "Tuning a node";
    private static final Path NEW = Paths.get("target", "reference.md");

    @Test
    void theReferenceIsWhatTheCodeSays() throws IOException {
        String reference = String.join(
                "\n",
                "# Reference",
                "",
                "Everything that has a name, at a glance. Written by `ReferenceTest` from the code, and from pages that other tests "
                        + "compare with the code.",
                "",
                "## Configuration fields",
                "",
                "What they mean: [configuration](configuration.md#fields).",
                "",
                fields(),
                "",
                "## REST",
                "",
                "Beneath `/onos/ilb/v1`. Roles: `viewer` reads, `viewer` and `admin` together write. "
                        + "Answers and statuses: [REST](rest.md).",
                "",
                endpoints(),
                "",
                "## Console commands",
                "",
                "Options come before arguments; each command has `-j` (`--json`) and `--help`. "
                        + "Examples: [console](rest.md#console).",
                "",
                commands(),
                "",
                "## Counters",
                "",
                "`ilb-counters`, `GET counters`.",
                "",
                counters(),
                "",
                "## Metrics",
                "",
                "`GET metrics`, for Prometheus: [metrics](rest.md#metrics).",
                "",
                metrics(),
                "",
                "## Component properties",
                "",
                "Of `org.ilb.frontend.Tuning`: [tuning a node](configuration.md#tuning-a-node).",
                "",
                properties(),
                "");
        Files.createDirectories(NEW.getParent());
        Files.writeString(NEW, reference);
        Path page = DOCS.resolve("reference.md");
        assertEquals(
                reference,
                Files.exists(page) ? Files.readString(page) : "",
                "docs/reference.md is behind the code: cp app/target/reference.md docs/reference.md");
    }

    @Test
    void everyCommandIsExplainedAndNoOther() throws IOException {
        Set<String> commands = types().map(
                        type -> type.getAnnotation(Command.class).name())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> explained = new TreeSet<>();
        for (String[] row : rows("rest.md")) {
            if (row[0].equals("Console")) {
                explained.add(row[1].replace("`", "").split(" ")[0]);
            }
        }
        assertEquals(commands, explained);
        for (String page : List.of("operations.md", "rest.md", "configuration.md", "page.md")) {
            Matcher used = COMMAND.matcher(Files.readString(DOCS.resolve(page)));
            while (used.find()) {
                assertTrue(commands.contains(used.group(1)), () -> page + ": " + used.group(1));
            }
        }
    }

    private static String fields() throws IOException {
        List<String> rows = new ArrayList<>(List.of("| field | values | default |", "|---|---|---|"));
        for (String[] row : rows("configuration.md")) {
            if (row[0].equals(TUNING)) {
                continue;
            }
            String place = row[0].startsWith("`") ? row[0].replace("`", "") + '.' : "";
            rows.add("| `" + place + row[1].replace("`", "") + "` | " + row[3] + " | "
                    + (row.length > 4 && !row[4].isEmpty() ? row[4] : "must be there") + " |");
        }
        assertTrue(rows.size() > 60, () -> rows.size() + " rows");
        return String.join("\n", rows).replace("](#", "](configuration.md#").replace(" (see below)", "");
    }

    private static String counters() throws IOException {
        List<String> rows = new ArrayList<>(List.of("| counter | what it counts |", "|---|---|"));
        for (String[] row : rows("rest.md")) {
            if (row[0].equals("counters")) {
                rows.add("| " + row[1] + " | " + row[2] + " |");
            }
        }
        assertTrue(rows.size() > 25, () -> rows.size() + " rows");
        return String.join("\n", rows);
    }

    private static String metrics() throws IOException {
        List<String> rows = new ArrayList<>(List.of("| metric | labels | what |", "|---|---|---|"));
        for (String[] row : rows("rest.md")) {
            if (row[0].equals("metrics")) {
                rows.add("| " + row[1] + " | " + row[2] + " | " + row[3].replace("](#", "](rest.md#") + " |");
            }
        }
        assertTrue(rows.size() > 10, () -> rows.size() + " rows");
        return String.join("\n", rows);
    }

    private static String properties() throws IOException {
        List<String> rows = new ArrayList<>(List.of("| property | range | default |", "|---|---|---|"));
        for (String[] row : rows("configuration.md")) {
            if (row[0].equals(TUNING)) {
                rows.add("| " + row[1] + " | " + row[2] + " | " + row[3] + " |");
            }
        }
        assertTrue(rows.size() > 2, () -> rows.size() + " rows");
        return String.join("\n", rows);
    }

    /** The rows of the tables of a page whose first cell is code: the heading above, then the cells. */
    private static List<String[]> rows(String page) throws IOException {
        List<String[]> rows = new ArrayList<>();
        String heading = "";
        boolean isExample = false;
        for (String line : Files.readAllLines(DOCS.resolve(page))) {
            if (line.startsWith("```")) {
                isExample = !isExample;
            } else if (line.startsWith("#") && !isExample) {
                heading = line.replaceFirst("#+ ", "");
            } else if (line.startsWith("| `")) {
                String[] cells = line.split("\\s*\\|\\s*", -1);
                cells[0] = heading;
                rows.add(cells);
            }
        }
        return rows;
    }

    private static String endpoints() throws IOException {
        List<String> rows = new ArrayList<>(List.of("| request | parameters, `?` optional | what |", "|---|---|---|"));
        JsonNode paths = new ObjectMapper()
                .readTree(ReferenceTest.class.getResource("/apidoc/swagger.json"))
                .path("paths");
        paths.fields().forEachRemaining(path -> path.getValue().fields().forEachRemaining(operation -> {
            List<String> parameters = new ArrayList<>();
            for (JsonNode parameter : operation.getValue().path("parameters")) {
                String name = parameter.path("name").asText();
                if (parameter.path("in").asText().equals("query")) {
                    parameters.add(
                            '`' + name + '`' + (parameter.path("required").asBoolean() ? "" : "?"));
                } else if (parameter.path("in").asText().equals("header")) {
                    parameters.add("header `" + name + "`?");
                } else if (parameter.path("in").asText().equals("body")) {
                    String type = parameter.path("schema").path("$ref").asText();
                    parameters.add("body: " + type.substring(type.lastIndexOf('/') + 1));
                }
            }
            rows.add("| `" + operation.getKey().toUpperCase(Locale.ROOT) + ' '
                    + path.getKey().substring(1) + "` | " + String.join(", ", parameters) + " | "
                    + operation.getValue().path("summary").asText() + " |");
        }));
        return String.join("\n", rows);
    }

    private static String commands() {
        List<String> rows = new ArrayList<>(List.of("| command | options and arguments | what |", "|---|---|---|"));
        new ClassFileImporter()
                .importPackages("org.ilb.cli").stream()
                        .filter(type -> type.isAnnotatedWith(Command.class))
                        .map(type -> type.reflect())
                        .sorted(Comparator.comparing(
                                type -> type.getAnnotation(Command.class).name()))
                        .forEach(type -> rows.add(
                                "| `" + type.getAnnotation(Command.class).name() + "` | "
                                        + words(type) + " | "
                                        + type.getAnnotation(Command.class).description() + " |"));
        assertTrue(rows.size() > 12, () -> rows.size() + " rows");
        return String.join("\n", rows);
    }

    private static Stream<Class<?>> types() {
        return new ClassFileImporter()
                .importPackages("org.ilb.cli").stream()
                        .filter(type -> type.isAnnotatedWith(Command.class))
                        .map(JavaClass::reflect);
    }

    /** Options and arguments of a command, in the order in which they are written. */
    private static String words(Class<?> command) {
        List<Argument> arguments = new ArrayList<>();
        List<Option> options = new ArrayList<>();
        for (Class<?> type = command; type.getName().startsWith("org.ilb."); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.isAnnotationPresent(Argument.class)) {
                    arguments.add(field.getAnnotation(Argument.class));
                } else if (field.isAnnotationPresent(Option.class)) {
                    options.add(field.getAnnotation(Option.class));
                }
            }
        }
        arguments.sort(Comparator.comparingInt(Argument::index));
        options.sort(Comparator.comparing(Option::name));
        List<String> words = options.stream()
                .map(option -> '`' + option.name() + "` (`" + option.aliases()[0] + "`): " + option.description())
                .collect(Collectors.toCollection(ArrayList::new));
        arguments.forEach(argument -> words.add("`" + argument.name().toUpperCase(Locale.ROOT) + '`'
                + (argument.required() ? "" : "?") + ": " + argument.description()));
        return String.join("; ", words);
    }
}
