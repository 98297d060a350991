package org.ilb.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks of the core, in less than three minutes, and prints what came out beside its bounds.
 *
 * <p>{@code --result FILE} writes the figures there as one JSON object, too. The exit status is 0 whenever there are figures:
 * a busy machine is no failure.
 */
public final class Core {

    private static final TimeValue ELECTION_TIME = TimeValue.milliseconds(400);
    private static final TimeValue DECISION_TIME = TimeValue.seconds(1);
    private static final String HEAP = "-Xmx2g";

    private Core() {}

    /**
     * Runs all of it.
     *
     * @param arguments nothing, or {@code --result FILE}
     * @throws IOException if the result cannot be written
     * @throws RunnerException if JMH cannot run
     */
    public static void main(String[] arguments) throws IOException, RunnerException {
        List<String> words = Arrays.asList(arguments);
        if (!words.isEmpty() && (words.size() != 2 || !words.get(0).equals("--result"))) {
            System.err.println("usage: java -jar benchmarks.jar [--result FILE]");
            System.exit(2);
        }
        System.out.println("Measuring for two to three minutes, on " + machine());
        Figures figures = new Figures();
        figures.weight(Weight.bytesPerAssociation());
        figures.decisions(run(DecisionBenchmark.class, DECISION_TIME));
        figures.elections(run(ElectionBenchmark.class, ELECTION_TIME));
        System.out.println(figures.table());
        if (!words.isEmpty()) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            ObjectNode result = mapper.createObjectNode();
            result.put("scenario", "bench core").put("passed", true).put("why", "");
            result.put("machine", machine());
            figures.into(result.putArray("figures"));
            mapper.writeValue(new File(words.get(1)), result);
        }
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors of " + System.getProperty("os.arch") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + System.getProperty("java.runtime.version");
    }

    private static Collection<RunResult> run(Class<?> benchmark, TimeValue time) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(benchmark.getName() + "\\.")
                .forks(1)
                .jvmArgs(HEAP)
                .threads(1)
                .warmupIterations(3)
                .warmupTime(time)
                .measurementIterations(5)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        return new Runner(options).run();
    }
}
