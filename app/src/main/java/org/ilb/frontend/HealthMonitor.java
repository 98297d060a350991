package org.ilb.frontend;

import static org.onlab.util.Tools.groupedThreads;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HealthCheck;
import org.ilb.HealthState;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.dataplane.fabric.Fabric;
import org.ilb.dataplane.fabric.Place;
import org.ilb.dataplane.fabric.ProbeRules;
import org.ilb.dataplane.packet.Reset;
import org.ilb.dataplane.packet.Segment;
import org.ilb.dataplane.packet.TcpFrame;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Rules;
import org.ilb.health.ConnectionProbe;
import org.ilb.health.Finding;
import org.ilb.health.Judgement;
import org.ilb.health.ProbeSegment;
import org.ilb.health.Reaction;
import org.ilb.health.Rota;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.packet.DefaultOutboundPacket;
import org.onosproject.net.packet.InboundPacket;
import org.onosproject.net.packet.PacketService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes the servers through their own switches, and says who is up and who is down.
 *
 * <p>All of it happens on one thread of its own; {@link #take}, for the packet thread, sorts and hands over. What has to wait is
 * bounded: turns begin at no more than {@value #TURNS_PER_TICK} in {@value #TICK_MILLIS} ms, and answers that find the queue full
 * are lost. A server whose switch this node cannot send from is not judged: the silence may be the switch's.
 */
final class HealthMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);

    private static final int TICK_MILLIS = 20;
    private static final int TURNS_PER_TICK = 50;

    /** Whoever follows looks at every connection: once for all servers that change together. */
    private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int MAX_WAITING = 10_000;
    private static final int LAST_PORT = 65_535;

    private final PacketService packets;
    private final Fabric fabric;
    private final Predicate<DeviceId> reachable;
    private final Pools pools;
    private final Runnable changed;
    private final Tally tally;
    private final LongSupplier nanoTime;
    private final Supplier<Instant> wallClock;

    private final Rota rota = new Rota();
    /** Probes that wait for an answer, by their source port; those by ARP have none and are found by their server. */
    private final Map<Integer, Probe> byPort = new HashMap<>();

    private final Map<Endpoint, Probe> open = new LinkedHashMap<>();
    private final Map<Endpoint, Judgement> judgements = new HashMap<>();
    private int lastPort = LAST_PORT;
    private boolean untold;
    private long told;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile ImmutableMap<Endpoint, Checked> servers = ImmutableMap.of();
    /** Whom the answers that come up are from and to. */
    private volatile ImmutableSet<Endpoint> probed = ImmutableSet.of();

    private volatile ImmutableSet<Integer> probers = ImmutableSet.of();
    private ScheduledExecutorService executor;

    /**
     * Creates a monitor of nothing.
     *
     * @param packets sends frames
     * @param fabric knows where servers are
     * @param reachable whether frames can be sent from a switch
     * @param pools is told what was found
     * @param changed is called when servers went up or down, not too often; must return at once
     * @param tally counts
     * @param nanoTime a clock that only goes forward
     * @param wallClock the time of day
     */
    HealthMonitor(
            PacketService packets,
            Fabric fabric,
            Predicate<DeviceId> reachable,
            Pools pools,
            Runnable changed,
            Tally tally,
            LongSupplier nanoTime,
            Supplier<Instant> wallClock) {
        this.packets = packets;
        this.fabric = fabric;
        this.reachable = reachable;
        this.pools = pools;
        this.changed = changed;
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.wallClock = wallClock;
        this.told = nanoTime.getAsLong() - TELL_NANOS;
    }

    /** Begins to probe. Once only. */
    void start() {
        executor = Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/health", "prober", LOG));
        executor.scheduleWithFixedDelay(() -> guarded(this::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("A probe could not be handled", e);
        }
    }

    /** Takes another configuration; what is known of servers that go on being checked stays known. */
    void configure(FrontEnd frontEnd) {
        ImmutableMap.Builder<Endpoint, Checked> next = ImmutableMap.builder();
        for (Service service : frontEnd.services()) {
            service.health().ifPresent(check -> {
                Optional<IpAddress> prober = ProbeRules.prober(frontEnd, service);
                if (!prober.isPresent() && check.kind() != HealthCheck.Kind.ARP) {
                    LOG.warn(
                            "The servers of service {} are not checked: without a gateway or an ILB's address there is nobody to ask them",
                            service.name());
                    return;
                }
                for (Server server : service.allServers()) {
                    next.put(
                            server.endpoint(),
                            new Checked(
                                    service.name(),
                                    check,
                                    server.endpoint(),
                                    service.addressed(server.endpoint()),
                                    prober.orElse(null)));
                }
            });
        }
        ImmutableMap<Endpoint, Checked> all = next.build();
        executor.execute(() -> guarded(() -> configure(all)));
    }

    private void configure(ImmutableMap<Endpoint, Checked> all) {
        servers = all;
        probed = all.values().stream().map(one -> one.target).collect(ImmutableSet.toImmutableSet());
        probers = all.values().stream()
                .filter(one -> one.prober != null)
                .map(one -> one.prober.getIp4Address().toInt())
                .collect(ImmutableSet.toImmutableSet());
        Map<Endpoint, Long> intervals = new LinkedHashMap<>();
        all.forEach((server, one) -> intervals.put(server, one.check.interval().toNanos()));
        rota.configure(intervals, nanoTime.getAsLong());
        judgements.keySet().retainAll(all.keySet());
        judgements.replaceAll((server, judgement) -> judgement.under(all.get(server).check));
        pools.retain(all.keySet());
        for (Endpoint server : ImmutableSet.copyOf(open.keySet())) {
            if (!all.containsKey(server)) {
                forget(open.get(server));
            }
        }
    }

    /**
     * Takes a packet, if it answers a probe. For the packet thread: returns at once.
     *
     * @return whether it was one
     */
    boolean take(InboundPacket packet) {
        if (!Segment.mayBeTo(packet.unparsed(), probers::contains)) {
            return false;
        }
        Optional<Segment> read = Segment.parse(packet.unparsed())
                .filter(segment -> segment.key().destinationPort() >= Rules.FIRST_PROBE_PORT
                        && probers.contains(segment.key().destinationAddress())
                        && probed.contains(segment.key().source()));
        read.ifPresent(segment -> {
            if (waiting.incrementAndGet() > MAX_WAITING) {
                waiting.decrementAndGet();
                tally.add(Count.DROPPED_FULL);
                return;
            }
            try {
                executor.execute(() -> {
                    waiting.decrementAndGet();
                    guarded(() -> heard(packet.receivedFrom(), segment));
                });
            } catch (RejectedExecutionException e) {
                LOG.debug("Stopped", e);
            }
        });
        return read.isPresent();
    }

    private void tick() {
        long now = nanoTime.getAsLong();
        for (Probe probe : ImmutableSet.copyOf(open.values())) {
            look(probe, now);
        }
        for (Endpoint server : rota.takeDue(now, TURNS_PER_TICK)) {
            Probe unfinished = open.get(server);
            if (unfinished != null) {
                late(unfinished);
            }
            begin(servers.get(server), now);
        }
        if (untold && now - told >= TELL_NANOS) {
            untold = false;
            told = now;
            changed.run();
        }
    }

    private void look(Probe probe, long now) {
        if (probe.connection == null) {
            long asked = TimeUnit.NANOSECONDS.toMillis(now - probe.begun);
            if (fabric.heard(probe.checked.server).filter(ago -> ago <= asked).isPresent()) {
                forget(probe);
                found(probe.checked, Finding.good("answers ARP"));
                return;
            }
        }
        if (now - probe.begun >= probe.checked.check.timeout().toNanos()) {
            late(probe);
        }
    }

    private void late(Probe probe) {
        if (probe.connection != null) {
            react(probe, probe.connection.late());
        } else {
            forget(probe);
            found(
                    probe.checked,
                    Finding.bad("no ARP answer within "
                            + probe.checked.check.timeout().toMillis() + " ms"));
        }
    }

    private void begin(Checked checked, long now) {
        Optional<Place> place = fabric.serverPlace(checked.server);
        if (!place.isPresent()) {
            if (fabric.knowsServers()) {
                found(checked, Finding.bad("nobody has that address"));
            }
            return;
        }
        if (!reachable.test(place.get().location().deviceId())) {
            return;
        }
        if (checked.check.kind() == HealthCheck.Kind.ARP) {
            open.put(checked.server, new Probe(checked, place.get(), 0, null, now));
            fabric.ask(checked.server);
            return;
        }
        int port = freePort();
        ConnectionProbe connection = new ConnectionProbe(
                checked.check,
                checked.target.toString(),
                ThreadLocalRandom.current().nextInt());
        Probe probe = new Probe(checked, place.get(), port, connection, now);
        open.put(checked.server, probe);
        byPort.put(port, probe);
        send(probe, connection.opening());
    }

    /** The ports take turns, so that a late answer finds its probe gone rather than another in its place. */
    private int freePort() {
        do {
            lastPort = lastPort == LAST_PORT ? Rules.FIRST_PROBE_PORT : lastPort + 1;
        } while (byPort.containsKey(lastPort) && byPort.size() <= LAST_PORT - Rules.FIRST_PROBE_PORT);
        return lastPort;
    }

    private void send(Probe probe, ProbeSegment segment) {
        MacAddress mac = FabricMac.of(probe.checked.prober);
        TcpFrame frame = new TcpFrame(
                mac, probe.place.mac(), Endpoint.of(probe.checked.prober, probe.port), probe.checked.target);
        emit(
                probe.place.location(),
                frame.write(
                        segment.flags(),
                        segment.sequence(),
                        segment.acknowledgement(),
                        ConnectionProbe.WINDOW,
                        segment.payload()));
    }

    private void emit(ConnectPoint port, ByteBuffer frame) {
        packets.emit(new DefaultOutboundPacket(
                port.deviceId(),
                DefaultTrafficTreatment.builder().setOutput(port.port()).build(),
                frame));
    }

    private void heard(ConnectPoint at, Segment segment) {
        Probe probe = byPort.get(segment.key().destinationPort());
        if (probe == null
                || !probe.checked.target.equals(segment.key().source())
                || !probe.place.location().equals(at)) {
            // Of a probe that is over: the server need not keep what it has of it.
            Reset.answering(segment).ifPresent(frame -> emit(at, frame));
            return;
        }
        react(
                probe,
                probe.connection.heard(new ProbeSegment(
                        segment.flags(), segment.sequence(), segment.acknowledgement(), segment.payload())));
    }

    private void react(Probe probe, Reaction reaction) {
        reaction.answer().ifPresent(answer -> send(probe, answer));
        reaction.finding().ifPresent(finding -> {
            forget(probe);
            found(probe.checked, finding);
        });
    }

    private void forget(Probe probe) {
        open.remove(probe.checked.server, probe);
        byPort.remove(probe.port, probe);
    }

    private void found(Checked checked, Finding finding) {
        Judgement before = judgements.getOrDefault(checked.server, Judgement.none(checked.check));
        Judgement after = before.after(finding, wallClock.get());
        judgements.put(checked.server, after);
        pools.found(checked.server, after.health());
        if (after.state() == before.state()) {
            return;
        }
        boolean up = after.state() == HealthState.UP;
        tally.add(up ? Count.SERVERS_UP : Count.SERVERS_DOWN);
        tally.meters().judged(checked.server);
        LOG.info(
                "Server {} of service {} is {}: {}",
                checked.server,
                checked.service,
                up ? "up" : "down",
                finding.reason());
        untold = true;
    }

    /** What is to be known of a server to probe it. Immutable. */
    private static final class Checked {

        private final String service;
        private final HealthCheck check;
        private final Endpoint server;
        private final Endpoint target;
        private final IpAddress prober;

        Checked(String service, HealthCheck check, Endpoint server, Endpoint target, IpAddress prober) {
            this.service = service;
            this.check = check;
            this.server = server;
            this.target = target;
            this.prober = prober;
        }
    }

    /** A probe that waits for an answer. */
    private static final class Probe {

        private final Checked checked;
        private final Place place;
        private final int port;
        private final ConnectionProbe connection;
        private final long begun;

        Probe(Checked checked, Place place, int port, ConnectionProbe connection, long begun) {
            this.checked = checked;
            this.place = place;
            this.port = port;
            this.connection = connection;
            this.begun = begun;
        }
    }
}
