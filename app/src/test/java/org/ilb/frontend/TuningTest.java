package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onosproject.cfg.ComponentConfigAdapter;

/** Values within their ranges are put in force, others are refused and written back. */
class TuningTest {

    private final List<String> written = new ArrayList<>();
    private final List<Integer> told = new ArrayList<>();
    private final Tuning tuning = new Tuning();

    @BeforeEach
    void activate() {
        tuning.configService = new ComponentConfigAdapter() {
            @Override
            public void setProperty(String component, String name, String value) {
                written.add(component + " " + name + " " + value);
            }
        };
        tuning.activate(Map.of());
        tuning.follow(now -> told.add(now.get(Tuning.STORE_IN_FLIGHT)));
    }

    @Test
    void tellsOfEachChange() {
        tuning.modified(Map.of(Tuning.STORE_IN_FLIGHT, "16"));
        tuning.modified(Map.of(Tuning.STORE_IN_FLIGHT, 17));
        tuning.modified(Map.of());
        assertEquals(List.of(64, 16, 17, 64), told);
        assertTrue(written.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "storeInFlight, 0",
        "storeInFlight, 129",
        "settingUp, 9",
        "queuedSegments, 1000001",
        "resetsPerSecond, -1",
        "resetsPerSecond, many",
        "resetsPerSecond, 99999999999"
    })
    void refusesWhatIsOutOfRange(String name, String value) {
        int former = Tuning.RANGES.get(name).least;
        tuning.modified(Map.of(name, String.valueOf(former)));
        tuning.modified(Map.of(name, value));
        assertEquals(former, tuning.get(name));
        assertEquals(List.of("org.ilb.frontend.Tuning " + name + " " + former), written);
    }

    @Test
    void aWrongValueDoesNotHoldUpTheOthers() {
        tuning.modified(Map.of(Tuning.STORE_IN_FLIGHT, "no", Tuning.SETTING_UP, "11"));
        assertEquals(64, tuning.get(Tuning.STORE_IN_FLIGHT));
        assertEquals(11, tuning.get(Tuning.SETTING_UP));
    }

    @Test
    void whatOnosIsToldIsWhatHolds() throws IOException {
        String docs = Files.readString(Paths.get("..", "docs", "configuration.md"));
        List<String> lines;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Tuning.class.getResourceAsStream("Tuning.cfgdef"), StandardCharsets.UTF_8))) {
            lines = reader.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toList());
        }
        assertEquals(Tuning.RANGES.size(), lines.size());
        for (String line : lines) {
            String[] parts = line.split("\\|");
            Tuning.Range range = Tuning.RANGES.get(parts[0]);
            assertEquals("INTEGER", parts[1]);
            assertEquals(range.byDefault, Integer.parseInt(parts[2]));
            assertTrue(parts[3].contains(range.least + " to " + range.most), line);
            assertTrue(
                    docs.lines()
                            .anyMatch(row -> row.startsWith("| `" + parts[0] + "` |")
                                    && row.contains("| " + range.least + " to " + range.most + " |")
                                    && row.contains("| " + range.byDefault + " |")),
                    parts[0] + " in docs/configuration.md");
        }
    }

    @Test
    void aPaceIsKept() {
        Pace pace = new Pace(100, 0);
        long now = 0;
        int taken = 0;
        for (int millis = 0; millis < 3_000; millis++) {
            now = millis * 1_000_000L;
            taken += pace.take(now) ? 1 : 0;
        }
        assertTrue(taken >= 300 && taken <= 311, () -> "taken");
        pace.perSecond(1);
        assertTrue(pace.take(now + 2_000_000_000L));
        assertTrue(!pace.take(now + 2_500_000_000L));
        assertTrue(pace.take(now + 3_100_000_000L));
    }
}
