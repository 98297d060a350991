package org.ilb.controller.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Picks from the logs of a start that failed the lines that matter: errors, and what caused them.
 *
 * <p>ONOS's components report to {@code karaf.log}; a component that could not be activated is reported on the standard error
 * stream, which is kept in {@code console.log}. Immutable and thread-safe.
 */
public final class FailureReport {
    private static final int MOST_LINES = 40;
    private static final int LONGEST_LINE = 400;
    private static final Pattern MATTERS = Pattern.compile("^\\S+ \\| (ERROR|FATAL) |^ERROR\\b|^SEVERE\\b|^Caused by: "
            + "|^(java|javax|org|com|io)\\.[\\w.$]*(Exception|Error)\\b|Unresolved|Address already in use");

    private final Path logs;

    /**
     * Makes one.
     *
     * @param logs the directory of the logs
     */
    public FailureReport(Path logs) {
        this.logs = logs;
    }

    /**
     * Reads the logs.
     *
     * @return the lines that matter, each once, the first and last ones if there are many
     */
    public List<String> lines() {
        Set<String> found = new LinkedHashSet<>();
        for (String name : List.of("karaf.log", "console.log")) {
            try {
                for (String line : Files.readString(logs.resolve(name), StandardCharsets.UTF_8)
                        .split("\\R", -1)) {
                    if (MATTERS.matcher(line).find()) {
                        found.add(name + ": "
                                + (line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line));
                    }
                }
            } catch (IOException e) {
                found.add(name + ": cannot be read (" + e + ")");
            }
        }
        List<String> all = new ArrayList<>(found);
        if (all.size() <= MOST_LINES) {
            return all;
        }
        List<String> ends = new ArrayList<>(all.subList(0, MOST_LINES / 2));
        ends.add("… " + (all.size() - MOST_LINES) + " more …");
        ends.addAll(all.subList(all.size() - MOST_LINES / 2, all.size()));
        return ends;
    }
}
