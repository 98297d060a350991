package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long something took, as a histogram: how many times no longer than each of some bounds, and longer than the last.
 *
 * <p>An immutable snapshot.
 */
public final class Latencies {

    private final ImmutableList<Duration> bounds;
    private final ImmutableList<Long> counts;
    private final Duration total;

    /**
     * Creates a histogram.
     *
     * @param bounds the bounds, growing
     * @param counts how many were within each bound and not within the one before; one more than there are bounds, the last of
     *     those beyond all
     * @param total how long all took together
     * @throws IllegalArgumentException if there are too many or too few counts
     */
    public Latencies(List<Duration> bounds, List<Long> counts, Duration total) {
        checkArgument(
                counts.size() == bounds.size() + 1, "%s counts do not fit %s bounds", counts.size(), bounds.size());
        this.bounds = ImmutableList.copyOf(bounds);
        this.counts = ImmutableList.copyOf(counts);
        this.total = checkNotNull(total);
    }

    /**
     * Returns the bounds.
     *
     * @return growing
     */
    public List<Duration> bounds() {
        return bounds;
    }

    /**
     * Returns how many were within each bound and not within the one before.
     *
     * @return by bound; one more, the last, of those beyond all bounds
     */
    public List<Long> counts() {
        return counts;
    }

    /**
     * Returns how many there were.
     *
     * @return the sum of the counts
     */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Returns how long all took together.
     *
     * @return the sum
     */
    public Duration total() {
        return total;
    }

    /**
     * Returns the bound that a share of all kept.
     *
     * @param share more than 0, 1 at most: 0.99 for the 99th percentile
     * @return the least bound that so many kept; empty if there were none, or if no bound was kept by so many
     * @throws IllegalArgumentException if there is no such share
     */
    public Optional<Duration> within(double share) {
        checkArgument(share > 0 && share <= 1, "%s is no share", share);
        double needed = share * count();
        long sum = 0;
        for (int i = 0; i < bounds.size() && needed > 0; i++) {
            sum += counts.get(i);
            if (sum >= needed) {
                return Optional.of(bounds.get(i));
            }
        }
        return Optional.empty();
    }
}
