package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * All ILBs of a view by decreasing score for one connection: the owner first, the backup second (claims 3, 7, 8).
 *
 * <p>For showing; the hot path elects without it. Immutable and thread-safe.
 */
public final class Ranking {

    private final FlowKey key;
    private final long view;
    private final ImmutableList<Score> scores;

    /**
     * Creates a ranking.
     *
     * @param key the connection
     * @param view the number of the view
     * @param scores the scores, largest first, at least one
     */
    public Ranking(FlowKey key, long view, List<Score> scores) {
        checkArgument(!scores.isEmpty(), "a view without members elects nobody");
        this.key = key;
        this.view = view;
        this.scores = ImmutableList.copyOf(scores);
    }

    /**
     * Returns the connection.
     *
     * @return the key
     */
    public FlowKey key() {
        return key;
    }

    /**
     * Returns the view that was elected in.
     *
     * @return the view's number
     */
    public long view() {
        return view;
    }

    /**
     * Returns the scores.
     *
     * @return largest first
     */
    public List<Score> scores() {
        return scores;
    }

    /**
     * Returns the owner.
     *
     * @return the ILB with the largest score
     */
    public IlbId owner() {
        return scores.get(0).ilb();
    }

    /**
     * Returns the backup.
     *
     * @return the ILB with the second largest score, empty in a function of one
     */
    public Optional<IlbId> backup() {
        return scores.size() < 2 ? Optional.empty() : Optional.of(scores.get(1).ilb());
    }

    /** The score of one ILB. Immutable and thread-safe. */
    public static final class Score {

        private final IlbId ilb;
        private final long value;

        /**
         * Creates a score.
         *
         * @param ilb whose
         * @param value 64 bits, compared unsigned
         */
        public Score(IlbId ilb, long value) {
            this.ilb = ilb;
            this.value = value;
        }

        /**
         * Returns whose score this is.
         *
         * @return the ILB
         */
        public IlbId ilb() {
            return ilb;
        }

        /**
         * Returns the score.
         *
         * @return 64 bits, to be compared unsigned
         */
        public long value() {
            return value;
        }

        @Override
        public String toString() {
            return ilb + "=" + Long.toHexString(value);
        }
    }
}
