package org.ilb.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.connection.Verdict;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Decisions with a million live associations, on one core. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBenchmark {

    static final int LIVE = 1_000_000;

    /** How many decisions are measured at once; with SYNs so many more than a million are live in the end. */
    static final int BATCH = 200_000;

    /** A function of eight ILBs in the midst of its life. */
    @State(Scope.Thread)
    public static class Busy {

        private final SplittableRandom random = new SplittableRandom(Population.SEED);
        private final Front front = new Front();
        private final Association[] live = new Association[LIVE + BATCH];
        private int begun;
        private int ended;

        /** Lets connections begin until a million are live. */
        @Setup(Level.Iteration)
        public void settle() {
            while (begun < LIVE) {
                begin();
            }
            while (begun - ended > LIVE) {
                end();
            }
            CpuTime.begin();
        }

        private Association begin() {
            int number = begun++;
            Association association = front.syn(Front.receiver(number), Population.connection(number), number);
            live[number % live.length] = association;
            return association;
        }

        private int anyLive() {
            return ended + random.nextInt(LIVE);
        }

        private void end() {
            front.end(live[ended++ % live.length]);
        }
    }

    /**
     * Connections begin, at any ILB.
     *
     * @param busy the function
     * @param blackhole takes the associations
     */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 30)
    @Measurement(iterations = 20)
    @OperationsPerInvocation(BATCH)
    public void syn(Busy busy, Blackhole blackhole) {
        for (int i = 0; i < BATCH; i++) {
            blackhole.consume(busy.begin());
        }
    }

    /**
     * A segment of any live connection arrives at the ILB that its connection goes through, which decides: forward by LTOC or
     * cache, or hand off.
     *
     * @param busy the function
     * @return the verdict
     */
    @Benchmark
    @Warmup(iterations = 4, time = 1)
    @Measurement(iterations = 5, time = 1)
    public Verdict segment(Busy busy) {
        int number = busy.anyLive();
        return busy.front.ilb(Front.receiver(number)).segment(Population.connection(number));
    }

    /**
     * A segment of any live connection arrives at its owner, which decides.
     *
     * @param busy the function
     * @return the verdict
     */
    @Benchmark
    @Warmup(iterations = 4, time = 1)
    @Measurement(iterations = 5, time = 1)
    public Verdict segmentAtOwner(Busy busy) {
        FlowKey key = Population.connection(busy.anyLive());
        return busy.front.owner(key).segment(key);
    }

    /**
     * A segment of any live connection arrives at the ILB that its connection goes through, is handed off where it must be, and
     * the answer is cached.
     *
     * @param busy the function
     * @return the association
     */
    @Benchmark
    @Warmup(iterations = 4, time = 1)
    @Measurement(iterations = 5, time = 1)
    public Association segmentHandedOff(Busy busy) {
        int number = busy.anyLive();
        return busy.front.segment(Front.receiver(number), Population.connection(number));
    }
}
