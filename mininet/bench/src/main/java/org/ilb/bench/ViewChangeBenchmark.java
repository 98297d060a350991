package org.ilb.bench;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.ScoreKind;
import org.ilb.View;
import org.ilb.connection.Balancers;
import org.ilb.connection.LoadBalancer;
import org.ilb.election.Electorate;
import org.ilb.membership.Membership;
import org.ilb.membership.TransferTable;
import org.ilb.server.Affinities;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An ILB leaves sixteen, or joins fifteen, on one core: from the new view until everyone to whom an association is news has
 * been told (claims 17 and 18). Every cache is full.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 8)
@Measurement(iterations = 8)
public class ViewChangeBenchmark {

    static final int ILBS = 16;

    private static final int CACHE = 10_000;
    private static final Endpoint SERVER = Endpoint.parse("10.20.0.1:8080");

    /** Sixteen ILBs and their connections; one of them comes and goes. */
    @State(Scope.Thread)
    public static class Function {

        /** How many associations there are. */
        @Param({"100000", "1000000"})
        public int live;

        private final List<IlbId> ids = Population.ilbs(ILBS);
        private final ImmutableSet<IlbId> all = ImmutableSet.copyOf(ids);
        private final ImmutableSet<IlbId> fewer = ImmutableSet.copyOf(ids.subList(0, ILBS - 1));
        private Balancers balancers;

        /** Lets connections begin, and come by at others than their owners until every cache is full. */
        @Setup(Level.Trial)
        public void begin() {
            balancers = new Balancers(
                    Electorate.of(new View(1, all), ScoreKind.CRC32_MIXED, Population.SEED),
                    CACHE,
                    new Affinities(System::nanoTime));
            balancers.configured(all, List.of());
            for (int number = 0; number < live; number++) {
                Association association = association(number);
                balancers.publish(association);
                ilb(number % ILBS).learnt(association);
            }
        }

        Balancers balancers() {
            return balancers;
        }

        LoadBalancer ilb(int number) {
            return balancers.of(ids.get(number));
        }

        /** The association of the connection of a number, as the view in force elects it. */
        Association association(int number) {
            Electorate electorate = balancers.electorate();
            FlowKey key = Population.connection(number);
            long elected = electorate.elect(key);
            return new Association(
                    key,
                    SERVER,
                    electorate.member(Electorate.owner(elected)),
                    electorate.member(Electorate.backup(elected)),
                    electorate.view().number(),
                    number);
        }

        /** Lets the one ILB leave, or join. */
        List<TransferTable> change(boolean leaves) {
            View view = balancers.electorate().view();
            return balancers.change(Membership.next(view, leaves ? fewer : all));
        }

        /** The same, and tells everyone; returns how many associations were news. */
        int changeAndTell(boolean leaves) {
            int told = 0;
            for (TransferTable table : change(leaves)) {
                for (Association association : table.associations()) {
                    told += balancers.transferred(association) ? 1 : 0;
                }
            }
            return told;
        }
    }

    /** A function that all are in. */
    @State(Scope.Thread)
    public static class Full extends Function {

        /** Lets the one join again. */
        @Setup(Level.Iteration)
        public void complete() {
            changeAndTell(false);
            CpuTime.begin();
        }
    }

    /** A function that all but one are in. */
    @State(Scope.Thread)
    public static class Lacking extends Function {

        /** Lets the one leave again. */
        @Setup(Level.Iteration)
        public void lessen() {
            changeAndTell(true);
            CpuTime.begin();
        }
    }

    /**
     * One leaves.
     *
     * @param function all sixteen
     * @return how many associations another ILB was told of
     */
    @Benchmark
    public int leave(Full function) {
        return checked(function.live, function.changeAndTell(true));
    }

    /**
     * One joins.
     *
     * @param function fifteen
     * @return how many associations another ILB was told of
     */
    @Benchmark
    public int join(Lacking function) {
        return checked(function.live, function.changeAndTell(false));
    }

    /** Each ILB of sixteen owns or backs up two sixteenths; what else moved was moved for nothing. */
    private static int checked(int live, int told) {
        double share = (double) told / live * ILBS / 2;
        if (share < 0.9 || share > 1.1) {
            throw new IllegalStateException("told of " + told + " associations of " + live);
        }
        return told;
    }
}
