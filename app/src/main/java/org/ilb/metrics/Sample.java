package org.ilb.metrics;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * A value of a metric.
 *
 * <p>Immutable and thread-safe.
 */
public final class Sample {

    private final String name;
    private final ImmutableMap<String, String> labels;
    private final double value;

    /**
     * Creates a value.
     *
     * @param name the metric's name, with a suffix where it is one of a histogram's
     * @param labels what tells it from the metric's others
     * @param value the value
     */
    Sample(String name, Map<String, String> labels, double value) {
        this.name = checkNotNull(name);
        this.labels = ImmutableMap.copyOf(labels);
        this.value = value;
    }

    /**
     * Returns its name.
     *
     * @return the metric's; of a histogram with {@code _bucket}, {@code _sum} or {@code _count} behind it
     */
    public String name() {
        return name;
    }

    /**
     * Returns its labels.
     *
     * @return values by label
     */
    public Map<String, String> labels() {
        return labels;
    }

    /**
     * Returns its value.
     *
     * @return in base units: seconds, bytes, pieces
     */
    public double value() {
        return value;
    }
}
