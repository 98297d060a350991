package org.ilb;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import org.onlab.packet.IpAddress;
import org.onosproject.net.PortNumber;

/**
 * Where an ILB meets the upstream router in routed mode.
 *
 * <p>Immutable and thread-safe.
 */
public final class Uplink {

    private final PortNumber port;
    private final IpAddress nextHop;

    /**
     * Creates an uplink.
     *
     * @param port the switch port towards the router
     * @param nextHop the router's address on that link
     */
    public Uplink(PortNumber port, IpAddress nextHop) {
        this.port = checkNotNull(port);
        this.nextHop = checkNotNull(nextHop);
    }

    /**
     * Returns the switch port towards the router.
     *
     * @return the port
     */
    public PortNumber port() {
        return port;
    }

    /**
     * Returns the router's address on the link.
     *
     * @return the next hop of replies
     */
    public IpAddress nextHop() {
        return nextHop;
    }

    @Override
    public int hashCode() {
        return Objects.hash(port, nextHop);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Uplink
                && port.equals(((Uplink) other).port)
                && nextHop.equals(((Uplink) other).nextHop);
    }

    @Override
    public String toString() {
        return "port " + port + " to " + nextHop;
    }
}
