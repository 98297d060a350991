package org.ilb.dataplane.fabric;

import java.util.concurrent.CompletableFuture;

/**
 * Keeps what one run of the controller learnt of the network for the next, so that its rules can stand before the first
 * answer to ARP and the first link: ONOS takes away within seconds whatever it does not know.
 *
 * <p>Thread-safe; returns at once.
 */
public interface KnowledgeStore {

    /**
     * Reads what was written last, by any run.
     *
     * @return the text, empty if there is none; an exception if the store does not answer
     */
    CompletableFuture<String> read();

    /**
     * Writes something in place of what was written before. Should it fail, the next run has to learn.
     *
     * @param text the text
     */
    void write(String text);

    /**
     * Takes away all of it.
     *
     * @return done when it is gone
     */
    CompletableFuture<Void> destroy();
}
