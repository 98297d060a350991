package org.ilb.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ilb.Association;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decisions with a million live associations, on one core. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBenchmark {

    static final int LIVE = 1_000_000;

    /** How many decisions are measured at once; with SYNs so many more than a million are live in the end. */
    static final int BATCH = 100_000;

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
        }

        private Association begin() {
            int number = begun++;
            Association association = front.syn(Front.receiver(number), Population.connection(number), number);
            live[number % live.length] = association;
            return association;
        }

        private void end() {
            front.end(live[ended++ % live.length]);
        }
    }

    /**
     * A connection begins at any ILB.
     *
     * @param busy the function
     * @return the association
     */
    @Benchmark
    public Association syn(Busy busy) {
        return busy.begin();
    }

    /**
     * A segment of any live connection arrives at the ILB that its connection goes through.
     *
     * @param busy the function
     * @return the association
     */
    @Benchmark
    public Association segment(Busy busy) {
        int number = busy.ended + busy.random.nextInt(LIVE);
        return busy.front.segment(Front.receiver(number), Population.connection(number));
    }
}
