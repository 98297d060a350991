package org.ilb.health;

import static org.ilb.health.ProbeSegment.ACK;
import static org.ilb.health.ProbeSegment.FIN;
import static org.ilb.health.ProbeSegment.PSH;
import static org.ilb.health.ProbeSegment.RST;
import static org.ilb.health.ProbeSegment.SYN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.ilb.HealthCheck;
import org.junit.jupiter.api.Test;

class ConnectionProbeTest {

    private static final int OURS = 0x7ffffff0;
    private static final int THEIRS = -3;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final HealthCheck TCP = HealthCheck.of(HealthCheck.Kind.TCP, SECOND, SECOND, 1, 1);
    private static final HealthCheck HTTP = HealthCheck.http(SECOND, SECOND, 1, 1, "GET", "/alive", 200, 299);

    private static ConnectionProbe probe(HealthCheck check) {
        return new ConnectionProbe(check, "10.0.0.11:8080", OURS);
    }

    private static ProbeSegment segment(int flags, int sequence, int acknowledgement, String payload) {
        return new ProbeSegment(flags, sequence, acknowledgement, payload.getBytes(StandardCharsets.US_ASCII));
    }

    private static final ProbeSegment AGREED = segment(SYN | ACK, THEIRS, OURS + 1, "");

    private static String reason(Reaction reaction) {
        return reaction.finding().map(Finding::toString).orElse("none");
    }

    @Test
    void aTcpProbeIsASynAndAnRst() {
        ConnectionProbe probe = probe(TCP);
        assertEquals(SYN, probe.opening().flags());
        assertEquals(OURS, probe.opening().sequence());
        Reaction reaction = probe.heard(AGREED);
        assertEquals("good: connection accepted", reason(reaction));
        assertEquals(RST, reaction.answer().get().flags());
        assertEquals(OURS + 1, reaction.answer().get().sequence());
        assertFalse(probe.heard(AGREED).answer().isPresent(), "it is over");
        assertFalse(probe.late().finding().isPresent());
    }

    @Test
    void aResetRefuses() {
        assertEquals("bad: connection refused", reason(probe(TCP).heard(segment(RST | ACK, 0, OURS + 1, ""))));
        assertEquals("none", reason(probe(TCP).heard(segment(RST | ACK, 0, OURS + 2, ""))), "of another probe");
        assertEquals("none", reason(probe(TCP).heard(segment(RST, OURS + 1, 0, ""))));
    }

    @Test
    void silenceIsFoundAndLeavesNothingHalfOpen() {
        Reaction reaction = probe(TCP).late();
        assertEquals("bad: no answer within 1000 ms", reason(reaction));
        assertEquals(OURS + 1, reaction.answer().get().sequence());
        ConnectionProbe asked = probe(HTTP);
        asked.heard(AGREED);
        Reaction late = asked.late();
        assertEquals("bad: no HTTP answer within 1000 ms", reason(late));
        assertEquals(RST | ACK, late.answer().get().flags());
    }

    @Test
    void anHttpProbeAsksWithTheHandshakeAndResetsWhenItHasTheStatus() {
        ConnectionProbe probe = probe(HTTP);
        ProbeSegment request = probe.heard(AGREED).answer().get();
        assertEquals(PSH | ACK, request.flags());
        assertEquals(OURS + 1, request.sequence());
        assertEquals(THEIRS + 1, request.acknowledgement());
        String text = new String(request.payload(), StandardCharsets.US_ASCII);
        assertTrue(text.startsWith("GET /alive HTTP/1.1\r\nHost: 10.0.0.11:8080\r\n"), text);
        assertTrue(text.endsWith("\r\n\r\n"), text);
        assertArrayEquals(request.payload(), probe.heard(AGREED).answer().get().payload(), "once more");

        Reaction reaction = probe.heard(segment(ACK, THEIRS + 1, request.sequence(), "HTTP/1.1 204 No Content\r\n"));
        assertEquals("good: status 204", reason(reaction));
        ProbeSegment reset = reaction.answer().get();
        assertEquals(RST | ACK, reset.flags());
        assertEquals(OURS + 1 + request.payload().length, reset.sequence());
        assertEquals(THEIRS + 1 + "HTTP/1.1 204 No Content\r\n".length(), reset.acknowledgement());
    }

    @Test
    void theAnswerMayComeInAnyPiecesSomeOfThemTwice() {
        String answer = "HTTP/1.0 503 Service Unavailable\r\n\r\nsorry";
        Random random = new Random(5);
        for (int round = 0; round < 500; round++) {
            ConnectionProbe probe = probe(HTTP);
            probe.heard(AGREED);
            String outcome = "none";
            int next = 0;
            while (outcome.equals("none")) {
                int from = random.nextInt(next + 2);
                int to = Math.min(answer.length(), from + 1 + random.nextInt(4));
                outcome = reason(probe.heard(segment(ACK, THEIRS + 1 + from, OURS, answer.substring(from, to))));
                next = from <= next ? Math.max(next, to) : next;
            }
            assertEquals("bad: status 503", outcome);
            assertTrue(next > 12, "not before there is a status");
        }
    }

    @Test
    void whatIsNoHttpOrEndsTooSoonIsBad() {
        assertEquals("bad: no HTTP answer", afterRequest(segment(ACK, THEIRS + 1, OURS, "SSH-2.0-x")));
        assertEquals(
                "bad: connection closed without an answer", afterRequest(segment(FIN | ACK, THEIRS + 1, OURS, "")));
        assertEquals("bad: connection reset", afterRequest(segment(RST, THEIRS + 1, 0, "")));
        assertEquals("none", afterRequest(segment(RST, THEIRS + 2, 0, "")), "a blind one");
    }

    private static String afterRequest(ProbeSegment segment) {
        ConnectionProbe probe = probe(HTTP);
        probe.heard(AGREED);
        return reason(probe.heard(segment));
    }

    @Test
    void noSegmentMakesItThrow() {
        Random random = new Random(11);
        for (int round = 0; round < 50_000; round++) {
            ConnectionProbe probe = probe(random.nextBoolean() ? TCP : HTTP);
            for (int step = 0; step < 6; step++) {
                byte[] payload = new byte[random.nextInt(4) * random.nextInt(700)];
                random.nextBytes(payload);
                probe.heard(
                        random.nextInt(4) == 0
                                ? AGREED
                                : new ProbeSegment(
                                        random.nextInt(64),
                                        THEIRS + random.nextInt(5) - 1,
                                        OURS + random.nextInt(3),
                                        payload));
            }
            probe.late();
        }
    }
}
