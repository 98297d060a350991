package org.ilb.bucket;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ilb.Buckets;
import org.ilb.Endpoint;

/**
 * What becomes of buckets when other bits of the client's port tell them apart.
 *
 * <p>A port is in one bucket before and in one afterwards. More bits divide each bucket, and its children inherit its server.
 * Fewer bits unite siblings, and these must first have moved to one server. Any other change is both: what is united first
 * are the buckets that are equal in the bits that both have.
 *
 * <p>Immutable and thread-safe.
 */
public final class Regrouping {

    private final Buckets before;
    private final Buckets after;
    private final int common;

    /**
     * Creates the arithmetic of a change.
     *
     * @param before the granularity until now
     * @param after the granularity from then on
     */
    public Regrouping(Buckets before, Buckets after) {
        this.before = before;
        this.after = after;
        this.common = before.portMask() & after.portMask();
    }

    /**
     * Returns which server each bucket should have first, so that those that will be united have the same: the one that most of
     * them have, and that of the first among equals.
     *
     * @param present the server that new connections of each present bucket go to, by its index; empty for an unbound one
     * @return the servers by the present buckets' indexes; the present ones if only bits are added
     */
    public List<Optional<Endpoint>> united(List<Optional<Endpoint>> present) {
        checkSize(present);
        Map<Integer, Map<Endpoint, Integer>> votes = new LinkedHashMap<>();
        for (int i = 0; i < present.size(); i++) {
            Map<Endpoint, Integer> group = votes.computeIfAbsent(group(before, i), at -> new LinkedHashMap<>());
            present.get(i).ifPresent(server -> group.merge(server, 1, Integer::sum));
        }
        List<Optional<Endpoint>> united = new ArrayList<>();
        for (int i = 0; i < present.size(); i++) {
            united.add(first(votes.get(group(before, i))));
        }
        return List.copyOf(united);
    }

    private static Optional<Endpoint> first(Map<Endpoint, Integer> votes) {
        int most = votes.isEmpty() ? 0 : Collections.max(votes.values());
        return votes.entrySet().stream()
                .filter(vote -> vote.getValue() == most)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * Tells whether the change may be made: all buckets that will be united have the same server, or all have none.
     *
     * @param present the server of each present bucket, by its index; empty for an unbound one
     * @return true if {@link #inherited} has an answer for every bucket
     */
    public boolean isUnited(List<Optional<Endpoint>> present) {
        return united(present).equals(present);
    }

    /**
     * Returns the servers of the buckets after the change.
     *
     * @param present the server of each present bucket, by its index; empty for an unbound one
     * @return the servers by the later buckets' indexes; no port has another server than before
     * @throws IllegalArgumentException if buckets that are to be united have different servers
     */
    public List<Optional<Endpoint>> inherited(List<Optional<Endpoint>> present) {
        checkArgument(isUnited(present), "buckets that are to be united have different servers");
        List<Optional<Endpoint>> inherited = new ArrayList<>();
        for (int i = 0; i < after.count(); i++) {
            inherited.add(present.get(before.index(group(after, i))));
        }
        return List.copyOf(inherited);
    }

    private int group(Buckets buckets, int index) {
        return buckets.port(index) & common;
    }

    private void checkSize(List<Optional<Endpoint>> present) {
        checkArgument(present.size() == before.count(), "%s servers of %s buckets", present.size(), before.count());
    }
}
