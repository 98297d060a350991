package org.ilb.metrics;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * One metric: its name, what it means, and its values, which labels tell apart.
 *
 * <p>Immutable and thread-safe.
 */
public final class Family {

    private final String name;
    private final Kind kind;
    private final String help;
    private final ImmutableList<Sample> samples;

    /** How values of a metric come about. */
    public enum Kind {
        /** It only grows, until the function starts anew. */
        COUNTER,
        /** It goes up and down. */
        GAUGE,
        /** How many observations were within each bound, and their sum. */
        HISTOGRAM
    }

    /**
     * Creates a metric.
     *
     * @param name its name, of letters, digits and underscores
     * @param kind how values come about
     * @param help what it means, in a sentence
     * @param samples its values
     */
    Family(String name, Kind kind, String help, List<Sample> samples) {
        this.name = checkNotNull(name);
        this.kind = checkNotNull(kind);
        this.help = checkNotNull(help);
        this.samples = ImmutableList.copyOf(samples);
    }

    /**
     * Returns its name.
     *
     * @return letters, digits and underscores
     */
    public String name() {
        return name;
    }

    /**
     * Returns how its values come about.
     *
     * @return its kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns what it means.
     *
     * @return a sentence
     */
    public String help() {
        return help;
    }

    /**
     * Returns its values.
     *
     * @return one for each set of labels
     */
    public List<Sample> samples() {
        return samples;
    }
}
