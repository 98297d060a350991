package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;

/** What becomes of ICMP messages, and of what is bounded or counted beside segments. */
class IcmpPathTest {

    private static final PortNumber PORT = PortNumber.portNumber(1);
    private static final Endpoint SERVER = Endpoint.parse("10.0.0.11:8080");
    private static final Endpoint CLIENT = Endpoint.parse("203.0.113.7:40000");

    private final FrontEnd frontEnd = TestFrontEnd.routed(2, 1);
    private final Ilb ilb = frontEnd.ilbs().get(1);
    private final AtomicLong now = new AtomicLong();
    private final Tally tally = new Tally();
    private final SegmentPath segments = mock(SegmentPath.class);
    private final Release release = mock(Release.class);
    private final IcmpPath path = new IcmpPath(() -> new Enrolment(frontEnd), segments, release, tally, now::get);

    @BeforeEach
    void know() {
        doAnswer(call -> {
                    Consumer<Optional<Endpoint>> action = call.getArgument(1);
                    boolean known = call.getArgument(0).equals(FlowKey.of(TestFrontEnd.SERVICE, CLIENT));
                    action.accept(known ? Optional.of(SERVER) : Optional.empty());
                    return null;
                })
                .when(segments)
                .findServer(any(), any());
        when(release.forward(any(), any(), any(), any(), any())).thenReturn(true);
    }

    private void accept(byte[] frame) {
        path.accept(ilb, PORT, ByteBuffer.wrap(frame));
    }

    /** A message from a router to an address, of a type, with this in it behind its header. */
    private static byte[] message(Endpoint to, int type, byte[] content) {
        byte[] frame = new byte[14 + 20 + 8 + content.length];
        ByteBuffer.wrap(frame)
                .position(12)
                .putShort((short) 0x0800)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (frame.length - 14))
                .putInt(0)
                .putShort((short) (64 << 8 | 1))
                .putShort((short) 0)
                .putInt(0x0a010101)
                .put(to.address().toOctets())
                .put((byte) type);
        System.arraycopy(content, 0, frame, 42, content.length);
        return frame;
    }

    private static byte[] echo(Endpoint to) {
        return message(to, 8, new byte[56]);
    }

    private static byte[] error(Endpoint service, Endpoint client) {
        ByteBuffer quoted = ByteBuffer.allocate(28)
                .putInt(0x45000000)
                .putInt(0)
                .putInt(64 << 24 | 6 << 16)
                .put(service.address().toOctets())
                .put(client.address().toOctets())
                .putShort((short) service.port())
                .putShort((short) client.port());
        return message(service, 3, quoted.array());
    }

    @Test
    void anErrorGoesToTheServerOfTheConnectionThatItQuotes() {
        accept(error(TestFrontEnd.SERVICE, CLIENT));
        verify(release).forward(any(), eq(ilb), eq(PORT), eq(frontEnd.services().get(0)), eq(SERVER));
        assertEquals(1, tally.get(Count.ICMP_ERRORS));
    }

    @Test
    void whatIsAboutNothingKnownIsDroppedAndCounted() {
        accept(error(TestFrontEnd.SERVICE, Endpoint.parse("203.0.113.8:40000")));
        accept(error(Endpoint.parse("10.100.0.1:81"), CLIENT));
        accept(message(TestFrontEnd.SERVICE, 13, new byte[12]));
        accept(echo(Endpoint.parse("10.100.0.9:80")));
        accept(new byte[3]);
        assertEquals(5, tally.get(Count.ICMP_DROPPED));
        verify(release, never()).forward(any(), any(), any(), any(), any());
        verify(release, never()).back(any(), any(), any());
    }

    @Test
    void echoIsAnsweredSoOftenASecond() {
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < 2 * IcmpPath.ECHOES_PER_SECOND; i++) {
                accept(echo(TestFrontEnd.SERVICE));
            }
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        verify(release, times(3 * IcmpPath.ECHOES_PER_SECOND)).back(eq(ilb), eq(PORT), any());
        assertEquals(3 * IcmpPath.ECHOES_PER_SECOND, tally.get(Count.ECHOES));
        assertEquals(3 * IcmpPath.ECHOES_PER_SECOND, tally.get(Count.ICMP_DROPPED));
        accept(error(TestFrontEnd.SERVICE, CLIENT));
        assertEquals(1, tally.get(Count.ICMP_ERRORS), "errors have an allowance of their own");
    }

    @Test
    void anAllowanceIsNeverExceededWhateverTheClock() {
        Allowance allowance = new Allowance(10, 0);
        int taken = 0;
        for (long nanos = 0; nanos < 5_000_000_000L; nanos += 7_000_000) {
            taken += allowance.take(nanos) ? 1 : 0;
            assertTrue(!allowance.take(nanos - 1_000_000) || taken++ < 60);
        }
        assertTrue(taken >= 58 && taken <= 60, "a second's worth at once, and ten a second: " + taken);
    }

    @Test
    void fragmentsAreCountedOnceAndFromZeroWhereARuleIsNew() {
        Map<FlowRule, Long> counts = new HashMap<>();
        FlowRule one = rule(1);
        FlowRule two = rule(2);
        Fragments fragments = new Fragments(counts::get);
        counts.put(one, 5L);
        counts.put(two, 7L);
        assertEquals(12, fragments.take(List.of(one, two)));
        assertEquals(0, fragments.take(List.of(one, two)));
        counts.put(one, 6L);
        counts.put(two, 2L);
        assertEquals(3, fragments.take(ImmutableList.of(one, two)));
        assertEquals(0, fragments.take(List.of()));
        assertEquals(6, fragments.take(List.of(one)));
    }

    private static FlowRule rule(int priority) {
        return DefaultFlowRule.builder()
                .fromApp(new DefaultApplicationId(1, "org.ilb"))
                .forDevice(DeviceId.deviceId("of:0000000000000001"))
                .withPriority(priority)
                .withSelector(DefaultTrafficSelector.emptySelector())
                .withTreatment(DefaultTrafficTreatment.emptyTreatment())
                .makePermanent()
                .build();
    }
}
