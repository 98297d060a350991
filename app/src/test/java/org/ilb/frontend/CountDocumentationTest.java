package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.junit.jupiter.api.Test;

/** {@code docs/rest.md} explains every counter. */
class CountDocumentationTest {

    @Test
    void everyCounterIsExplained() throws IOException {
        String text = Files.readString(Paths.get("..", "docs", "rest.md"));
        for (Count count : Count.values()) {
            assertTrue(text.contains('"' + count.label() + '"'), () -> count.label() + " in the example");
            assertTrue(
                    text.lines().anyMatch(line -> line.startsWith("| `") && line.contains('`' + count.label() + '`')),
                    () -> count.label() + " in the table");
        }
    }
}
