package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import java.util.Optional;

/**
 * What the front-end function knows of one connection, or of one bucket of connections: its server, its owner and its backup (claims 1, 2, 10).
 *
 * <p>Immutable and thread-safe.
 */
public final class Association {

    private final FlowKey key;
    private final Endpoint server;
    private final IlbId owner;
    private final IlbId backup;
    private final long view;
    private final int initialSequence;
    private final IlbId receiver;
    private final AssociationState state;
    private final Endpoint next;

    /**
     * Creates the association of a new connection: embryonic, its receiving ILB not known.
     *
     * @param key the connection
     * @param server the server that was chosen for it
     * @param owner the ILB with the largest score
     * @param backup the ILB with the second largest score, or null in a function of one
     * @param view the number of the view in which owner and backup were elected
     * @param initialSequence the initial sequence number of the client's SYN: tells a retransmission from a new connection;
     *     of a bucket, the number of its binding to a server
     */
    public Association(FlowKey key, Endpoint server, IlbId owner, IlbId backup, long view, int initialSequence) {
        this(key, server, owner, backup, view, initialSequence, null, AssociationState.EMBRYONIC, null);
    }

    private Association(
            FlowKey key,
            Endpoint server,
            IlbId owner,
            IlbId backup,
            long view,
            int initialSequence,
            IlbId receiver,
            AssociationState state,
            Endpoint next) {
        this.key = checkNotNull(key);
        this.server = checkNotNull(server);
        this.owner = checkNotNull(owner);
        this.backup = backup;
        this.view = view;
        this.initialSequence = initialSequence;
        this.receiver = receiver;
        this.state = checkNotNull(state);
        this.next = next;
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
     * Returns the server of the connection.
     *
     * @return its address and port
     */
    public Endpoint server() {
        return server;
    }

    /**
     * Returns the owner.
     *
     * @return the ILB with the largest score in {@link #view()}
     */
    public IlbId owner() {
        return owner;
    }

    /**
     * Returns the backup.
     *
     * @return the ILB with the second largest score, empty in a function of one
     */
    public Optional<IlbId> backup() {
        return Optional.ofNullable(backup);
    }

    /**
     * Tells whether an ILB owns or backs up this connection, so that its LTOC holds it.
     *
     * @param ilb the ILB
     * @return true for the owner and the backup
     */
    public boolean concerns(IlbId ilb) {
        return owner.equals(ilb) || ilb.equals(backup);
    }

    /**
     * Returns the view in which owner and backup were elected.
     *
     * @return the view's number
     */
    public long view() {
        return view;
    }

    /**
     * Returns the initial sequence number of the client's SYN.
     *
     * @return a 32-bit sequence number
     */
    public int initialSequence() {
        return initialSequence;
    }

    /**
     * Returns the ILB that the connection last came in by, as far as it is known: where its rule is put back after a restart.
     *
     * @return the receiving ILB; not part of the decision, and late by a little after a re-hash upstream
     */
    public Optional<IlbId> receiver() {
        return Optional.ofNullable(receiver);
    }

    /**
     * Returns where the connection is in its life.
     *
     * @return its state
     */
    public AssociationState state() {
        return state;
    }

    /**
     * Returns the server that new connections of a moving bucket go to.
     *
     * @return empty for a connection, and for a bucket that does not move
     */
    public Optional<Endpoint> next() {
        return Optional.ofNullable(next);
    }

    /**
     * Returns this association of a bucket with another server. It is of another epoch: whoever still says what this one
     * says contradicts it.
     *
     * @param newServer the server of the former connections, and of all if the bucket does not move
     * @param newNext the server of the new connections, or empty if the bucket does not move
     * @return the association that supersedes this one
     */
    public Association bound(Endpoint newServer, Optional<Endpoint> newNext) {
        return new Association(
                key,
                newServer,
                owner,
                backup,
                view,
                initialSequence + 1,
                receiver,
                AssociationState.ESTABLISHED,
                newNext.orElse(null));
    }

    /**
     * Returns this association with another receiving ILB.
     *
     * @param ilb the ILB that the connection comes in by
     * @return this one if it says so already
     */
    public Association receivedBy(IlbId ilb) {
        return ilb.equals(receiver)
                ? this
                : new Association(key, server, owner, backup, view, initialSequence, ilb, state, next);
    }

    /**
     * Returns this association in another state.
     *
     * @param newState the state
     * @return this one if it is in that state already
     */
    public Association in(AssociationState newState) {
        return newState == state
                ? this
                : new Association(key, server, owner, backup, view, initialSequence, receiver, newState, next);
    }

    /**
     * Tells whether another association is of the same connection and epoch: an end of another epoch ends nothing here.
     *
     * @param other any association
     * @return true if key and initial sequence number are equal
     */
    public boolean isSameEpoch(Association other) {
        return initialSequence == other.initialSequence && key.equals(other.key);
    }

    /**
     * Returns this association as another view elects it.
     *
     * @param newOwner the owner in that view
     * @param newBackup the backup in that view, or null in a function of one
     * @param newView that view's number
     * @return an association with the same connection and server
     */
    public Association elected(IlbId newOwner, IlbId newBackup, long newView) {
        return new Association(key, server, newOwner, newBackup, newView, initialSequence, receiver, state, next);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Association)) {
            return false;
        }
        Association that = (Association) other;
        return key.equals(that.key)
                && server.equals(that.server)
                && owner.equals(that.owner)
                && Objects.equals(backup, that.backup)
                && view == that.view
                && initialSequence == that.initialSequence
                && Objects.equals(receiver, that.receiver)
                && state == that.state
                && Objects.equals(next, that.next);
    }

    @Override
    public String toString() {
        return key + " to " + server + (next == null ? "" : ", then " + next) + " (" + state + ", owner " + owner
                + ", backup " + backup + ", view " + view + ")";
    }
}
