package org.ilb.dataplane.fabric;

import com.google.common.base.Charsets;
import com.google.common.hash.Hashing;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/**
 * Highest random weight: each subject picks the candidate with the largest hash over both.
 *
 * <p>Subjects spread evenly over candidates, and when a candidate goes only the subjects that had picked it pick again.
 * (This places replies and flat clients, not connections: those are scored as the claims say.)
 */
final class Rendezvous {

    private Rendezvous() {}

    /**
     * Picks a candidate.
     *
     * @param subject who picks, as text
     * @param candidates whom from
     * @param name the text that a candidate is hashed as, unique among candidates
     * @return the pick, empty without candidates
     */
    static <T> Optional<T> pick(Object subject, Collection<T> candidates, Function<T, ?> name) {
        if (candidates.size() <= 1) {
            return candidates.stream().findFirst();
        }
        String text = subject.toString();
        return candidates.stream()
                .max(Comparator.comparingLong((T candidate) -> weight(text, name.apply(candidate)))
                        .thenComparing(candidate -> name.apply(candidate).toString()));
    }

    private static long weight(String subject, Object candidate) {
        return Hashing.murmur3_128()
                .newHasher()
                .putString(subject, Charsets.UTF_8)
                .putChar('\0')
                .putString(candidate.toString(), Charsets.UTF_8)
                .hash()
                .asLong();
    }
}
