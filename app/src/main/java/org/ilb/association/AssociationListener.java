package org.ilb.association;

import org.ilb.Association;

/**
 * Hears what others wrote to an {@link AssociationStore}.
 *
 * <p>Events of one connection arrive in the order in which the store took them; never on a thread that waits for the store.
 */
public interface AssociationListener {

    /**
     * An association was created, or its owner, its backup or its receiving ILB changed. One that was superseded was
     * {@linkplain #removed removed} first.
     *
     * @param association what stands now
     */
    void put(Association association);

    /**
     * An association ended.
     *
     * @param association what stood until now
     */
    void removed(Association association);
}
