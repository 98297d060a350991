package org.ilb.dataplane.flags;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Objects;
import org.ilb.Endpoint;
import org.onlab.packet.MacAddress;

/**
 * What one rule punts: the SYNs that an ILB receives for a service.
 *
 * <p>Immutable and thread-safe.
 */
public final class SynPunt {

    private final MacAddress ilb;
    private final Endpoint service;

    /**
     * Creates a punt.
     *
     * @param ilb the ILB's MAC address, to which clients or the router send
     * @param service the virtual address and port
     */
    public SynPunt(MacAddress ilb, Endpoint service) {
        this.ilb = checkNotNull(ilb);
        this.service = checkNotNull(service);
    }

    /**
     * Returns the destination of the frames that are punted.
     *
     * @return the ILB's MAC address
     */
    public MacAddress ilb() {
        return ilb;
    }

    /**
     * Returns the service.
     *
     * @return its virtual address and port
     */
    public Endpoint service() {
        return service;
    }

    @Override
    public int hashCode() {
        return Objects.hash(ilb, service);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SynPunt
                && ilb.equals(((SynPunt) other).ilb)
                && service.equals(((SynPunt) other).service);
    }

    @Override
    public String toString() {
        return "SYNs for " + service + " at " + ilb;
    }
}
