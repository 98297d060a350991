package org.ilb.health;

import static org.ilb.health.ProbeSegment.ACK;
import static org.ilb.health.ProbeSegment.FIN;
import static org.ilb.health.ProbeSegment.NOTHING;
import static org.ilb.health.ProbeSegment.PSH;
import static org.ilb.health.ProbeSegment.RST;
import static org.ilb.health.ProbeSegment.SYN;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.ilb.HealthCheck;

/**
 * One probe of one server by TCP (RFC 9293), as its client.
 *
 * <p>A check of kind {@code tcp} opens a connection and resets it as soon as the server agrees: SYN, SYN/ACK, RST. The server's
 * program never hears of it. Where nobody listens, an RST comes back.
 *
 * <p>A check of kind {@code http} goes on with the request, in the very segment that completes the handshake, and resets the
 * connection as soon as it has read the status of the answer: what follows is of no interest, an RST leaves neither side waiting,
 * and the small {@linkplain #WINDOW window} keeps what is on its way by then to a segment or two.
 *
 * <p>Segments that do not belong here change nothing. Not thread-safe.
 */
public final class ConnectionProbe {

    /** The receive window that is advertised: enough for the status, and for little more, because all of it comes up. */
    public static final int WINDOW = 1024;

    private enum Phase {
        SYN_SENT,
        ASKED,
        OVER
    }

    private final HealthCheck check;
    private final byte[] request;
    private final int initialSequence;
    private final byte[] head = new byte[WINDOW];
    private Phase phase = Phase.SYN_SENT;
    private int received;
    private int receiveNext;

    /**
     * Begins a probe.
     *
     * @param check of kind {@code tcp} or {@code http}
     * @param host what the request calls the server, in the form {@code address:port}
     * @param initialSequence the initial sequence number, unlike those of former probes
     */
    public ConnectionProbe(HealthCheck check, String host, int initialSequence) {
        this.check = check;
        this.initialSequence = initialSequence;
        this.request = check.kind() == HealthCheck.Kind.HTTP
                ? (check.method() + ' ' + check.path() + " HTTP/1.1\r\nHost: " + host
                                + "\r\nUser-Agent: ilb-health\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII)
                : NOTHING;
    }

    /**
     * Returns the segment that it begins with.
     *
     * @return a SYN
     */
    public ProbeSegment opening() {
        return new ProbeSegment(SYN, initialSequence, 0, NOTHING);
    }

    /**
     * Takes a segment from the server.
     *
     * @param segment what came
     * @return what to do about it
     */
    public Reaction heard(ProbeSegment segment) {
        switch (phase) {
            case SYN_SENT:
                return opened(segment);
            case ASKED:
                return answered(segment);
            default:
                return Reaction.NONE;
        }
    }

    private Reaction opened(ProbeSegment segment) {
        if (!segment.has(ACK) || segment.acknowledgement() != initialSequence + 1) {
            return Reaction.NONE;
        }
        if (segment.has(RST)) {
            return over(null, Finding.bad("connection refused"));
        }
        if (!segment.has(SYN)) {
            return Reaction.NONE;
        }
        if (request.length == 0) {
            return over(new ProbeSegment(RST, initialSequence + 1, 0, NOTHING), Finding.good("connection accepted"));
        }
        phase = Phase.ASKED;
        receiveNext = segment.sequence() + 1;
        return Reaction.answering(asking());
    }

    private ProbeSegment asking() {
        return new ProbeSegment(PSH | ACK, initialSequence + 1, receiveNext, request);
    }

    private Reaction answered(ProbeSegment segment) {
        if (segment.has(RST)) {
            return segment.sequence() == receiveNext ? over(null, Finding.bad("connection reset")) : Reaction.NONE;
        }
        if (segment.has(SYN)) {
            // The request was lost.
            return Reaction.answering(asking());
        }
        int known = receiveNext - segment.sequence();
        byte[] payload = segment.payload();
        if (known < 0 || known > payload.length) {
            return Reaction.NONE;
        }
        int fresh = Math.min(payload.length - known, head.length - received);
        System.arraycopy(payload, known, head, received, fresh);
        received += fresh;
        receiveNext += fresh;
        int status = StatusLine.read(head, received);
        if (status > 0) {
            boolean good = status >= check.statusFrom() && status <= check.statusTo();
            String reason = "status " + status;
            return over(reset(), good ? Finding.good(reason) : Finding.bad(reason));
        }
        if (status == StatusLine.MALFORMED) {
            return over(reset(), Finding.bad("no HTTP answer"));
        }
        if (segment.has(FIN)) {
            return over(reset(), Finding.bad("connection closed without an answer"));
        }
        return fresh > 0
                ? Reaction.answering(new ProbeSegment(ACK, initialSequence + 1 + request.length, receiveNext, NOTHING))
                : Reaction.NONE;
    }

    private ProbeSegment reset() {
        return new ProbeSegment(RST | ACK, initialSequence + 1 + request.length, receiveNext, NOTHING);
    }

    private Reaction over(ProbeSegment answer, Finding finding) {
        phase = Phase.OVER;
        return Reaction.ending(answer, finding);
    }

    /**
     * Is told that the server's time is over.
     *
     * @return what to do: find it too slow, and leave nothing half open at the server
     */
    public Reaction late() {
        if (phase == Phase.OVER) {
            return Reaction.NONE;
        }
        boolean asked = phase == Phase.ASKED;
        ProbeSegment answer = asked ? reset() : new ProbeSegment(RST, initialSequence + 1, 0, NOTHING);
        return over(
                answer,
                Finding.bad((asked ? "no HTTP answer within " : "no answer within ")
                        + check.timeout().toMillis() + " ms"));
    }

    @Override
    public String toString() {
        return phase + " " + Arrays.toString(Arrays.copyOf(head, received));
    }
}
