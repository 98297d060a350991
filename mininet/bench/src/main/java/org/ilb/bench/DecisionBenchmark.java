package org.ilb.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Decisions with a million live associations, on one core. */
@BenchmarkMode(Mode.SingleShotTime)
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
    @OperationsPerInvocation(BATCH)
    public void syn(Busy busy, Blackhole blackhole) {
        for (int i = 0; i < BATCH; i++) {
            blackhole.consume(busy.begin());
        }
    }

    /**
     * Segments of any live connections arrive, each at the ILB that its connection goes through, which decides: forward by LTOC
     * or cache, or hand off.
     *
     * @param busy the function
     * @param blackhole takes the verdicts
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void segment(Busy busy, Blackhole blackhole) {
        for (int i = 0; i < BATCH; i++) {
            int number = busy.anyLive();
            blackhole.consume(busy.front.ilb(Front.receiver(number)).segment(Population.connection(number)));
        }
    }

    /**
     * Segments of any live connections arrive at their owners, which decide.
     *
     * @param busy the function
     * @param blackhole takes the verdicts
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void segmentAtOwner(Busy busy, Blackhole blackhole) {
        for (int i = 0; i < BATCH; i++) {
            FlowKey key = Population.connection(busy.anyLive());
            blackhole.consume(busy.front.owner(key).segment(key));
        }
    }

    /**
     * Segments of any live connections arrive, each at the ILB that its connection goes through, are handed off where they must
     * be, and the answer is cached.
     *
     * @param busy the function
     * @param blackhole takes the associations
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void segmentHandedOff(Busy busy, Blackhole blackhole) {
        for (int i = 0; i < BATCH; i++) {
            int number = busy.anyLive();
            blackhole.consume(busy.front.segment(Front.receiver(number), Population.connection(number)));
        }
    }
}
