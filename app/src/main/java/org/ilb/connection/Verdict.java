package org.ilb.connection;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.IlbId;

/**
 * What an ILB wants done about a segment. {@link #match} makes sure that no kind is forgotten.
 *
 * <p>Immutable and thread-safe.
 */
public abstract class Verdict {

    private static final Verdict ASK_STORE = new AskStore();
    private static final Verdict RESET = new Reset();

    private Verdict() {}

    static Verdict forward(Association association) {
        return new Forward(association);
    }

    static Verdict handOff(IlbId owner, long view) {
        return new HandOff(owner, view);
    }

    static Verdict electAgain(long view) {
        return new ElectAgain(view);
    }

    static Verdict create(Association proposal) {
        return new Create(proposal, Optional.empty());
    }

    static Verdict supersede(Association former, Association proposal) {
        return new Create(proposal, Optional.of(former));
    }

    static Verdict askStore() {
        return ASK_STORE;
    }

    static Verdict askFormer(List<IlbId> former) {
        return new AskFormer(former);
    }

    static Verdict reset() {
        return RESET;
    }

    static Verdict drop(Reason reason) {
        return Drop.BY_REASON.get(reason.ordinal());
    }

    /**
     * Does what is right for this kind of verdict.
     *
     * @param cases what to do for each kind
     * @param <T> what doing it results in
     * @return what the case of this kind returned
     */
    public abstract <T> T match(Cases<T> cases);

    /**
     * Returns whom the segment is handed to.
     *
     * @return the owner if this verdict hands off, else empty
     */
    public Optional<IlbId> handsOffTo() {
        return Optional.empty();
    }

    /** Why a segment is dropped. The sender retransmits. */
    public enum Reason {
        /** No ILB is in, so nobody owns anything. */
        NO_ILB,
        /** No server of the service takes new connections. */
        NO_SERVER,
        /** Nobody knows the connection, but the view or the store has not settled, so that somebody soon may. */
        UNSETTLED,
        /** Nobody knows the connection, and the service drops those. */
        UNKNOWN
    }

    /**
     * What to do for each kind of verdict.
     *
     * @param <T> what doing it results in
     */
    public interface Cases<T> {

        /**
         * The connection has a server: the segment goes there (claims 13 and 14).
         *
         * @param association the connection's association
         * @return the result
         */
        T forward(Association association);

        /**
         * Another ILB owns the connection: it is handed the segment (claims 1, 13 and 15).
         *
         * @param owner the owner
         * @param view the number of the view that elected it, to be named in the hand-off
         * @return the result
         */
        T handOff(IlbId owner, long view);

        /**
         * The answer to a hand-off: the one that was asked is in another view, so the receiving ILB elects again.
         *
         * @param view the number of the view of the one that was asked
         * @return the result
         */
        T electAgain(long view);

        /**
         * The owner selected a server (claim 13): the store is asked to put the association if absent, and what stands then
         * is reported to {@link LoadBalancer#decided}. Where the connection's key belonged to a former one, the store is asked to
         * put it in that one's place, and {@link LoadBalancer#superseded} is told.
         *
         * @param proposal the association to be put
         * @param former what it supersedes: an association of an older epoch; empty where the key was free
         * @return the result
         */
        T create(Association proposal, Optional<Association> former);

        /**
         * Owner or backup lacks the association: the store is asked, its answer goes to {@link LoadBalancer#stored}.
         *
         * @return the result
         */
        T askStore();

        /**
         * The store lacks the association: the owner and the backup of the previous view are asked what they
         * {@linkplain LoadBalancer#known know}; the answer goes to {@link LoadBalancer#formerly}.
         *
         * @param former one or two other ILBs, the former owner first
         * @return the result
         */
        T askFormer(List<IlbId> former);

        /**
         * Nobody knows the connection and the service resets those: the client is sent a reset.
         *
         * @return the result
         */
        T reset();

        /**
         * The segment is dropped.
         *
         * @param reason why
         * @return the result
         */
        T drop(Reason reason);
    }

    private static final class Forward extends Verdict {

        private final Association association;

        Forward(Association association) {
            this.association = association;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.forward(association);
        }

        @Override
        public String toString() {
            return "forward " + association;
        }
    }

    private static final class HandOff extends Verdict {

        private final IlbId owner;
        private final long view;

        HandOff(IlbId owner, long view) {
            this.owner = owner;
            this.view = view;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.handOff(owner, view);
        }

        @Override
        public Optional<IlbId> handsOffTo() {
            return Optional.of(owner);
        }

        @Override
        public String toString() {
            return "hand off to " + owner + " in view " + view;
        }
    }

    private static final class ElectAgain extends Verdict {

        private final long view;

        ElectAgain(long view) {
            this.view = view;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.electAgain(view);
        }

        @Override
        public String toString() {
            return "elect again, in view " + view;
        }
    }

    private static final class Create extends Verdict {

        private final Association proposal;
        private final Optional<Association> former;

        Create(Association proposal, Optional<Association> former) {
            this.proposal = proposal;
            this.former = former;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.create(proposal, former);
        }

        @Override
        public String toString() {
            return "create " + proposal + (former.isPresent() ? " in place of " + former.get() : "");
        }
    }

    private static final class AskStore extends Verdict {

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.askStore();
        }

        @Override
        public String toString() {
            return "ask the store";
        }
    }

    private static final class AskFormer extends Verdict {

        private final ImmutableList<IlbId> former;

        AskFormer(List<IlbId> former) {
            this.former = ImmutableList.copyOf(former);
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.askFormer(former);
        }

        @Override
        public String toString() {
            return "ask former owner and backup " + former;
        }
    }

    private static final class Reset extends Verdict {

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.reset();
        }

        @Override
        public String toString() {
            return "reset";
        }
    }

    private static final class Drop extends Verdict {

        private static final ImmutableList<Drop> BY_REASON =
                ImmutableList.copyOf(Reason.values()).stream().map(Drop::new).collect(ImmutableList.toImmutableList());

        private final Reason reason;

        Drop(Reason reason) {
            this.reason = reason;
        }

        @Override
        public <T> T match(Cases<T> cases) {
            return cases.drop(reason);
        }

        @Override
        public String toString() {
            return "drop: " + reason;
        }
    }
}
