package org.ilb.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.ilb.ScoreKind;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/** What was measured, beside the bounds that the project set itself. */
final class Figures {

    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final double NO_BYTES = 0.5;
    /** The number of ILBs whose election is compared with the floor, and from which on further ones are counted. */
    private static final int FEW = 8;

    /** The number of associations that may take a second of one core, rather than one and a half. */
    private static final int FEW_ASSOCIATIONS = 100_000;

    private final List<Figure> figures = new ArrayList<>();

    void memory(double nanoseconds) {
        figures.add(new Figure("one read of memory that no cache has", nanoseconds, "ns", "", true));
    }

    void weight(double bytesPerAssociation) {
        figures.add(new Figure(
                "heap per association", bytesPerAssociation, "bytes", "at most 250", bytesPerAssociation <= 250));
    }

    void decisions(Collection<RunResult> results) {
        for (RunResult result : results) {
            double perSecond = 1e9 / processorTime(result);
            String benchmark = result.getParams().getBenchmark();
            switch (benchmark.substring(benchmark.lastIndexOf('.') + 1)) {
                case "syn":
                    figures.add(rate(
                            "SYNs, from arrival until all know", perSecond, "at least 1,000,000", perSecond >= 1e6));
                    break;
                case "segment":
                    figures.add(rate(
                            "other segments, decided where they arrive",
                            perSecond,
                            "at least 3,000,000",
                            perSecond >= 3e6));
                    break;
                case "segmentAtOwner":
                    figures.add(rate("other segments, decided at their owner", perSecond, "", true));
                    break;
                default:
                    figures.add(rate("other segments, with hand-off and caching", perSecond, "", true));
            }
        }
    }

    private static Figure rate(String name, double perSecond, String bound, boolean kept) {
        return new Figure(name, perSecond, "per second", bound, kept);
    }

    private static double processorTime(RunResult result) {
        return result.getSecondaryResults().get(CpuTime.NAME).getScore();
    }

    void elections(Collection<RunResult> results) {
        double floor = 0;
        double allocated = 0;
        Map<ScoreKind, NavigableMap<Integer, Double>> times = new TreeMap<>();
        for (RunResult result : results) {
            BenchmarkParams params = result.getParams();
            double nanoseconds = processorTime(result);
            if (params.getBenchmark().endsWith(".crc32")) {
                floor = nanoseconds;
            } else {
                times.computeIfAbsent(ScoreKind.valueOf(params.getParam("kind")), kind -> new TreeMap<>())
                        .put(Integer.valueOf(params.getParam("ilbs")), nanoseconds);
                allocated = Math.max(
                        allocated, result.getSecondaryResults().get(ALLOCATED).getScore());
            }
        }
        figures.add(new Figure("CRC-32 of 12 bytes: the floor", floor, "ns", "", true));
        for (Map.Entry<ScoreKind, NavigableMap<Integer, Double>> kind : times.entrySet()) {
            kind.getValue().forEach((ilbs, time) -> election(kind.getKey(), ilbs, time));
            figures.add(timesTheFloor(kind.getKey(), kind.getValue().get(FEW) / floor));
            perFurtherIlb(kind.getKey(), kind.getValue());
        }
        figures.add(new Figure("allocated per election", allocated, "bytes", "0", allocated < NO_BYTES));
    }

    private void election(ScoreKind kind, int ilbs, double time) {
        figures.add(new Figure("election " + kind + ", " + ilbs + " ILBs", time, "ns", "", true));
    }

    private static Figure timesTheFloor(ScoreKind kind, double ratio) {
        return new Figure(
                "election " + kind + ", " + FEW + " ILBs, by the floor", ratio, "times", "at most 3", ratio <= 3);
    }

    private void perFurtherIlb(ScoreKind kind, NavigableMap<Integer, Double> times) {
        Map.Entry<Integer, Double> fewer = times.ceilingEntry(FEW);
        for (Map.Entry<Integer, Double> more : times.tailMap(FEW, false).entrySet()) {
            double each = (more.getValue() - fewer.getValue()) / (more.getKey() - fewer.getKey());
            String name = "election " + kind + ", each further ILB, " + fewer.getKey() + " to " + more.getKey();
            figures.add(new Figure(name, each, "ns", "less than 3", each < 3));
            fewer = more;
        }
    }

    void viewChanges(Collection<RunResult> results) {
        for (RunResult result : results) {
            String benchmark = result.getParams().getBenchmark();
            double milliseconds = processorTime(result) / 1e6;
            int live = Integer.parseInt(result.getParams().getParam("live"));
            double bound = live > FEW_ASSOCIATIONS ? 1_500 : 1_000;
            figures.add(new Figure(
                    String.format(
                            Locale.ROOT,
                            "view change, one of 16 %ss, %,d associations",
                            benchmark.substring(benchmark.lastIndexOf('.') + 1),
                            live),
                    milliseconds,
                    "ms",
                    String.format(Locale.ROOT, "at most %,.0f", bound),
                    milliseconds <= bound));
        }
    }

    void interference(Interference interference) {
        figures.add(rate(
                "segments, a new connection every 8th, 100,000 associations",
                interference.perSecondAtRest(),
                "",
                true));
        figures.add(
                rate("the same while one of 16 ILBs leaves and joins", interference.perSecondMeanwhile(), "", true));
        figures.add(new Figure(
                "each of these view changes, by the clock",
                interference.changeMillis(),
                "ms",
                "at most 1,000",
                interference.changeMillis() <= 1_000));
        figures.add(new Figure("longest wait of a segment meanwhile", interference.longestMillis(), "ms", "", true));
    }

    String table() {
        StringBuilder table = new StringBuilder();
        for (Figure figure : figures) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-58s %,14.2f %-10s %s%n",
                    figure.name,
                    figure.value,
                    figure.unit,
                    figure.bound.isEmpty() ? "" : "(" + figure.bound + (figure.kept ? ": kept)" : ": NOT KEPT)")));
        }
        return table.toString();
    }

    void into(ArrayNode array) {
        for (Figure figure : figures) {
            array.addObject()
                    .put("name", figure.name)
                    .put("value", figure.value)
                    .put("unit", figure.unit)
                    .put("bound", figure.bound)
                    .put("kept", figure.kept);
        }
    }

    /** One figure and its bound, if it has one. */
    private static final class Figure {

        private final String name;
        private final double value;
        private final String unit;
        private final String bound;
        private final boolean kept;

        Figure(String name, double value, String unit, String bound, boolean kept) {
            this.name = name;
            this.value = value;
            this.unit = unit;
            this.bound = bound;
            this.kept = kept;
        }
    }
}
