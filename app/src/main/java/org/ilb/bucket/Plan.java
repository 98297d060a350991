package org.ilb.bucket;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ilb.Buckets;
import org.ilb.Endpoint;

/**
 * Which buckets of a service change now, so that they get to the servers that they should have.
 *
 * <p>What costs nobody anything happens at once, for as many buckets as it concerns: an unbound bucket gets its server, one
 * whose server failed flips, and one that moves to where it no longer should turns. A bucket at rest begins to move only if
 * few enough do, first those whose server is to have none any more; of these {@link Haste} may let more.
 *
 * <p>The same arguments always give the same plan. What has no step stays as it is, or waits its turn: the plan is to be made again when a
 * move ends.
 */
public final class Plan {

    /** What happens to one bucket. */
    public enum Change {
        /** It has no server yet: {@link Move#settled}. */
        BIND,
        /** It is at rest at a server that failed: {@link Move#flipped}. */
        FLIP,
        /** It moves: {@link Move#turned}. */
        TURN,
        /** It is at rest: {@link Move#begin}. */
        BEGIN
    }

    private Plan() {}

    /**
     * Makes a plan.
     *
     * @param buckets the buckets by their index; empty for an unbound one
     * @param wanted the server that new connections of each should go to, as {@link Spread} or {@link Leveling} says
     * @param failed the servers that failed; moves {@linkplain Move#failed have been told}
     * @param granularity when buckets are bound, and how many move together
     * @param beyond how many more may move together of those that leave a server which is to have none
     * @return the steps, at most one for each bucket
     */
    public static List<Step> of(
            List<Optional<Move>> buckets,
            List<Optional<Endpoint>> wanted,
            Collection<Endpoint> failed,
            Buckets granularity,
            int beyond) {
        checkArgument(buckets.size() == wanted.size(), "%s buckets and %s servers", buckets.size(), wanted.size());
        List<Step> steps = new ArrayList<>();
        List<Step> urgent = new ArrayList<>();
        List<Step> waiting = new ArrayList<>();
        Set<Optional<Endpoint>> staying = new HashSet<>(wanted);
        int moving = 0;
        for (int i = 0; i < buckets.size(); i++) {
            Optional<Move> bucket = buckets.get(i);
            moving += bucket.isPresent() && bucket.get().isMoving() ? 1 : 0;
            if (!wanted.get(i).isPresent() || wanted.get(i).equals(bucket.map(Move::target))) {
                continue;
            }
            Endpoint to = wanted.get(i).get();
            if (!bucket.isPresent()) {
                if (granularity.binding() == Buckets.Binding.AHEAD) {
                    steps.add(new Step(i, Change.BIND, to));
                }
            } else if (bucket.get().isMoving()) {
                if (bucket.get().mayTurn()) {
                    steps.add(new Step(i, Change.TURN, to));
                }
            } else if (failed.contains(bucket.get().server())) {
                steps.add(new Step(i, Change.FLIP, to));
            } else {
                boolean drains = leaves(bucket.get(), wanted.get(i), staying);
                (drains ? urgent : waiting).add(new Step(i, Change.BEGIN, to));
            }
        }
        int urgently = Math.min(urgent.size(), Math.max(0, granularity.moving() + beyond - moving));
        steps.addAll(urgent.subList(0, urgently));
        steps.addAll(
                waiting.subList(0, Math.min(waiting.size(), Math.max(0, granularity.moving() - moving - urgently))));
        return List.copyOf(steps);
    }

    /**
     * Tells whether any bucket waits to leave a server that is to have none.
     *
     * @param buckets the buckets by their index; empty for an unbound one
     * @param wanted the server that new connections of each should go to
     * @return true if one is at rest and has to move
     */
    public static boolean isLeaving(List<Optional<Move>> buckets, List<Optional<Endpoint>> wanted) {
        Set<Optional<Endpoint>> staying = new HashSet<>(wanted);
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.get(i).isPresent() && leaves(buckets.get(i).get(), wanted.get(i), staying)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a bucket is at rest at a server that is to have none, and there is one for it to go to. */
    private static boolean leaves(Move bucket, Optional<Endpoint> wanted, Set<Optional<Endpoint>> staying) {
        return wanted.isPresent() && !bucket.isMoving() && !staying.contains(Optional.of(bucket.server()));
    }

    /**
     * What happens to one bucket now.
     *
     * <p>Immutable.
     */
    public static final class Step {

        private final int bucket;
        private final Change change;
        private final Endpoint to;

        Step(int bucket, Change change, Endpoint to) {
            this.bucket = bucket;
            this.change = change;
            this.to = to;
        }

        /**
         * Returns which bucket.
         *
         * @return its index
         */
        public int bucket() {
            return bucket;
        }

        /**
         * Returns what happens.
         *
         * @return the kind of change
         */
        public Change change() {
            return change;
        }

        /**
         * Returns to which server.
         *
         * @return where new connections will go
         */
        public Endpoint to() {
            return to;
        }

        @Override
        public String toString() {
            return change + " " + bucket + " to " + to;
        }
    }
}
