package org.ilb.frontend;

import java.util.concurrent.CompletableFuture;
import org.ilb.Association;
import org.ilb.dataplane.packet.Segment;

/** An owner's proposal on its way to the store (claim 13). Touched by its connection's stripe only. */
final class Creation {

    /** Segments of one connection that wait for the store. */
    private static final int MAX_WAITING = 8;

    private final Association proposal;
    private final CompletableFuture<Void> cleared;
    private final CompletableFuture<Association> stands = new CompletableFuture<>();
    private boolean released;
    private boolean answered;
    private int waiting;

    Creation(Association proposal, CompletableFuture<Void> cleared) {
        this.proposal = proposal;
        this.cleared = cleared;
    }

    Association proposal() {
        return proposal;
    }

    /** Completes when no switch has a rule of the connection before, or fails. */
    CompletableFuture<Void> cleared() {
        return cleared;
    }

    /** Completes, never by failing, once all ILBs of this node know what stands. */
    CompletableFuture<Association> stands() {
        return stands;
    }

    /** Whether a segment is the SYN that began this, once more. */
    boolean isOf(Segment segment) {
        return segment.isSyn() && segment.sequence() == proposal.initialSequence();
    }

    /** Notes that the SYN was sent on; the store may still be silent. */
    void released() {
        released = true;
    }

    boolean isReleased() {
        return released;
    }

    /** Notes that the client has answered the server, or may have. */
    void mayBeAnswered() {
        answered = true;
    }

    boolean isAnswered() {
        return answered;
    }

    /** Whether something may wait for the store, too; false if as much does already as is allowed. */
    boolean admits() {
        return ++waiting <= MAX_WAITING;
    }
}
