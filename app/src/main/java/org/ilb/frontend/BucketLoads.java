package org.ilb.frontend;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Endpoint;
import org.ilb.Ilb;
import org.ilb.Service;
import org.ilb.bucket.Leveling;
import org.ilb.bucket.Move;
import org.ilb.bucket.Spread;
import org.ilb.dataplane.fabric.Fabric;

/**
 * What buckets have to do, as their wildcard rules counted it, and which server each should therefore have: by weight, or, for
 * a policy of least connections, by what the servers have to do. Nobody counts a bucket's connections; its packets stand for
 * them.
 *
 * <p>{@link #wanted} is the control thread's, {@link #counts} anyone's.
 */
final class BucketLoads {

    /** Two polls of ONOS, so that every switch was asked in between. */
    private static final long SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Moves for balance are never urgent, and each costs packet-ins. */
    private static final int MOVES_PER_SAMPLE = 2;

    private final Fabric fabric;
    private final Supplier<Enrolment> enrolment;
    private final LongSupplier nanoTime;
    private final Map<Endpoint, Sample> samples = new HashMap<>();

    BucketLoads(Fabric fabric, Supplier<Enrolment> enrolment, LongSupplier nanoTime) {
        this.fabric = fabric;
        this.enrolment = enrolment;
        this.nanoTime = nanoTime;
    }

    /**
     * Says where buckets belong.
     *
     * @param service their service, with its pool and its policy
     * @param buckets the buckets by index
     * @param present the servers that they are at, or on their way to; empty for the unbound
     * @return the servers by index
     */
    List<Optional<Endpoint>> wanted(Service service, Bucket[] buckets, List<Optional<Endpoint>> present) {
        if (!service.policy().endsWith("least-connections")
                || present.stream().anyMatch(server -> !server.isPresent())) {
            return Spread.of(present, service.servers()).bindings();
        }
        Optional<double[]> loads = sample(service, buckets);
        BitSet moving = new BitSet();
        for (Bucket bucket : buckets) {
            Move move = bucket.move();
            moving.set(bucket.index(), move != null && move.isMoving());
        }
        return Leveling.of(
                present,
                loads.orElse(new double[buckets.length]),
                service.servers(),
                moving,
                loads.isPresent() ? MOVES_PER_SAMPLE : 0);
    }

    /** What each bucket's rules counted since the last sample; empty if that was just now. */
    private Optional<double[]> sample(Service service, Bucket[] buckets) {
        long now = nanoTime.getAsLong();
        Sample before = samples.get(service.endpoint());
        if (before != null && now - before.at < SAMPLE_NANOS && before.packets.length == buckets.length) {
            return Optional.empty();
        }
        Map<Integer, long[]> counts = counts(service);
        Sample sample = new Sample(now, new long[buckets.length]);
        double[] loads = new double[buckets.length];
        boolean comparable = before != null && before.packets.length == buckets.length;
        for (Bucket bucket : buckets) {
            long packets = counts.getOrDefault(bucket.key().sourcePort(), NOTHING)[0];
            sample.packets[bucket.index()] = packets;
            if (comparable) {
                long former = before.packets[bucket.index()];
                // A count begins anew when a bucket's route changes.
                loads[bucket.index()] = packets >= former ? packets - former : packets;
            }
        }
        samples.put(service.endpoint(), sample);
        return comparable ? Optional.of(loads) : Optional.empty();
    }

    private static final long[] NOTHING = {0, 0};

    /** What the wildcard rules of a service counted at all ILBs: packets and bytes, by the buckets' bits of the port. */
    Map<Integer, long[]> counts(Service service) {
        Map<Integer, long[]> sums = new HashMap<>();
        for (Ilb ilb : enrolment.get().frontEnd().ilbs()) {
            fabric.bucketCounts(ilb.id(), service.endpoint()).forEach((port, count) -> {
                long[] sum = sums.computeIfAbsent(port, bucket -> new long[2]);
                sum[0] += count.packets();
                sum[1] += count.bytes();
            });
        }
        return sums;
    }

    /** What had been counted at a moment. */
    private static final class Sample {

        private final long at;
        private final long[] packets;

        Sample(long at, long[] packets) {
            this.at = at;
            this.packets = packets;
        }
    }
}
