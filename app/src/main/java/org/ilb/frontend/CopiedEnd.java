package org.ilb.frontend;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.ilb.FlowKey;
import org.ilb.Service;
import org.ilb.connection.Ending;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.packet.SegmentHeader;
import org.onosproject.net.packet.InboundPacket;

/**
 * Reads the copy of a FIN or an RST that a switch made (claim 14). The cookie tells whose it is: the rule that copied it stands
 * where clients' segments arrive or where servers' replies begin.
 */
final class CopiedEnd {

    private CopiedEnd() {}

    /**
     * Returns whose end a packet is the copy of.
     *
     * @param packet a packet-in
     * @return the kind of rule that copied it, empty if it is no copy
     */
    static Optional<FlagRule.Kind> kind(InboundPacket packet) {
        return packet.cookie().flatMap(FlagRule.Kind::of).filter(kind -> kind != FlagRule.Kind.CLIENT_SYN);
    }

    /**
     * Reads a copy.
     *
     * @param kind whose end it is
     * @param frame the beginning of the frame
     * @param enrolment the services and servers in force
     * @return the sign, empty if it is of no service
     */
    static Optional<Ending> read(FlagRule.Kind kind, ByteBuffer frame, Enrolment enrolment) {
        return SegmentHeader.parse(frame)
                .filter(header -> header.isFin() || header.isReset())
                .flatMap(header ->
                        kind == FlagRule.Kind.SERVER_END ? ofServer(header, enrolment) : ofClient(header, enrolment));
    }

    private static Optional<Ending> ofClient(SegmentHeader header, Enrolment enrolment) {
        FlowKey key = FlowKey.of(header.destination(), header.source());
        return enrolment.service(key) == null
                ? Optional.empty()
                : Optional.of(Ending.ofClient(key, header.isReset(), header.sequence()));
    }

    private static Optional<Ending> ofServer(SegmentHeader header, Enrolment enrolment) {
        Service service = enrolment.serviceOf(header.source());
        if (service == null) {
            return Optional.empty();
        }
        // As the client sees it: its segments go to the virtual address.
        FlowKey key = FlowKey.of(service.endpoint(), header.destination());
        return Optional.of(Ending.ofServer(key, header.isReset(), header.acknowledges(), header.acknowledgement()));
    }
}
