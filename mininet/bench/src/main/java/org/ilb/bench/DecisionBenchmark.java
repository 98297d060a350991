package org.ilb.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.ilb.Association;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decisions with a million live associations, on one core. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class DecisionBenchmark {

    static final int LIVE = 1_000_000;

    /** A function of eight ILBs in the midst of its life. */
    @State(Scope.Thread)
    public static class Busy {

        private final SplittableRandom random = new SplittableRandom(Population.SEED);
        private final Front front = new Front();
        private final Association[] live = new Association[LIVE];
        private int next;

        /** Lets a million connections begin. */
        @Setup
        public void begin() {
            while (next < LIVE) {
                live[next] = begin(next++);
            }
        }

        private Association begin(int number) {
            return front.syn(Front.receiver(number), Population.connection(number), number);
        }
    }

    /**
     * A connection begins at any ILB, and the oldest ends so that the number of live ones stays.
     *
     * @param busy the function
     * @return the association
     */
    @Benchmark
    public Association syn(Busy busy) {
        int number = busy.next++ & 0x3fffffff;
        int place = number % LIVE;
        busy.front.end(busy.live[place]);
        busy.live[place] = busy.begin(number);
        return busy.live[place];
    }

    /**
     * A segment of any live connection arrives at any ILB.
     *
     * @param busy the function
     * @return the association
     */
    @Benchmark
    public Association segment(Busy busy) {
        int number = busy.random.nextInt(LIVE);
        return busy.front.segment(Front.receiver(number), Population.connection(number));
    }
}
