package org.ilb.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures the processor time per operation, of the whole process: garbage collection counts, what other processes take does
 * not. On a quiet machine it comes to what the clock says.
 */
public final class CpuTime implements InternalProfiler {

    /** The name of the result. */
    static final String NAME = "cpu.norm";

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static volatile long began;

    /** Begins anew: what an iteration used so far, to set itself up, does not count. */
    static void begin() {
        began = SYSTEM.getProcessCpuTime();
    }

    @Override
    public String getDescription() {
        return "processor time per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        begin();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        double used = SYSTEM.getProcessCpuTime() - began;
        long operations = result.getMetadata().getMeasuredOps();
        return List.of(new ScalarResult(NAME, used / operations, "ns/op", AggregationPolicy.AVG));
    }
}
