package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Objects;
import org.ilb.dataplane.rule.PortBits;

/**
 * Where an ILB sends each bucket of a service. Buckets that are absent have no rule: what is in them goes to the controller.
 *
 * <p>Immutable and thread-safe.
 */
public final class BucketTable {

    private final int portMask;
    private final ImmutableMap<Integer, BucketRoute> routes;

    private BucketTable(int portMask, ImmutableMap<Integer, BucketRoute> routes) {
        this.portMask = portMask;
        this.routes = routes;
    }

    /**
     * Returns a table.
     *
     * @param portMask which bits of the client's port tell buckets apart
     * @param routes where each bucket goes, by its bits of the client's port
     * @return the table
     * @throws IllegalArgumentException if the bits of a bucket are outside of the mask
     */
    public static BucketTable of(int portMask, Map<Integer, BucketRoute> routes) {
        routes.keySet().forEach(bits -> PortBits.of(bits, portMask));
        return new BucketTable(portMask, ImmutableMap.copyOf(routes));
    }

    /**
     * Returns which bits of the client's port tell buckets apart.
     *
     * @return the mask
     */
    public int portMask() {
        return portMask;
    }

    /**
     * Returns where each bucket goes.
     *
     * @return the routes by the buckets' bits of the client's port
     */
    public Map<Integer, BucketRoute> routes() {
        return routes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(portMask, routes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BucketTable
                && portMask == ((BucketTable) other).portMask
                && routes.equals(((BucketTable) other).routes);
    }

    @Override
    public String toString() {
        return String.format("0x%04x %s", portMask, routes);
    }
}
