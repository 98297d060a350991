package org.ilb.bucket;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.Server;

/**
 * Shares buckets out among servers by weight.
 *
 * <p>Each server gets its ideal share, rounded up or down: it is always less than one bucket away from it. From a binding that
 * stands the shares are reached with the least possible moves: who may be rounded up is who has the bucket already. The same
 * arguments always give the same result, so that whoever works it out comes to the same.
 *
 * <p>Immutable and thread-safe.
 */
public final class Spread {

    private final ImmutableMap<Endpoint, Integer> counts;
    private final List<Optional<Endpoint>> bindings;

    private Spread(ImmutableMap<Endpoint, Integer> counts, List<Optional<Endpoint>> bindings) {
        this.counts = counts;
        this.bindings = bindings;
    }

    /**
     * Shares buckets out.
     *
     * @param present the server that new connections of each bucket go to, by the bucket's index; empty for an unbound one
     * @param pool the servers that may take new connections; those of weight 0 take none
     * @return the shares, and a binding that has them
     */
    public static Spread of(List<Optional<Endpoint>> present, List<Server> pool) {
        ImmutableMap<Endpoint, Integer> counts = counts(present, pool);
        return new Spread(counts, counts.isEmpty() ? List.copyOf(present) : bindings(present, counts));
    }

    /**
     * Returns how many buckets each server has in {@link #bindings()}.
     *
     * @return the number for each server with a weight, in the order of the pool; nothing if there is no such server
     */
    public Map<Endpoint, Integer> counts() {
        return counts;
    }

    /**
     * Returns which server each bucket should have.
     *
     * @return the servers by the bucket's index; what stands at present if no server takes new connections
     */
    public List<Optional<Endpoint>> bindings() {
        return bindings;
    }

    private static ImmutableMap<Endpoint, Integer> counts(List<Optional<Endpoint>> present, List<Server> pool) {
        long weights = pool.stream().mapToLong(Server::weight).sum();
        Map<Endpoint, Integer> standing = count(present);
        List<Share> shares = new ArrayList<>();
        int left = present.size();
        for (Server server : pool) {
            if (server.weight() > 0) {
                Share share = new Share(server, shares.size(), present.size(), weights, standing);
                shares.add(share);
                left -= share.count;
            }
        }
        List<Share> candidates = new ArrayList<>(shares);
        candidates.sort(Share.FIRST_TO_BE_ROUNDED_UP);
        for (int i = 0; !candidates.isEmpty() && i < left; i++) {
            candidates.get(i).count++;
        }
        ImmutableMap.Builder<Endpoint, Integer> counts = ImmutableMap.builder();
        shares.forEach(share -> counts.put(share.server, share.count));
        return counts.build();
    }

    private static Map<Endpoint, Integer> count(List<Optional<Endpoint>> present) {
        Map<Endpoint, Integer> standing = new LinkedHashMap<>();
        present.forEach(server -> server.ifPresent(there -> standing.merge(there, 1, Integer::sum)));
        return standing;
    }

    private static List<Optional<Endpoint>> bindings(
            List<Optional<Endpoint>> present, ImmutableMap<Endpoint, Integer> counts) {
        List<Optional<Endpoint>> bindings = new ArrayList<>(Collections.nCopies(present.size(), Optional.empty()));
        Map<Endpoint, Integer> standing = count(present);
        Map<Endpoint, Integer> seen = new LinkedHashMap<>();
        for (int i = 0; i < present.size(); i++) {
            if (present.get(i).isPresent()) {
                Endpoint server = present.get(i).get();
                int number = seen.merge(server, 1, Integer::sum);
                if (stays(number, standing.get(server), counts.getOrDefault(server, 0))) {
                    bindings.set(i, present.get(i));
                }
            }
        }
        fill(bindings, counts);
        return List.copyOf(bindings);
    }

    /** Tells whether a server keeps the bucket of a number from 1: those that it keeps are spread evenly over what it has. */
    private static boolean stays(int number, int standing, int count) {
        return count >= standing || (long) number * count / standing > (number - 1L) * count / standing;
    }

    /** Gives what is free to the servers that lack buckets, in turns as often as they lack many. */
    private static void fill(List<Optional<Endpoint>> bindings, Map<Endpoint, Integer> counts) {
        Map<Endpoint, Integer> standing = count(bindings);
        List<Deficit> deficits = new ArrayList<>();
        counts.forEach((server, count) -> {
            int lacked = count - standing.getOrDefault(server, 0);
            if (lacked > 0) {
                deficits.add(new Deficit(server, deficits.size(), lacked));
            }
        });
        for (int i = 0; i < bindings.size(); i++) {
            if (!bindings.get(i).isPresent()) {
                Deficit largest = Collections.max(deficits, Deficit.BY_SHARE_LEFT);
                bindings.set(i, Optional.of(largest.server));
                largest.left--;
            }
        }
    }

    /** One server's share, rounded down, and what speaks for rounding it up. */
    private static final class Share {

        /** First who has more than the rounded share already, then who is rounded down most, then the order of the pool. */
        static final Comparator<Share> FIRST_TO_BE_ROUNDED_UP = Comparator.<Share, Boolean>comparing(
                        share -> share.remainder == 0)
                .thenComparing(share -> !share.hasMore)
                .thenComparing(share -> -share.remainder)
                .thenComparing(share -> share.place);

        private final Endpoint server;
        private final int place;
        private final long remainder;
        private final boolean hasMore;
        private int count;

        Share(Server server, int place, int buckets, long weights, Map<Endpoint, Integer> standing) {
            long product = (long) buckets * server.weight();
            this.server = server.endpoint();
            this.place = place;
            this.count = (int) (product / weights);
            this.remainder = product % weights;
            this.hasMore = standing.getOrDefault(server.endpoint(), 0) > count;
        }
    }

    /** What one server lacks. */
    private static final class Deficit {

        /** Shares of what was lacked at first are compared as fractions, multiplied out; the first of the pool wins a tie. */
        static final Comparator<Deficit> BY_SHARE_LEFT = ((Comparator<Deficit>)
                        (a, b) -> Long.compare((long) a.left * b.lacked, (long) b.left * a.lacked))
                .thenComparing(deficit -> deficit.left)
                .thenComparing(deficit -> -deficit.place);

        private final Endpoint server;
        private final int place;
        private final int lacked;
        private int left;

        Deficit(Endpoint server, int place, int lacked) {
            this.server = server;
            this.place = place;
            this.lacked = lacked;
            this.left = lacked;
        }
    }
}
