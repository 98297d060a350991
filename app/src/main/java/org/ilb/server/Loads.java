package org.ilb.server;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.ilb.Endpoint;

/**
 * How many connections each server has in the whole function, counted a moment ago.
 *
 * <p>Immutable and thread-safe.
 */
public final class Loads {

    /** Nothing is known of any server. */
    public static final Loads NONE = new Loads(ImmutableMap.of(), 1);

    private final ImmutableMap<Endpoint, Integer> connections;
    private final int owners;

    /**
     * Creates a count.
     *
     * @param connections how many connections each server has; one that is missing has none
     * @param owners how many ILBs select servers, at least 1
     */
    public Loads(Map<Endpoint, Integer> connections, int owners) {
        checkArgument(owners > 0, "someone selects servers, not %s", owners);
        this.connections = ImmutableMap.copyOf(connections);
        this.owners = owners;
    }

    int connections(Endpoint server) {
        return connections.getOrDefault(server, 0);
    }

    int owners() {
        return owners;
    }
}
