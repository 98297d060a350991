package org.ilb.server;

import java.util.List;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Server;

/**
 * Selects the server of a new connection, for one service and one owner.
 *
 * <p>Implementations are lock-free: many threads select at once.
 */
@FunctionalInterface
public interface SelectionPolicy {

    /**
     * Selects the server of a new connection. Each call counts as one connection.
     *
     * @param key the connection
     * @return the server, empty when no server takes new connections
     */
    Optional<Endpoint> select(FlowKey key);

    /**
     * Tells how many connections the servers have, those that this owner selected for among them. Most policies do not care.
     *
     * @param loads the count
     */
    default void loaded(Loads loads) {}

    /** Makes the policy of one owner from a pool. */
    @FunctionalInterface
    interface Factory {

        /**
         * Makes a policy.
         *
         * @param pool the servers of the service; those of weight 0 take no new connection
         * @param owner the ILB that will select
         * @return a policy that has selected nothing yet
         */
        SelectionPolicy create(List<Server> pool, IlbId owner);
    }
}
