package org.ilb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code docs/claims.md} has a row for each claim, and leads to code, tests and scenarios that are there. */
class ClaimsDocumentationTest {

    private static final Path DOCS = Paths.get("..", "docs");
    private static final Path SCENARIOS = Paths.get("..", "mininet", "emulation", "scenarios");
    private static final int CLAIMS = 20;
    private static final Pattern LINK = Pattern.compile("\\[`?([^`\\]]+)`?]\\(([^)#]+)[^)]*\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void eachClaimHasARow() throws IOException {
        assertEquals(
                IntStream.rangeClosed(1, CLAIMS).mapToObj(Integer::toString).collect(Collectors.toList()),
                rows(5).stream().map(row -> row.get(0)).collect(Collectors.toList()));
        assertEquals(4, rows(3).size(), "the promises");
    }

    @Test
    void everyLinkLeadsToAFileOfThatName() throws IOException {
        String page = Files.readString(DOCS.resolve("claims.md"));
        for (MatchResult link : LINK.matcher(page).results().collect(Collectors.toList())) {
            Path target = DOCS.resolve(link.group(2));
            assertTrue(Files.isRegularFile(target), link::group);
            if (target.toString().contains("/org/ilb/") && !target.endsWith("package-info.java")) {
                assertEquals(link.group(1) + ".java", target.getFileName().toString());
            }
        }
    }

    @Test
    void everyRowNamesCodeTestsAndScenarios() throws IOException {
        for (List<String> row : rows(5)) {
            assertTrue(row.get(2).contains("/src/main/"), () -> "no code for claim " + row.get(0));
            assertTests(row.get(3));
            assertScenarios(row.get(4));
        }
        for (List<String> row : rows(3)) {
            assertTests(row.get(1));
            assertScenarios(row.get(2));
        }
    }

    /** Each class is a test, and has the methods that are named after it. */
    private static void assertTests(String cell) throws IOException {
        for (String part : cell.split("; ")) {
            MatchResult link = LINK.matcher(part)
                    .results()
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no test is linked in: " + part));
            assertTrue(link.group(2).contains("/src/test/"), part);
            String source = Files.readString(DOCS.resolve(link.group(2)));
            for (MatchResult method :
                    CODE.matcher(part.substring(link.end())).results().collect(Collectors.toList())) {
                assertTrue(
                        source.contains(" void " + method.group(1) + "("),
                        () -> link.group(1) + " has no test " + method.group(1));
            }
        }
    }

    private static void assertScenarios(String cell) {
        List<String> names =
                CODE.matcher(cell).results().map(match -> match.group(1)).collect(Collectors.toList());
        assertFalse(names.isEmpty(), cell);
        for (String name : names) {
            assertTrue(
                    Files.isRegularFile(SCENARIOS.resolve(name.replace('-', '_') + ".py")),
                    () -> "there is no scenario " + name);
        }
    }

    /** The rows, without headings, of the tables with so many columns. */
    private static List<List<String>> rows(int columns) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean body = false;
        for (String line : Files.readAllLines(DOCS.resolve("claims.md"))) {
            if (!line.startsWith("|")) {
                body = false;
            } else if (line.startsWith("|---")) {
                body = true;
            } else if (body) {
                List<String> cells =
                        List.of(line.substring(2, line.length() - 2).split(" \\| ", -1));
                if (cells.size() == columns) {
                    rows.add(cells);
                }
            }
        }
        return rows;
    }
}
