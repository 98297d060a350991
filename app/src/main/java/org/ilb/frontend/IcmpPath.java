package org.ilb.frontend;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Ilb;
import org.ilb.Service;
import org.ilb.dataplane.packet.EchoRequest;
import org.ilb.dataplane.packet.IcmpError;
import org.onosproject.net.PortNumber;

/**
 * The path of ICMP messages to virtual addresses: echo requests are answered here, errors go to the server of the connection that they
 * quote, whichever ILB they come in by. What is neither, or about nothing that is known, or too much, is dropped and counted.
 *
 * <p>Thread-safe; {@link #accept} returns at once.
 */
final class IcmpPath {

    /** Echo requests answered a second, by all ILBs of this node together. */
    static final int ECHOES_PER_SECOND = 500;

    /** Errors looked into a second. */
    static final int ERRORS_PER_SECOND = 2000;

    private final Supplier<Enrolment> enrolment;
    private final SegmentPath segments;
    private final Release release;
    private final Tally tally;
    private final LongSupplier nanoTime;
    private final Allowance echoes;
    private final Allowance errors;

    IcmpPath(Supplier<Enrolment> enrolment, SegmentPath segments, Release release, Tally tally, LongSupplier nanoTime) {
        this.enrolment = enrolment;
        this.segments = segments;
        this.release = release;
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.echoes = new Allowance(ECHOES_PER_SECOND, nanoTime.getAsLong());
        this.errors = new Allowance(ERRORS_PER_SECOND, nanoTime.getAsLong());
    }

    /**
     * Takes an ICMP message from the packet thread.
     *
     * @param ilb the ILB that it came to
     * @param ingress the port that it came in by
     * @param frame the whole frame
     */
    void accept(Ilb ilb, PortNumber ingress, ByteBuffer frame) {
        Enrolment now = enrolment.get();
        Optional<EchoRequest> echo = EchoRequest.parse(frame);
        if (echo.isPresent()) {
            boolean answered = now.isVirtual(echo.get().destination()) && echoes.take(nanoTime.getAsLong());
            tally.add(answered ? Count.ECHOES : Count.ICMP_DROPPED);
            if (answered) {
                release.back(ilb, ingress, echo.get().answer());
            }
            return;
        }
        Optional<IcmpError> error = IcmpError.parse(frame);
        Service service = error.map(read -> now.service(read.key())).orElse(null);
        if (service == null || !errors.take(nanoTime.getAsLong())) {
            tally.add(Count.ICMP_DROPPED);
            return;
        }
        segments.findServer(error.get().key(), server -> {
            boolean sent = server.isPresent() && release.forward(error.get(), ilb, ingress, service, server.get());
            tally.add(sent ? Count.ICMP_ERRORS : Count.ICMP_DROPPED);
        });
    }
}
