package org.ilb.dataplane.fabric;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.google.common.collect.ImmutableSet;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.flags.FlagRules;
import org.onlab.packet.ChassisId;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.mastership.MastershipService;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DefaultDevice;
import org.onosproject.net.DefaultLink;
import org.onosproject.net.DefaultPort;
import org.onosproject.net.Device;
import org.onosproject.net.DeviceId;
import org.onosproject.net.Link;
import org.onosproject.net.Port;
import org.onosproject.net.device.DeviceEvent;
import org.onosproject.net.device.DeviceListener;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.flow.instructions.Instructions.OutputInstruction;
import org.onosproject.net.packet.OutboundPacket;
import org.onosproject.net.packet.PacketService;
import org.onosproject.net.provider.ProviderId;
import org.onosproject.net.topology.TopologyEdge;
import org.onosproject.net.topology.TopologyEvent;
import org.onosproject.net.topology.TopologyGraph;
import org.onosproject.net.topology.TopologyListener;
import org.onosproject.net.topology.TopologyService;

/** ONOS's view of a network that a test can change, and what was sent into it. */
final class FakeNetwork {

    static final ApplicationId APP = new DefaultApplicationId(42, "org.ilb");

    /** A frame that was sent out of a port. */
    static final class Sent {
        final ConnectPoint port;
        final ArpMessage message;

        Sent(ConnectPoint port, ArpMessage message) {
            this.port = port;
            this.message = message;
        }

        @Override
        public String toString() {
            return message + " out of " + port;
        }
    }

    /** What a run left to the next. */
    volatile String left = "";

    private final KnowledgeStore memory = new KnowledgeStore() {
        @Override
        public CompletableFuture<String> read() {
            return CompletableFuture.completedFuture(left);
        }

        @Override
        public void write(String text) {
            left = text;
        }

        @Override
        public CompletableFuture<Void> destroy() {
            left = "";
            return CompletableFuture.completedFuture(null);
        }
    };

    final Map<DeviceId, Set<FlagRule>> flags = new ConcurrentHashMap<>();
    final FakeFlowRules flows = new FakeFlowRules();
    final DeviceService devices = mock(DeviceService.class);
    final TopologyService topology = mock(TopologyService.class);
    final MastershipService mastership = mock(MastershipService.class);
    final PacketService packets = mock(PacketService.class);
    final List<Sent> sent = Collections.synchronizedList(new ArrayList<>());

    private final Map<DeviceId, Set<Long>> ports = new ConcurrentHashMap<>();
    private final Set<DeviceId> available = ConcurrentHashMap.newKeySet();
    private final Set<ConnectPoint> down = ConcurrentHashMap.newKeySet();
    private final Set<Cable> cables = ConcurrentHashMap.newKeySet();
    private final List<DeviceListener> deviceListeners = new CopyOnWriteArrayList<>();
    private final List<TopologyListener> topologyListeners = new CopyOnWriteArrayList<>();

    FakeNetwork() {
        when(devices.getAvailableDevices())
                .thenAnswer(call -> available.stream().map(FakeNetwork::device).collect(Collectors.toList()));
        when(devices.isAvailable(any())).thenAnswer(call -> available.contains(call.<DeviceId>getArgument(0)));
        when(devices.getDevice(any())).thenAnswer(call -> device(call.getArgument(0)));
        when(devices.getPorts(any())).thenAnswer(call -> portsOf(call.getArgument(0)));
        when(devices.getPort(any(), any())).thenAnswer(call -> portsOf(call.getArgument(0)).stream()
                .filter(port -> port.number().equals(call.getArgument(1)))
                .findFirst()
                .orElse(null));
        doAnswer(call -> deviceListeners.add(call.getArgument(0))).when(devices).addListener(any());
        doAnswer(call -> deviceListeners.remove(call.<DeviceListener>getArgument(0)))
                .when(devices)
                .removeListener(any());
        when(mastership.isLocalMaster(any())).thenReturn(true);
        TopologyGraph graph = mock(TopologyGraph.class);
        when(topology.getGraph(any())).thenReturn(graph);
        when(graph.getEdges()).thenAnswer(call -> edges());
        doAnswer(call -> topologyListeners.add(call.getArgument(0)))
                .when(topology)
                .addListener(any());
        doAnswer(call -> topologyListeners.remove(call.<TopologyListener>getArgument(0)))
                .when(topology)
                .removeListener(any());
        doAnswer(call -> note(call.getArgument(0))).when(packets).emit(any());
    }

    Fabric fabric() {
        return fabric(Duration.ofSeconds(2));
    }

    /** A fabric that waits so long for a switch to confirm. */
    Fabric fabric(Duration patience) {
        FlagRules keeper = new FlagRules() {
            @Override
            public void keep(Map<DeviceId, Set<FlagRule>> kept) {
                flags.clear();
                flags.putAll(kept);
            }

            @Override
            public CompletableFuture<Boolean> confirm(DeviceId device) {
                return CompletableFuture.completedFuture(true);
            }
        };
        return new Fabric(APP, flows, packets, devices, topology, mastership, keeper, memory, patience);
    }

    void connect(DeviceId device, long... numbers) {
        Set<Long> all = new HashSet<>();
        for (long number : numbers) {
            all.add(number);
        }
        ports.put(device, all);
        available.add(device);
        post(new DeviceEvent(DeviceEvent.Type.DEVICE_AVAILABILITY_CHANGED, device(device)));
    }

    void disconnect(DeviceId device) {
        available.remove(device);
        Set<Cable> left = cables.stream()
                .filter(cable -> !cable.source().deviceId().equals(device)
                        && !cable.destination().deviceId().equals(device))
                .collect(Collectors.toSet());
        post(new DeviceEvent(DeviceEvent.Type.DEVICE_AVAILABILITY_CHANGED, device(device)));
        wire(left);
    }

    void setPort(ConnectPoint port, boolean up) {
        if (up) {
            down.remove(port);
        } else {
            down.add(port);
        }
        post(new DeviceEvent(DeviceEvent.Type.PORT_UPDATED, device(port.deviceId())));
    }

    void wire(Set<Cable> links) {
        cables.retainAll(links);
        cables.addAll(links);
        topologyListeners.forEach(listener ->
                listener.event(new TopologyEvent(TopologyEvent.Type.TOPOLOGY_CHANGED, null, Collections.emptyList())));
    }

    private void post(DeviceEvent event) {
        deviceListeners.forEach(listener -> listener.event(event));
    }

    private Void note(OutboundPacket packet) {
        ConnectPoint port = new ConnectPoint(
                packet.sendThrough(),
                ((OutputInstruction) packet.treatment().immediate().get(0)).port());
        ByteBuffer data = packet.data();
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        sent.add(new Sent(port, ArpMessage.read(ArpMessageTest.parse(bytes)).orElseThrow()));
        return null;
    }

    private Set<TopologyEdge> edges() {
        Set<TopologyEdge> edges = new HashSet<>();
        for (Cable cable : ImmutableSet.copyOf(cables)) {
            Link link = DefaultLink.builder()
                    .providerId(ProviderId.NONE)
                    .src(cable.source())
                    .dst(cable.destination())
                    .type(Link.Type.DIRECT)
                    .build();
            TopologyEdge edge = mock(TopologyEdge.class);
            when(edge.link()).thenReturn(link);
            edges.add(edge);
        }
        return edges;
    }

    private List<Port> portsOf(DeviceId device) {
        Map<Long, Port> known = new HashMap<>();
        ports.getOrDefault(device, ImmutableSet.of()).forEach(number -> {
            ConnectPoint at = new ConnectPoint(device, org.onosproject.net.PortNumber.portNumber(number));
            boolean up = available.contains(device) && !down.contains(at);
            known.put(number, new DefaultPort(device(device), at.port(), up));
        });
        return new ArrayList<>(known.values());
    }

    private static Device device(DeviceId id) {
        return new DefaultDevice(ProviderId.NONE, id, Device.Type.SWITCH, "", "", "", "", new ChassisId());
    }
}
