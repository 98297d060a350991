package org.ilb.election;

import java.util.function.IntFunction;
import org.ilb.FlowKey;

/** How often each member owned, and how often each other then backed it up. */
final class PairCounts {

    private final int members;
    private final int connections;
    private final int[][] pairs;

    private PairCounts(int members, int connections) {
        this.members = members;
        this.connections = connections;
        this.pairs = new int[members][members];
    }

    static PairCounts of(Electorate electorate, IntFunction<FlowKey> keys, int connections) {
        PairCounts counts = new PairCounts(electorate.size(), connections);
        for (int i = 0; i < connections; i++) {
            long elected = electorate.elect(keys.apply(i));
            counts.pairs[Electorate.owner(elected)][Electorate.backup(elected)]++;
        }
        return counts;
    }

    private int owned(int owner) {
        int sum = 0;
        for (int count : pairs[owner]) {
            sum += count;
        }
        return sum;
    }

    /** The largest number of connections that one member owns, relative to the mean. */
    double largestShare() {
        int largest = 0;
        for (int owner = 0; owner < members; owner++) {
            largest = Math.max(largest, owned(owner));
        }
        return (double) largest * members / connections;
    }

    /** The part of connections that would be backed up alike if each owner had but one backup, its most frequent one. */
    double concentrationOfBackups() {
        int sum = 0;
        for (int[] backups : pairs) {
            int largest = 0;
            for (int count : backups) {
                largest = Math.max(largest, count);
            }
            sum += largest;
        }
        return (double) sum / connections;
    }

    /** Pearson's statistic of the hypothesis that all pairs of two different members are equally likely. */
    double chiSquare() {
        double expected = (double) connections / (members * (members - 1));
        double sum = 0;
        for (int owner = 0; owner < members; owner++) {
            for (int backup = 0; backup < members; backup++) {
                if (owner != backup) {
                    double difference = pairs[owner][backup] - expected;
                    sum += difference * difference / expected;
                }
            }
        }
        return sum;
    }

    /** What the statistic exceeds once in a million times if the hypothesis is true (Wilson and Hilferty). */
    double unlikelyChiSquare() {
        double freedom = members * (members - 1) - 1;
        double quantile = 4.753;
        double root = 1 - 2 / (9 * freedom) + quantile * Math.sqrt(2 / (9 * freedom));
        return freedom * root * root * root;
    }
}
