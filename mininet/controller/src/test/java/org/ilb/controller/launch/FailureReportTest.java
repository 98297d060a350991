package org.ilb.controller.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureReportTest {
    private static final String INFO = "2020-01-01T00:00:00,000 | INFO  | x | Started";

    @TempDir
    Path logs;

    @Test
    void errorsAndTheirCausesAreFoundInBothLogs() throws Exception {
        String error = "2020-01-01T00:00:00,000 | ERROR | x | no good";
        Files.write(
                logs.resolve("karaf.log"),
                List.of(
                        INFO,
                        error,
                        "java.net.BindException: Address already in use",
                        "\tat a.b.C.d(C.java:1)",
                        error));
        Files.write(logs.resolve("console.log"), List.of("INFO: nothing", "ERROR : bundle x : activate has thrown"));

        assertEquals(
                List.of(
                        "karaf.log: " + error,
                        "karaf.log: java.net.BindException: Address already in use",
                        "console.log: ERROR : bundle x : activate has thrown"),
                new FailureReport(logs).lines());
    }

    @Test
    void manyErrorsAreCutInTheMiddle() throws Exception {
        Files.write(
                logs.resolve("karaf.log"),
                IntStream.range(0, 1000)
                        .mapToObj(n -> "2020-01-01T00:00:00,000 | ERROR | x | number " + n)
                        .collect(Collectors.toList()));
        Files.writeString(logs.resolve("console.log"), "");

        List<String> lines = new FailureReport(logs).lines();

        assertEquals(41, lines.size());
        assertTrue(lines.get(0).endsWith("number 0"));
        assertTrue(lines.get(40).endsWith("number 999"));
    }

    @Test
    void aLogThatIsNotThereIsSaid() {
        assertTrue(new FailureReport(logs).lines().get(0).startsWith("karaf.log: cannot be read"));
    }
}
