package org.ilb.membership;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.ilb.Absence;
import org.ilb.IlbId;
import org.ilb.Settings;

/** A network of ILBs that send ID messages to each other, and a controller that may stand still, around a detector. */
final class DetectorWorld {

    /** How often the controller ticks. */
    static final long STEP = 50;

    /** What is late by it, in milliseconds: a tick, half a period of sending, the way of a message. */
    static final long SLACK = 300;

    final Settings settings;
    final Set<IlbId> ilbs = new TreeSet<>();
    final Set<IlbId> mute = new HashSet<>();
    final Set<IlbId> deaf = new HashSet<>();
    final Set<Set<IlbId>> parts = new HashSet<>();
    final Set<Pairing> broken = new HashSet<>();
    final List<Map<IlbId, Absence>> history = new ArrayList<>();
    final Detector detector;

    double loss;
    boolean stalled;

    private final Random random;
    private final PriorityQueue<Delivery> under = new PriorityQueue<>(Comparator.comparingLong(each -> each.at));
    private final Set<IlbId> connected = new HashSet<>();
    private long now = 1_000_000;
    private long nextSending = now;

    private static final class Delivery {
        private final long at;
        private final IlbId sender;
        private final IlbId hearer;

        Delivery(long at, IlbId sender, IlbId hearer) {
            this.at = at;
            this.sender = sender;
            this.hearer = hearer;
        }
    }

    DetectorWorld(int count, long seed) {
        this(count, Settings.builder(1).holdDown(Duration.ofSeconds(5)).build(), seed);
    }

    DetectorWorld(int count, Settings settings, long seed) {
        this.settings = settings;
        this.random = new Random(seed);
        for (int i = 1; i <= count; i++) {
            ilbs.add(IlbId.ofIndex(i));
        }
        detector = new Detector(nanos());
        detector.configure(ilbs, settings, nanos());
    }

    static IlbId ilb(int index) {
        return IlbId.ofIndex(index);
    }

    /** A network where all switches are connected and everyone has been heard. */
    static DetectorWorld settled(int count, long seed) {
        DetectorWorld world = new DetectorWorld(count, seed);
        world.ilbs.forEach(each -> world.connect(each, true));
        world.run(2_000);
        return world;
    }

    private long nanos() {
        return MILLISECONDS.toNanos(now);
    }

    long now() {
        return now;
    }

    /** The patience of the settings in milliseconds. */
    long patience() {
        return settings.idPeriod().toMillis() * settings.idMisses();
    }

    void connect(IlbId ilb, boolean up) {
        if (up ? connected.add(ilb) : connected.remove(ilb)) {
            detector.connected(ilb, up, nanos());
            history.add(detector.tick(nanos()));
        }
    }

    Map<IlbId, Absence> out() {
        return detector.out();
    }

    boolean everOut() {
        return history.stream().anyMatch(out -> !out.isEmpty());
    }

    void run(long millis) {
        runUntil(() -> false, millis);
    }

    /** Runs until something holds, and tells after how many milliseconds. */
    long runUntil(BooleanSupplier condition, long atMost) {
        long start = now;
        while (now - start < atMost && !condition.getAsBoolean()) {
            step();
        }
        return now - start;
    }

    private void step() {
        now += STEP;
        if (stalled) {
            return;
        }
        while (!under.isEmpty() && under.peek().at <= now) {
            Delivery delivery = under.poll();
            if (arrives(delivery)) {
                detector.heard(delivery.sender, delivery.hearer, nanos());
            }
        }
        if (now >= nextSending) {
            nextSending = now + settings.idPeriod().toMillis();
            for (IlbId sender : connected) {
                for (IlbId hearer : detector.hearers(sender)) {
                    under.add(new Delivery(now + random.nextInt(60), sender, hearer));
                }
            }
        }
        history.add(detector.tick(nanos()));
    }

    private boolean arrives(Delivery delivery) {
        return connected.contains(delivery.sender)
                && connected.contains(delivery.hearer)
                && !mute.contains(delivery.sender)
                && !deaf.contains(delivery.hearer)
                && parts.stream().allMatch(part -> part.contains(delivery.sender) == part.contains(delivery.hearer))
                && !broken.contains(new Pairing(delivery.sender, delivery.hearer))
                && random.nextDouble() >= loss;
    }
}
