package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HealthCheck;
import org.ilb.HealthState;
import org.ilb.Service;
import org.ilb.dataplane.fabric.Fabric;
import org.ilb.dataplane.fabric.Place;
import org.ilb.dataplane.packet.Segment;
import org.ilb.dataplane.packet.TcpFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.packet.DefaultInboundPacket;
import org.onosproject.net.packet.OutboundPacket;
import org.onosproject.net.packet.PacketServiceAdapter;

/** The monitor on its own thread, over servers that answer at once, refuse, or are silent. */
class HealthMonitorTest {

    private static final int SYN_ACK = 0x12;
    private static final int RST_ACK = 0x14;
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final ConnectPoint PORT = ConnectPoint.deviceConnectPoint("of:000000000000000b/1");
    private static final MacAddress MAC = MacAddress.valueOf("00:00:00:00:00:0b");

    private final Pools pools = new Pools(Instant::now);
    private final Tally tally = new Tally();
    private final Set<Endpoint> refusing = ConcurrentHashMap.newKeySet();
    private final Set<Endpoint> silent = ConcurrentHashMap.newKeySet();
    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicInteger resets = new AtomicInteger();
    private volatile boolean reachable = true;
    private final Fabric fabric = mock(Fabric.class);
    private final HealthMonitor monitor = new HealthMonitor(
            new PacketServiceAdapter() {
                @Override
                public void emit(OutboundPacket packet) {
                    answer(packet);
                }
            },
            fabric,
            device -> reachable,
            pools,
            changes::incrementAndGet,
            tally,
            System::nanoTime,
            Instant::now);

    private final Service service = TestFrontEnd.routed(2, 3).services().get(0);
    private final Endpoint first = service.servers().get(0).endpoint();

    @BeforeEach
    void start() {
        when(fabric.serverPlace(any())).thenReturn(Optional.of(new Place(MAC, PORT)));
        when(fabric.knowsServers()).thenReturn(true);
        monitor.start();
    }

    @AfterEach
    void stop() {
        monitor.close();
    }

    private void answer(OutboundPacket packet) {
        Segment probe = Segment.parse(packet.data()).orElseThrow();
        if (probe.isReset()) {
            resets.incrementAndGet();
            return;
        }
        Endpoint server = probe.key().destination();
        if (silent.contains(server)) {
            return;
        }
        ByteBuffer frame = new TcpFrame(
                        MAC, probe.sourceMac(), server, probe.key().source())
                .write(refusing.contains(server) ? RST_ACK : SYN_ACK, 1, probe.sequence() + 1, 65535, new byte[0]);
        assertTrue(monitor.take(new DefaultInboundPacket(PORT, null, frame)));
    }

    private FrontEnd checked(HealthCheck.Kind kind) {
        FrontEnd frontEnd = TestFrontEnd.routed(2, 3);
        return new FrontEnd(
                ImmutableList.of(service.checked(Optional.of(HealthCheck.of(kind, INTERVAL, INTERVAL, 2, 3)))),
                frontEnd.ilbs(),
                frontEnd.settings());
    }

    private HealthState state(FrontEnd frontEnd, Endpoint server) {
        // As the control thread does.
        pools.refresh(frontEnd.services());
        pools.followed();
        return pools.health(frontEnd.services().get(0), server).state();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not come to that");
            Thread.sleep(5);
        }
    }

    @Test
    void serversThatAcceptAreUpAndThoseThatRefuseOrAreSilentAreDown() throws InterruptedException {
        Endpoint second = service.servers().get(1).endpoint();
        Endpoint third = service.servers().get(2).endpoint();
        refusing.add(second);
        silent.add(third);
        FrontEnd frontEnd = checked(HealthCheck.Kind.TCP);
        monitor.configure(frontEnd);
        await(() -> state(frontEnd, first) == HealthState.UP
                && state(frontEnd, second) == HealthState.DOWN
                && state(frontEnd, third) == HealthState.DOWN);
        assertEquals(
                "connection refused",
                pools.health(frontEnd.services().get(0), second).reason().get());
        await(() -> changes.get() > 0);
        assertTrue(changes.get() <= 3, "together rather than one by one");
        assertEquals(1, tally.get(Count.SERVERS_UP));
        assertEquals(2, tally.get(Count.SERVERS_DOWN));
        assertTrue(resets.get() >= 5, "nothing is left half open");

        monitor.configure(frontEnd);
        Thread.sleep(50);
        assertEquals(HealthState.UP, state(frontEnd, first), "health survives a reconfiguration");
        silent.clear();
        await(() -> state(frontEnd, third) == HealthState.UP);
    }

    @Test
    void whoCannotBeAskedIsNotJudged() throws InterruptedException {
        FrontEnd frontEnd = checked(HealthCheck.Kind.TCP);
        monitor.configure(frontEnd);
        await(() -> state(frontEnd, first) == HealthState.UP);
        reachable = false;
        silent.add(first);
        Thread.sleep(600);
        assertEquals(HealthState.UP, state(frontEnd, first));
        reachable = true;
        await(() -> state(frontEnd, first) == HealthState.DOWN);
    }

    @Test
    void arpAnswersCountFromTheQuestionOn() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        when(fabric.heard(any())).thenReturn(Optional.of(60_000L));
        doAnswer(call -> {
                    asked.incrementAndGet();
                    return null;
                })
                .when(fabric)
                .ask(any());
        FrontEnd frontEnd = checked(HealthCheck.Kind.ARP);
        monitor.configure(frontEnd);
        await(() -> state(frontEnd, first) == HealthState.DOWN);
        when(fabric.heard(any())).thenReturn(Optional.of(0L));
        await(() -> state(frontEnd, first) == HealthState.UP);
        assertTrue(asked.get() > 3);
    }

    @Test
    void whatNobodyProbesIsLeftToOthers() {
        ByteBuffer frame =
                new TcpFrame(MAC, MAC, first, Endpoint.parse("203.0.113.7:50000")).write(SYN_ACK, 1, 2, 3, new byte[0]);
        assertFalse(monitor.take(new DefaultInboundPacket(PORT, null, frame)));
    }
}
