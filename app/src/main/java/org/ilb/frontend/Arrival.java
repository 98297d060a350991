package org.ilb.frontend;

import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.Service;
import org.ilb.dataplane.packet.Segment;
import org.ilb.dataplane.rule.FabricMac;
import org.onosproject.net.PortNumber;

/** A segment of a service and where it came in. Immutable, but for when the path took it. */
final class Arrival {

    private final Ilb ilb;
    private final PortNumber ingress;
    private final Service service;
    private final Segment segment;
    private long acceptedAt;

    Arrival(Ilb ilb, PortNumber ingress, Service service, Segment segment) {
        this.ilb = ilb;
        this.ingress = ingress;
        this.service = service;
        this.segment = segment;
    }

    /** The receiving ILB. */
    Ilb ilb() {
        return ilb;
    }

    /** The port of its switch. */
    PortNumber ingress() {
        return ingress;
    }

    /** The service that the segment goes to. */
    Service service() {
        return service;
    }

    Segment segment() {
        return segment;
    }

    /** Whether another ILB relayed it to here, rather than a client or a router sent it. */
    boolean isRelayed() {
        return FabricMac.isOurs(segment.sourceMac());
    }

    /** Notes when its path began, before anyone else has it. */
    void accepted(long nanos) {
        acceptedAt = nanos;
    }

    /** When its path began, on the function's clock, in nanoseconds. */
    long acceptedAt() {
        return acceptedAt;
    }

    FlowKey key() {
        return segment.key();
    }
}
