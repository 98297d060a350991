package org.ilb.frontend;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.association.LocalAssociationStore;
import org.ilb.connection.Ending;
import org.ilb.dataplane.fabric.BucketRoute;
import org.ilb.dataplane.fabric.BucketTable;
import org.ilb.dataplane.fabric.Fabric;
import org.ilb.dataplane.fabric.Place;
import org.ilb.dataplane.packet.Segment;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Pipeline;
import org.onlab.packet.Ethernet;
import org.onlab.packet.IPv4;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onlab.packet.TCP;
import org.onlab.packet.TpPort;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperation;
import org.onosproject.net.flow.FlowRuleOperations;
import org.onosproject.net.flow.FlowRuleServiceAdapter;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.flow.instructions.Instructions;
import org.onosproject.net.packet.OutboundPacket;
import org.onosproject.net.packet.PacketServiceAdapter;
import org.slf4j.LoggerFactory;

/**
 * Switches that put rules and send packets when they are told to, under a function with its real parts. Thread-safe.
 */
final class TestSwitches implements AutoCloseable {

    static final PortNumber INGRESS = PortNumber.portNumber(1);
    private static final PortNumber EGRESS = PortNumber.portNumber(2);
    private static final MacAddress ROUTER = MacAddress.valueOf("00:00:00:00:00:fe");
    private static final MacAddress SERVER = MacAddress.valueOf("00:00:00:00:00:0b");

    private final LocalAssociationStore store = new LocalAssociationStore();
    private final Tally tally = new Tally();
    private final Stripes stripes = new Stripes(2, LoggerFactory.getLogger(TestSwitches.class));
    private final AtomicLong now = new AtomicLong();
    private final Flows flows = new Flows();
    private final List<Sent> sent = new ArrayList<>();
    /** What waits for the control thread, which is the test's own. */
    private final Queue<Runnable> control = new ConcurrentLinkedQueue<>();

    private final Map<IlbId, Map<Endpoint, BucketTable>> buckets = new ConcurrentHashMap<>();
    private final List<CompletableFuture<Void>> bucketsWaiting = new ArrayList<>();
    private boolean bucketsHeld;
    private final FrontEndFunction function;

    TestSwitches() {
        Fabric fabric = mock(Fabric.class);
        when(fabric.serverPlace(any()))
                .thenReturn(Optional.of(new Place(SERVER, ConnectPoint.deviceConnectPoint("of:000000000000000b/1"))));
        when(fabric.egress(any(), any(), any())).thenReturn(Optional.of(EGRESS));
        when(fabric.exact(any(), any(), any(), any()))
                .thenAnswer(call -> Optional.of(exact(call.getArgument(0), call.getArgument(1), call.getArgument(2))));
        when(fabric.relay(any(), any(), any(), any()))
                .thenAnswer(call -> Optional.of(relay(call.getArgument(0), call.getArgument(1), call.getArgument(2))));
        when(fabric.buckets(any(), any())).thenAnswer(call -> tell(call.getArgument(0), call.getArgument(1)));
        PacketServiceAdapter packets = new PacketServiceAdapter() {
            @Override
            public void emit(OutboundPacket packet) {
                synchronized (sent) {
                    sent.add(new Sent(packet));
                }
            }
        };
        function = new FrontEndFunction(
                store,
                fabric,
                new RuleInstaller(flows),
                new RuleCounts(flows, now::get, () -> TimeUnit.NANOSECONDS.toMillis(now.get())),
                new Release(packets, fabric),
                stripes,
                tally,
                now::get,
                control::add,
                device -> true,
                () -> true,
                new Pools(() -> Instant.EPOCH.plusNanos(now.get())));
    }

    private synchronized CompletableFuture<Void> tell(IlbId ilb, Map<Endpoint, BucketTable> tables) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        buckets.put(ilb, tables);
        if (bucketsHeld) {
            bucketsWaiting.add(done);
        } else {
            done.complete(null);
        }
        return done;
    }

    /** Where an ILB sends the buckets of the service, by their bits of the client's port. */
    Map<Integer, BucketRoute> buckets(Ilb ilb) {
        return buckets.get(ilb.id()).get(TestFrontEnd.SERVICE).routes();
    }

    /** Lets switches acknowledge the rules of buckets, or not. */
    synchronized void holdBuckets(boolean held) {
        bucketsHeld = held;
        if (!held) {
            bucketsWaiting.forEach(waiting -> waiting.complete(null));
            bucketsWaiting.clear();
        }
    }

    private void runControl() {
        for (Runnable task = control.poll(); task != null; task = control.poll()) {
            task.run();
        }
    }

    private static FlowRule exact(DeviceId device, FlowKey key, Endpoint server) {
        return rule(
                device,
                key,
                DefaultTrafficTreatment.builder().setIpDst(server.address()).build());
    }

    private static FlowRule relay(DeviceId device, FlowKey key, IlbId owner) {
        return rule(
                device,
                key,
                DefaultTrafficTreatment.builder().setEthDst(mac(owner)).build());
    }

    /** Stands for the owner's MAC address. */
    private static MacAddress mac(IlbId owner) {
        return MacAddress.valueOf(owner.hashCode() & 0xffffffffL);
    }

    private static FlowRule rule(DeviceId device, FlowKey key, TrafficTreatment treatment) {
        return DefaultFlowRule.builder()
                .forDevice(device)
                .forTable(Pipeline.SERVICE_TABLE)
                .withPriority(Pipeline.EXACT_PRIORITY)
                .withSelector(DefaultTrafficSelector.builder()
                        .matchIPSrc(key.source().address().toIpPrefix())
                        .matchIPDst(key.destination().address().toIpPrefix())
                        .matchTcpSrc(TpPort.tpPort(key.sourcePort()))
                        .matchTcpDst(TpPort.tpPort(key.destinationPort()))
                        .build())
                .withTreatment(treatment)
                .fromApp(new DefaultApplicationId(1, "org.ilb"))
                .makeTemporary(60)
                .build();
    }

    FrontEndFunction function() {
        return function;
    }

    LocalAssociationStore store() {
        return store;
    }

    /** Lets a switch copy a FIN or an RST. */
    void end(Ending ending) {
        function.path().ending(ending);
    }

    /** Lets the function do what is due, until nothing more comes of it. */
    void tick() {
        for (int round = 0; round < 6; round++) {
            function.tick();
            settle();
        }
        function.tick();
    }

    boolean hasRule(Ilb ilb, FlowKey key, Endpoint server) {
        FlowRule wanted = exact(ilb.device(), key, server);
        return flows.standingLike(wanted)
                .filter(rule -> rule.treatment().equals(wanted.treatment()))
                .isPresent();
    }

    boolean isRelayed(Ilb ilb, FlowKey key) {
        return relayedTo(ilb, key) != null;
    }

    /** The ILB that another's rule of a connection relays to, or null. */
    IlbId relayedTo(Ilb ilb, FlowKey key) {
        for (Ilb owner : function.enrolment().frontEnd().ilbs()) {
            FlowRule wanted = relay(ilb.device(), key, owner.id());
            if (flows.standingLike(wanted)
                    .filter(rule -> rule.treatment().equals(wanted.treatment()))
                    .isPresent()) {
                return owner.id();
            }
        }
        return null;
    }

    long count(Count count) {
        return tally.get(count);
    }

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    /** Lets a segment of a client to the service come up from an ILB's switch. */
    void arrive(Ilb ilb, Endpoint client, int flags, int sequence) {
        TCP tcp = new TCP();
        tcp.setSourcePort(client.port())
                .setDestinationPort(TestFrontEnd.SERVICE.port())
                .setSequence(sequence)
                .setFlags((short) flags);
        IPv4 ip = new IPv4();
        ip.setSourceAddress(client.address().getIp4Address().toInt())
                .setDestinationAddress(
                        TestFrontEnd.SERVICE.address().getIp4Address().toInt())
                .setProtocol(IPv4.PROTOCOL_TCP)
                .setTtl((byte) 64)
                .setPayload(tcp);
        Ethernet frame = new Ethernet();
        frame.setSourceMACAddress(ROUTER)
                .setDestinationMACAddress(FabricMac.of(ilb))
                .setEtherType(Ethernet.TYPE_IPV4)
                .setPayload(ip);
        Segment segment = Segment.parse(ByteBuffer.wrap(frame.serialize())).orElseThrow(IllegalStateException::new);
        function.path().accept(new Arrival(ilb, INGRESS, function.enrolment().service(segment.key()), segment));
    }

    void holdRules(boolean held) {
        flows.hold(held);
    }

    void confirmRules() {
        flows.confirm();
    }

    void refuseRules(boolean refused) {
        flows.refuse(refused);
    }

    /** Lets every rule expire, as ONOS does with idle ones. */
    void expireRules() {
        for (FlowRule rule : flows.takeAll()) {
            FlowKey key = FlowKey.of(
                    TestFrontEnd.SERVICE,
                    Endpoint.of(
                            ((org.onosproject.net.flow.criteria.IPCriterion) rule.selector()
                                            .getCriterion(org.onosproject.net.flow.criteria.Criterion.Type.IPV4_SRC))
                                    .ip()
                                    .address(),
                            ((org.onosproject.net.flow.criteria.TcpPortCriterion) rule.selector()
                                            .getCriterion(org.onosproject.net.flow.criteria.Criterion.Type.TCP_SRC))
                                    .tcpPort()
                                    .toInt()));
            function.path()
                    .ruleRemoved(function.enrolment().ilb(rule.deviceId()).id(), key, rule);
        }
    }

    int rulesPut() {
        return flows.puts();
    }

    int rulesStanding() {
        return flows.standing();
    }

    List<Sent> sent() {
        synchronized (sent) {
            return ImmutableList.copyOf(sent);
        }
    }

    /** Waits until all that has been asked of the stripes is done, and what that asked of them. */
    void settle() {
        for (int round = 0; round < 6; round++) {
            stripes.barrier().orTimeout(5, TimeUnit.SECONDS).join();
            runControl();
        }
    }

    void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "it did not come to that; counted " + tally.snapshot().values());
            }
            runControl();
            function.tick();
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        stripes.close();
    }

    /** A frame that was sent out of a switch. */
    static final class Sent {

        private final OutboundPacket packet;
        private final Segment segment;

        Sent(OutboundPacket packet) {
            this.packet = packet;
            this.segment = Segment.parse(packet.data()).orElseThrow(IllegalStateException::new);
        }

        DeviceId device() {
            return packet.sendThrough();
        }

        PortNumber inPort() {
            return packet.inPort();
        }

        PortNumber outPort() {
            return ((Instructions.OutputInstruction)
                            packet.treatment().allInstructions().get(0))
                    .port();
        }

        Endpoint destination() {
            return segment.key().destination();
        }

        int sequence() {
            return segment.sequence();
        }

        boolean isReset() {
            return segment.isReset();
        }

        /** The connection that a forwarded segment belongs to. */
        FlowKey key(FrontEnd frontEnd) {
            return FlowKey.of(
                    frontEnd.services().get(0).endpoint(), segment.key().source());
        }

        IpAddress source() {
            return segment.key().source().address();
        }
    }

    /** A flow rule service whose barriers are answered when it is told to. */
    private static final class Flows extends FlowRuleServiceAdapter {

        private final List<FlowRuleOperations> waiting = new ArrayList<>();
        private final Set<FlowRule> standing = new HashSet<>();
        private boolean held;
        private boolean refused;
        private int puts;

        @Override
        public void apply(FlowRuleOperations operations) {
            synchronized (this) {
                if (operations.stages().get(0).stream()
                        .anyMatch(operation -> operation.type() == FlowRuleOperation.Type.ADD)) {
                    puts++;
                }
                if (held) {
                    waiting.add(operations);
                    return;
                }
            }
            answer(operations);
        }

        private void answer(FlowRuleOperations operations) {
            boolean failed;
            synchronized (this) {
                failed = refused;
                for (FlowRuleOperation operation : operations.stages().get(0)) {
                    if (operation.type() == FlowRuleOperation.Type.REMOVE) {
                        standing.remove(operation.rule());
                    } else if (!failed) {
                        standing.remove(operation.rule());
                        standing.add(operation.rule());
                    }
                }
            }
            if (operations.callback() != null) {
                if (failed) {
                    operations.callback().onError(operations);
                } else {
                    operations.callback().onSuccess(operations);
                }
            }
        }

        void hold(boolean hold) {
            synchronized (this) {
                held = hold;
            }
            if (!hold) {
                confirm();
            }
        }

        void confirm() {
            List<FlowRuleOperations> answered;
            synchronized (this) {
                answered = new ArrayList<>(waiting);
                waiting.clear();
            }
            answered.forEach(this::answer);
        }

        synchronized void refuse(boolean refuse) {
            refused = refuse;
        }

        synchronized int puts() {
            return puts;
        }

        synchronized int standing() {
            return standing.size();
        }

        synchronized Optional<FlowRule> standingLike(FlowRule wanted) {
            return standing.stream().filter(wanted::equals).findFirst();
        }

        synchronized List<FlowRule> takeAll() {
            List<FlowRule> all = new ArrayList<>(standing);
            standing.clear();
            return all;
        }
    }
}
