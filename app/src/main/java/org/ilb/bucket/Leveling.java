package org.ilb.bucket;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ilb.Endpoint;
import org.ilb.Server;

/**
 * Evens out the load of servers by moving few buckets: least connections, as nearly as buckets allow.
 *
 * <p>A bucket's load is what its rules' counters say, in any unit: connections, packets or bytes in some time. Again and
 * again a bucket goes from the server that has the largest load for its weight to the one that has the smallest, as long as that
 * brings the larger of the two down noticeably. The same arguments always give the same result.
 */
public final class Leveling {

    /** What a move must win, as a part of what all servers have on average: less is noise, and moves cost packet-ins. */
    private static final double WORTH = 0.05;

    private Leveling() {}

    /**
     * Works out which server each bucket should have.
     *
     * @param present the server that new connections of each bucket go to, by the bucket's index; empty for an unbound one
     * @param loads the load of each bucket, by its index
     * @param pool the servers that may take new connections; those of weight 0 take none
     * @param moving the indexes of the buckets that move already, and are left alone
     * @param most how many buckets to move at most, beside those whose server takes nothing any more
     * @return the servers by the bucket's index; what stands at present if no server takes new connections
     */
    public static List<Optional<Endpoint>> of(
            List<Optional<Endpoint>> present, double[] loads, List<Server> pool, BitSet moving, int most) {
        checkArgument(loads.length == present.size(), "%s loads of %s buckets", loads.length, present.size());
        List<Holder> holders = pool.stream()
                .filter(server -> server.weight() > 0)
                .map(Holder::new)
                .collect(Collectors.toList());
        if (holders.isEmpty()) {
            return List.copyOf(present);
        }
        List<Optional<Endpoint>> bindings = new ArrayList<>(present);
        house(bindings, loads, holders);
        for (int i = 0; i < most; i++) {
            if (!improve(bindings, loads, holders, moving)) {
                break;
            }
        }
        return List.copyOf(bindings);
    }

    /** Counts what servers have, and gives those buckets to the least loaded that have none of them, the heaviest first. */
    private static void house(List<Optional<Endpoint>> bindings, double[] loads, List<Holder> holders) {
        List<Integer> homeless = new ArrayList<>();
        for (int i = 0; i < loads.length; i++) {
            Optional<Holder> holder = holder(holders, bindings.get(i));
            if (holder.isPresent()) {
                holder.get().add(loads[i]);
            } else {
                homeless.add(i);
            }
        }
        homeless.sort(Comparator.comparingDouble(i -> -loads[i]));
        for (int bucket : homeless) {
            Holder least = holders.stream()
                    .min(Comparator.<Holder>comparingDouble(holder -> holder.with(loads[bucket]))
                            .thenComparingDouble(Holder::crowd))
                    .get();
            least.add(loads[bucket]);
            bindings.set(bucket, Optional.of(least.server.endpoint()));
        }
    }

    private static Optional<Holder> holder(List<Holder> holders, Optional<Endpoint> server) {
        return holders.stream()
                .filter(holder -> server.isPresent() && holder.server.endpoint().equals(server.get()))
                .findFirst();
    }

    private static boolean improve(
            List<Optional<Endpoint>> bindings, double[] loads, List<Holder> holders, BitSet moving) {
        Holder from =
                holders.stream().max(Comparator.comparingDouble(Holder::level)).get();
        Holder to =
                holders.stream().min(Comparator.comparingDouble(Holder::level)).get();
        double mean = holders.stream().mapToDouble(holder -> holder.load).sum()
                / holders.stream().mapToDouble(holder -> holder.server.weight()).sum();
        Optional<Integer> best = IntStream.range(0, loads.length)
                .filter(i ->
                        !moving.get(i) && bindings.get(i).equals(Optional.of(from.server.endpoint())) && loads[i] > 0)
                .boxed()
                .min(Comparator.comparingDouble(i -> Math.max(from.with(-loads[i]), to.with(loads[i]))));
        if (!best.isPresent()) {
            return false;
        }
        double load = loads[best.get()];
        if (from.level() - Math.max(from.with(-load), to.with(load)) < WORTH * mean) {
            return false;
        }
        from.remove(load);
        to.add(load);
        bindings.set(best.get(), Optional.of(to.server.endpoint()));
        return true;
    }

    /** What one server has. */
    private static final class Holder {

        private final Server server;
        private double load;
        private int buckets;

        Holder(Server server) {
            this.server = server;
        }

        void add(double more) {
            load += more;
            buckets++;
        }

        void remove(double less) {
            load -= less;
            buckets--;
        }

        double level() {
            return with(0);
        }

        double with(double more) {
            return (load + more) / server.weight();
        }

        double crowd() {
            return (buckets + 1.0) / server.weight();
        }
    }
}
