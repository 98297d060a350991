package org.ilb.bucket;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;
import static com.google.common.base.Preconditions.checkState;

import com.google.common.base.MoreObjects;
import java.util.Optional;
import java.util.OptionalLong;
import org.ilb.BucketState;
import org.ilb.Endpoint;

/**
 * One bound bucket on its way from one server to the next, or at rest.
 *
 * <p>A move says three things. What the <em>tables</em> of every ILB should say: {@link #direct()}, {@link #fallback()},
 * {@link #synsUp()}. Where a segment goes that came up and belongs to a connection that nobody knows: {@link #forSyn()},
 * {@link #forOther()}. And which connections' exact rules carry weight: {@link #mustStand}.
 *
 * <pre>
 *             wildcard    SYNs            unknown others   goes on
 * SETTLED     server      wildcard        wildcard         begin
 * PREPARING   server      up, to server   wildcard         moveSynAfter after all ILBs acknowledged
 * (punting)   punts       up, to server   up, to server    likewise
 * MOVING      server      up, to next     wildcard         movePinAfter later
 * PINNING     punts       up, to next     up, to server    the idle time after all acknowledged, and after the last unknown
 * (leaving)   punts       up, to next     up, to server    all that must stand stands everywhere, and the store says so
 * PINNED      the next    wildcard        wildcard         no connection is left that has another server
 * </pre>
 *
 * <p>Without TCP flags, and after a restart, the wildcard punts from the beginning, and PINNING is next.
 *
 * <p>Why no connection ever meets two servers: a connection to the next server begins with a SYN, and its exact rule stands
 * wherever the wildcard says otherwise before that SYN goes on. While the wildcard leads to the former server, what is unknown
 * is older than the move. When it leads to the next, everybody unknown has been silent for the idle time. Tables of different
 * ILBs may lag behind one another at any of these steps, but never by two: each waits for the acknowledgement of the one before.
 *
 * <p>Immutable; every method that changes something returns the changed move, or this one if nothing changed. Times are in
 * nanoseconds.
 */
public final class Move {

    private enum Phase {
        SETTLED(BucketState.SETTLED),
        PREPARING(BucketState.PREPARING),
        PUNTING(BucketState.PREPARING),
        MOVING(BucketState.MOVING),
        PINNING(BucketState.PINNING),
        LEAVING(BucketState.PINNING),
        PINNED(BucketState.PINNED);

        private final BucketState state;

        Phase(BucketState state) {
            this.state = state;
        }
    }

    private final Timing timing;
    private final Phase phase;
    private final Endpoint server;
    private final Endpoint next;
    private final boolean failed;
    /** Whether every ILB has acknowledged what the tables should say, and since when the phase lasts if so. */
    private final boolean standing;

    private final long since;

    private Move(
            Timing timing, Phase phase, Endpoint server, Endpoint next, boolean failed, boolean standing, long since) {
        this.timing = checkNotNull(timing);
        this.phase = phase;
        this.server = checkNotNull(server);
        this.next = next;
        this.failed = failed;
        this.standing = standing;
        this.since = since;
    }

    /**
     * Returns a bucket at rest.
     *
     * @param server the server of all its connections
     * @param timing the times of its moves to come
     * @return a settled bucket
     */
    public static Move settled(Endpoint server, Timing timing) {
        return new Move(timing, Phase.SETTLED, server, null, false, false, 0);
    }

    /**
     * Returns a bucket as it goes on after a restart, from what the store says of it. A move prepares once more, and punts
     * meanwhile, which is right wherever it was: SYNs that were sent before and are sent again meet the same server, for those
     * that began at the next server are known.
     *
     * @param server the server of its association
     * @param next the next server of its association, if it has one
     * @param pins how many of its connections have another server than the bucket's
     * @param timing the times of its moves
     * @return a bucket that is preparing if it has a next server, else pinned if there are pins, else settled
     */
    public static Move resumed(Endpoint server, Optional<Endpoint> next, int pins, Timing timing) {
        Phase phase = next.isPresent() ? Phase.PUNTING : pins > 0 ? Phase.PINNED : Phase.SETTLED;
        return new Move(timing, phase, server, next.orElse(null), false, false, 0);
    }

    /**
     * Returns the bucket with other times from now on.
     *
     * @param newTiming the times; that of the stage under way counts from when that began
     * @return the same move
     */
    public Move timed(Timing newTiming) {
        Move timed = new Move(newTiming, phase, server, next, failed, standing, since);
        if (timing.flags() == newTiming.flags() || !isMoving()) {
            return timed;
        }
        // Whether SYNs come up is another matter now. Who began at the next server has a rule, so that all may be
        // punted.
        Phase punting = phase == Phase.PREPARING ? Phase.PUNTING : phase == Phase.MOVING ? Phase.PINNING : phase;
        return timed.to(punting, server, next);
    }

    /**
     * Begins to move.
     *
     * @param newNext the server that new connections are to go to
     * @return a bucket that is preparing
     * @throws IllegalStateException if it is moving already
     * @throws IllegalArgumentException if that is its server
     */
    public Move begin(Endpoint newNext) {
        checkState(!isMoving(), "%s moves already", this);
        checkArgument(!newNext.equals(server), "server %s is where the bucket is", newNext);
        return to(timing.flags() ? Phase.PREPARING : Phase.PUNTING, server, newNext);
    }

    /**
     * Turns a move to another server, perhaps back. What has begun there stays there.
     *
     * @param newNext the server that new connections are to go to from now on
     * @return a bucket that moves there; if it is the former server, one that returns to it
     * @throws IllegalStateException if it does not {@linkplain #mayTurn() move}, or leaves already
     * @throws IllegalArgumentException if it is to return to a failed server
     */
    public Move turned(Endpoint newNext) {
        checkState(mayTurn(), "%s cannot turn to %s", this, newNext);
        if (newNext.equals(next)) {
            return this;
        }
        if (next.equals(server)) {
            // It was only crowded: SYNs that are sent again must meet the same server here, too.
            return to(Phase.PUNTING, server, newNext);
        }
        if (!newNext.equals(server)) {
            return new Move(timing, phase, server, newNext, failed, standing, since);
        }
        checkArgument(!failed, "server %s failed", newNext);
        // Nothing has begun at the next server yet, and what must stand does.
        return phase == Phase.PREPARING
                ? to(Phase.PINNED, server, null)
                : new Move(
                        timing,
                        Phase.LEAVING,
                        server,
                        server,
                        false,
                        standing && !fallback().isPresent(),
                        since);
    }

    /**
     * Gives a bucket that does not move another server at once, because its server failed: there is nobody to wait for.
     *
     * @param newServer the server of all but the connections that have exact rules
     * @return a bucket of that server
     * @throws IllegalStateException if it moves
     */
    public Move flipped(Endpoint newServer) {
        checkState(!isMoving(), "%s moves", this);
        return to(phase, newServer, null);
    }

    /**
     * Is told that a server failed. If it is the one that a moving bucket comes from, nobody is waited for any more.
     *
     * @param endpoint the server
     * @return a bucket that leaves, if that was what it still waited for
     */
    public Move failed(Endpoint endpoint) {
        return isMoving() && !failed && endpoint.equals(server)
                ? new Move(
                        timing,
                        Phase.LEAVING,
                        server,
                        next,
                        true,
                        standing && !fallback().isPresent(),
                        since)
                : this;
    }

    /**
     * Is told that the tables of all ILBs say what a move said that they should.
     *
     * @param asked the move that they were asked for; an answer that has been overtaken changes nothing
     * @param now the time
     * @return this one, waiting for what comes next
     */
    public Move stood(Move asked, long now) {
        return standing || !saysTheSameAs(asked) ? this : new Move(timing, phase, server, next, failed, true, now);
    }

    /**
     * Lets time go by.
     *
     * @param now the time
     * @return the move as it is by now
     */
    public Move tick(long now) {
        OptionalLong due = due();
        if (!due.isPresent() || now - due.getAsLong() < 0) {
            return this;
        }
        switch (phase) {
                // What the tables say stays, so that it stands at once.
            case PREPARING:
                return new Move(timing, Phase.MOVING, server, next, failed, true, due.getAsLong()).tick(now);
            case PUNTING:
                return new Move(timing, Phase.PINNING, server, next, failed, true, due.getAsLong()).tick(now);
            case MOVING:
                return to(Phase.PINNING, server, next);
            default:
                return new Move(timing, Phase.LEAVING, server, next, failed, true, now);
        }
    }

    /**
     * Returns when time changes something.
     *
     * @return the time from which {@link #tick} does, empty if only events do
     */
    public OptionalLong due() {
        if (!standing) {
            return OptionalLong.empty();
        }
        switch (phase) {
            case PREPARING:
            case PUNTING:
                return OptionalLong.of(since + timing.synAfter());
            case MOVING:
                return OptionalLong.of(since + timing.pinAfter());
            case PINNING:
                return OptionalLong.of(since + timing.idle());
            default:
                return OptionalLong.empty();
        }
    }

    /**
     * Is told that a segment that is no SYN came up and its connection was unknown: there may be more such.
     *
     * @param now the time
     * @return a move that waits for the idle time once more, if it is pinning
     */
    public Move pinned(long now) {
        return phase == Phase.PINNING && standing ? new Move(timing, phase, server, next, failed, true, now) : this;
    }

    /**
     * Is told that exact rules run out of room. A bucket whose exact rules {@linkplain #mustStand must stand} pins from now on, so
     * that rules may go.
     *
     * @return a bucket that is pinning, if it was moving or pinned
     */
    public Move crowded() {
        switch (phase) {
            case MOVING:
                return to(Phase.PINNING, server, next);
            case PINNED:
                return to(Phase.PINNING, server, server);
            default:
                return this;
        }
    }

    /**
     * Tells whether all ILBs punt and nobody unknown is waited for any more. The move then waits for two things: that the exact
     * rules of all connections that {@linkplain #mustStand must stand} do, at every ILB, and that the store has the bucket's
     * association bound to {@link #target()} with no next server. Only then may a wildcard lead there: after a restart nobody
     * who came by it may be pinned to the former server.
     *
     * @return true if {@link #left} is next
     */
    public boolean isLeaving() {
        return phase == Phase.LEAVING && standing;
    }

    /**
     * Is told that what {@link #isLeaving()} waits for is done: the wildcard may lead to the next server.
     *
     * @return a bucket of the next server, pinned
     * @throws IllegalStateException if it was not leaving
     */
    public Move left() {
        checkState(isLeaving(), "%s is not leaving", this);
        return to(Phase.PINNED, next, null);
    }

    /**
     * Is told how many connections it has whose server is another than the bucket's.
     *
     * @param count their number
     * @return a settled bucket, if it was pinned and there are none
     */
    public Move pins(int count) {
        return phase == Phase.PINNED && count == 0 ? to(Phase.SETTLED, server, null) : this;
    }

    private Move to(Phase newPhase, Endpoint newServer, Endpoint newNext) {
        return new Move(timing, newPhase, newServer, newNext, newNext != null && failed, false, 0);
    }

    /**
     * Returns where the bucket is between servers.
     *
     * @return its state, never unbound
     */
    public BucketState state() {
        return phase.state;
    }

    /**
     * Returns the server of the connections that lived before the move, and of all if the bucket does not move: that of its
     * association.
     *
     * @return the server
     */
    public Endpoint server() {
        return server;
    }

    /**
     * Returns the server of the new connections of a moving bucket: the next server of its association.
     *
     * @return empty if it does not move
     */
    public Optional<Endpoint> next() {
        return Optional.ofNullable(next);
    }

    /**
     * Returns the server that the bucket is on its way to or at.
     *
     * @return the next server if it moves, else its server
     */
    public Endpoint target() {
        return next == null ? server : next;
    }

    /**
     * Tells whether the bucket is between two servers, and takes part in the bound on how many move together.
     *
     * @return true from PREPARING to the end of PINNING
     */
    public boolean isMoving() {
        return next != null;
    }

    /**
     * Tells whether a move may be {@linkplain #turned turned}.
     *
     * @return true if it moves and does not leave yet
     */
    public boolean mayTurn() {
        return isMoving() && phase != Phase.LEAVING;
    }

    /**
     * Tells whether the bucket's wildcard is all there is, so that it leads past the tables of moving buckets.
     *
     * @return true if it is settled
     */
    public boolean direct() {
        return phase == Phase.SETTLED;
    }

    /**
     * Returns where the bucket's wildcard leads.
     *
     * @return a server; empty to punt
     */
    public Optional<Endpoint> fallback() {
        switch (phase) {
            case PUNTING:
            case PINNING:
            case LEAVING:
                return Optional.empty();
            default:
                return Optional.of(server);
        }
    }

    /**
     * Tells whether SYNs come up, whatever rules their connections have.
     *
     * @return true if it moves and the switches can tell
     */
    public boolean synsUp() {
        return isMoving() && timing.flags();
    }

    /**
     * Tells whether the tables should say what another move says.
     *
     * @param other a move of the same bucket
     * @return true if direct, fallback and SYNs are equal
     */
    public boolean saysTheSameAs(Move other) {
        return direct() == other.direct()
                && synsUp() == other.synsUp()
                && fallback().equals(other.fallback());
    }

    /**
     * Tells whether every ILB has acknowledged what the tables should say.
     *
     * @return true after {@link #stood}
     */
    public boolean isStanding() {
        return standing;
    }

    /**
     * Returns the server of a connection that begins: a SYN came up and its connection is unknown.
     *
     * @return the server
     */
    public Endpoint forSyn() {
        return state() == BucketState.PREPARING ? server : target();
    }

    /**
     * Returns the server of any other segment that came up and whose connection is unknown.
     *
     * @return the server that it lives at; of a failed one's connections, which are dead, the next, which resets them
     */
    public Endpoint forOther() {
        return failed ? target() : server;
    }

    /**
     * Tells whether the exact rule of a connection must stand at every ILB, acknowledged before the connection's first segment
     * goes on, for as long as its association lives: somewhere, now or in the step that is next, the bucket's wildcard leads
     * elsewhere. Of other connections a rule where they come in is enough, and it may go: it costs a packet-in.
     *
     * @param connection the server of a connection of this bucket
     * @return true if the rule must not be missing anywhere
     */
    public boolean mustStand(Endpoint connection) {
        if (phase == Phase.LEAVING) {
            return !standing || !connection.equals(next);
        }
        // Before the tables of PINNING stand everywhere, some wildcard still leads to the former server.
        boolean punts = !fallback().isPresent() && standing;
        return !punts && !connection.equals(server);
    }

    @Override
    public String toString() {
        return MoreObjects.toStringHelper(this)
                .addValue(phase)
                .addValue(server)
                .add("next", next)
                .add("failed", failed)
                .add("standing", standing)
                .omitNullValues()
                .toString();
    }
}
