package org.ilb.simulation;

import java.util.concurrent.CompletableFuture;
import org.ilb.Association;

/** An owner's proposal on its way to the store. */
final class Creation {

    final Association proposal;
    final CompletableFuture<Association> stands = new CompletableFuture<>();
    /** Completes when no switch has a rule of the former association any more. */
    final CompletableFuture<Void> cleared;
    /** Whether a SYN went to the proposed server, as the store took too long to say otherwise. */
    boolean released;

    Creation(Association proposal, CompletableFuture<Void> cleared) {
        this.proposal = proposal;
        this.cleared = cleared;
    }
}
