package org.ilb.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.membership.TransferTable;

/**
 * Segments go on being decided while the view changes: one thread lets an ILB leave sixteen and join again all the time, with
 * a hundred thousand associations; another decides segments, lets connections begin and end, and gives what is transferred to
 * those whom it concerns before anything else, as each stripe of the application does.
 */
final class Interference {

    private static final int LIVE = 100_000;
    private static final long WARM_UP = TimeUnit.SECONDS.toNanos(3);
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(3);
    /** One in so many segments is the SYN of a connection, for which another ends. */
    private static final int SEGMENTS = 8;

    private final ViewChangeBenchmark.Function function = new ViewChangeBenchmark.Function();
    private final Queue<Association> transfers = new ConcurrentLinkedQueue<>();
    private final SplittableRandom random = new SplittableRandom(Population.SEED);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private int first;
    private int next = LIVE;

    private double perSecondAtRest;
    private double perSecondMeanwhile;
    private double longestMillis;
    private double changeMillis;

    private Interference() {
        function.live = LIVE;
        function.begin();
    }

    static Interference measure() {
        Interference interference = new Interference();
        interference.decide(WARM_UP, false);
        interference.perSecondAtRest = interference.decide(PERIOD, false);
        interference.decide(WARM_UP, true);
        interference.perSecondMeanwhile = interference.decide(PERIOD, true);
        return interference;
    }

    /** Decisions per second of processor time, views standing. */
    double perSecondAtRest() {
        return perSecondAtRest;
    }

    /** Decisions per second of processor time, views changing; what is transferred takes its part of it. */
    double perSecondMeanwhile() {
        return perSecondMeanwhile;
    }

    /** The longest that a segment waited for its decision while views changed. */
    double longestMillis() {
        return longestMillis;
    }

    /** How long a view change took, by the clock, until all had been told. */
    double changeMillis() {
        return changeMillis;
    }

    private double decide(long nanoseconds, boolean changing) {
        Changer changer = new Changer();
        if (changing) {
            changer.start();
        }
        long decided = 0;
        long longest = 0;
        long processor = threads.getCurrentThreadCpuTime();
        long begin = System.nanoTime();
        long before = begin;
        while (before - begin < nanoseconds) {
            Association transfer = transfers.poll();
            if (transfer != null) {
                function.balancers().transferred(transfer);
                continue;
            }
            decide();
            decided++;
            long now = System.nanoTime();
            longest = Math.max(longest, now - before);
            before = now;
        }
        double seconds = (threads.getCurrentThreadCpuTime() - processor) / 1e9;
        if (changing) {
            changer.finish();
        }
        longestMillis = longest / 1e6;
        return decided / seconds;
    }

    private void decide() {
        FlowKey key = Population.connection(first + random.nextInt(LIVE));
        function.ilb(random.nextInt(ViewChangeBenchmark.ILBS)).segment(key);
        if (random.nextInt(SEGMENTS) == 0) {
            function.balancers().publish(function.association(next++));
            function.balancers().ended(function.association(first++));
        }
    }

    /** Changes the view all the time. */
    private final class Changer extends Thread {

        private volatile boolean finished;

        void finish() {
            finished = true;
            boolean interrupted = false;
            while (isAlive()) {
                // It may wait until what it transferred has been told.
                transfers.clear();
                try {
                    join(1);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void run() {
            int changes = 0;
            long began = System.nanoTime();
            while (!finished) {
                for (TransferTable table : function.change(changes % 2 == 0)) {
                    transfers.addAll(table.associations());
                }
                while (!transfers.isEmpty()) {
                    Thread.onSpinWait();
                }
                changes++;
            }
            changeMillis = (System.nanoTime() - began) / 1e6 / changes;
            if (changes % 2 == 1) {
                function.change(false)
                        .forEach(table -> table.associations().forEach(function.balancers()::transferred));
            }
        }
    }
}
