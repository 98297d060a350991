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
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
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

    /** Huge pages, where the system grants them on demand: tables of a hundred megabytes are read at random. */
    private static final String[] JVM = {"-Xms2g", "-Xmx2g", "-XX:+UseParallelGC", "-XX:+UseTransparentHugePages"};

    private static final TimeValue ELECTION_TIME = TimeValue.milliseconds(400);

    private Core() {}

    /**
     * Runs all of it.
     *
     * @param arguments nothing, or {@code --result FILE}
     * @throws IOException if the result cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        List<String> words = Arrays.asList(arguments);
        if (!words.isEmpty() && (words.size() != 2 || !words.get(0).equals("--result"))) {
            System.err.println("usage: java -jar benchmarks.jar [--result FILE]");
            System.exit(2);
        }
        System.out.println("Measuring for about two minutes, on " + machine());
        Figures figures;
        try {
            figures = measure();
        } catch (RunnerException e) {
            // Such as that somebody else is benchmarking on this machine.
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        System.out.println(figures.table());
        if (!words.isEmpty()) {
            write(figures, new File(words.get(1)));
        }
    }

    private static Figures measure() throws RunnerException {
        Figures figures = new Figures();
        figures.memory(MemoryLatency.nanoseconds());
        figures.weight(Weight.bytesPerAssociation());
        figures.elections(run(options(ElectionBenchmark.class)
                .warmupIterations(3)
                .warmupTime(ELECTION_TIME)
                .measurementIterations(5)
                .measurementTime(ELECTION_TIME)));
        figures.decisions(run(options(DecisionBenchmark.class)));
        figures.viewChanges(run(options(ViewChangeBenchmark.class)));
        figures.interference(Interference.measure());
        return figures;
    }

    private static void write(Figures figures, File file) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode result = mapper.createObjectNode();
        result.put("scenario", "bench core").put("passed", true).put("why", "").put("machine", machine());
        figures.into(result.putArray("figures"));
        mapper.writeValue(file, result);
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " processors of " + System.getProperty("os.arch") + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", Java "
                + System.getProperty("java.runtime.version");
    }

    private static ChainedOptionsBuilder options(Class<?> benchmark) {
        return new OptionsBuilder()
                .include(benchmark.getName() + "\\.")
                .forks(1)
                .jvmArgs(JVM)
                .threads(1)
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTime.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }

    private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
        return new Runner(options.build()).run();
    }
}
