package org.ilb.controller.openflow.link;

import static org.onlab.util.Tools.groupedThreads;

import com.google.common.collect.ImmutableList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.onlab.packet.Ethernet;
import org.onosproject.cluster.ClusterMetadataService;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.CoreService;
import org.onosproject.mastership.MastershipEvent;
import org.onosproject.mastership.MastershipListener;
import org.onosproject.mastership.MastershipService;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.Device;
import org.onosproject.net.DeviceId;
import org.onosproject.net.Link;
import org.onosproject.net.LinkKey;
import org.onosproject.net.Port;
import org.onosproject.net.PortNumber;
import org.onosproject.net.device.DeviceEvent;
import org.onosproject.net.device.DeviceListener;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.link.DefaultLinkDescription;
import org.onosproject.net.link.LinkDescription;
import org.onosproject.net.link.LinkProviderRegistry;
import org.onosproject.net.link.LinkProviderService;
import org.onosproject.net.link.ProbedLinkProvider;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketPriority;
import org.onosproject.net.packet.PacketProcessor;
import org.onosproject.net.packet.PacketService;
import org.onosproject.net.provider.AbstractProvider;
import org.onosproject.net.provider.ProviderId;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link provider: probes the ports of the switches that this node masters, and tells the core which links the probes find.
 *
 * <p>Thread-safe. Events and timers run on one thread, probes come in on the threads of the switches.
 */
@Component(
        immediate = true,
        service = {})
public final class ProbedLinks extends AbstractProvider implements ProbedLinkProvider {

    private static final Logger LOG = LoggerFactory.getLogger(ProbedLinks.class);

    private static final String NAME = "org.onosproject.provider.lldp";
    private static final ImmutableList<Short> ETHER_TYPES = ImmutableList.of(Ethernet.TYPE_LLDP, Ethernet.TYPE_BSN);

    private static final long PROBE_MILLIS = 3_000;
    private static final long SYNC_MILLIS = 5_000;
    private static final long PRUNE_MILLIS = 3_000;
    private static final long STALE_MILLIS = 10_000;

    @Reference
    private LinkProviderRegistry registry;

    @Reference
    private CoreService coreService;

    @Reference
    private DeviceService devices;

    @Reference
    private PacketService packets;

    @Reference
    private MastershipService mastership;

    @Reference
    private ClusterMetadataService cluster;

    private final PacketProcessor processor = this::process;
    private final DeviceListener deviceListener = event -> later(() -> handle(event));
    private final MastershipListener roleListener = this::roleChanged;
    private final ProbedPorts ports = new ProbedPorts();

    /** When each link was last seen, by {@link System#nanoTime}. Only links that end at a switch of ours. */
    private final Map<LinkKey, Long> seen = new ConcurrentHashMap<>();

    private Probes probes;
    private ApplicationId appId;
    private ScheduledExecutorService thread;
    private volatile LinkProviderService core;

    /** Created by OSGi. */
    public ProbedLinks() {
        super(new ProviderId("lldp", NAME));
    }

    @Activate
    void activate() {
        appId = coreService.registerApplication(NAME);
        probes = new Probes(cluster);
        thread = Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/openflow", "links-%d", LOG));
        core = registry.register(this);
        mastership.addListener(roleListener);
        devices.addListener(deviceListener);
        packets.addProcessor(processor, PacketProcessor.advisor(0));
        every(PROBE_MILLIS, 0, this::probe);
        every(SYNC_MILLIS, 0, this::sync);
        every(PRUNE_MILLIS, PRUNE_MILLIS, this::prune);
        ETHER_TYPES.forEach(type -> packets.requestPackets(ofType(type), PacketPriority.CONTROL, appId));
        LOG.info("Started");
    }

    @Deactivate
    void deactivate() {
        ETHER_TYPES.forEach(type -> packets.cancelPackets(ofType(type), PacketPriority.CONTROL, appId));
        packets.removeProcessor(processor);
        devices.removeListener(deviceListener);
        mastership.removeListener(roleListener);
        thread.shutdownNow();
        registry.unregister(this);
        core = null;
        LOG.info("Stopped");
    }

    private static TrafficSelector ofType(short etherType) {
        return DefaultTrafficSelector.builder().matchEthType(etherType).build();
    }

    private void every(long millis, long delay, Runnable task) {
        thread.scheduleWithFixedDelay(() -> guarded(task), delay, millis, TimeUnit.MILLISECONDS);
    }

    private void later(Runnable task) {
        if (!thread.isShutdown()) {
            thread.execute(() -> guarded(task));
        }
    }

    /** An exception would end a schedule. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("Link discovery failed", e);
        }
    }

    private void process(PacketContext context) {
        if (context.isHandled() || !Probes.isCandidate(context.inPacket())) {
            return;
        }
        LinkProviderService service = core;
        if (service == null
                || !ports.devices().contains(context.inPacket().receivedFrom().deviceId())) {
            return;
        }
        Probes.read(context.inPacket()).ifPresent(probe -> {
            try {
                probes.linkOf(probe, context.inPacket()).ifPresent(link -> detected(link, service));
            } catch (IllegalArgumentException | IllegalStateException e) {
                LOG.warn(
                        "Probe received at {} makes no link", context.inPacket().receivedFrom(), e);
            }
            context.block(); // nobody else's business, whatever became of it
        });
    }

    private void detected(LinkDescription link, LinkProviderService service) {
        service.linkDetected(link);
        seen.put(LinkKey.linkKey(link.src(), link.dst()), System.nanoTime());
    }

    private void probe() {
        ports.devices().forEach(id -> {
            Device device = devices.getDevice(id);
            if (device != null && mastership.isLocalMaster(id)) {
                ports.forEach(id, (port, name) -> send(device, port, name));
            }
        });
    }

    private void send(Device device, PortNumber port, String name) {
        probes.of(device, port, name).forEach(packets::emit);
    }

    /** Catches up with what events may have missed. */
    private void sync() {
        devices.getAvailableDevices().forEach(this::update);
    }

    private void prune() {
        seen.forEach((link, when) -> {
            boolean stale = System.nanoTime() - when > TimeUnit.MILLISECONDS.toNanos(STALE_MILLIS);
            if (!mastership.isLocalMaster(link.dst().deviceId())) {
                seen.remove(link, when);
            } else if (stale && seen.remove(link, when)) {
                core.linkVanished(new DefaultLinkDescription(link.src(), link.dst(), Link.Type.DIRECT));
            }
        });
    }

    private void roleChanged(MastershipEvent event) {
        if (event.type() == MastershipEvent.Type.MASTER_CHANGED) {
            later(() -> {
                Device device = devices.getDevice(event.subject());
                if (device != null) {
                    update(device);
                }
            });
        }
    }

    private void handle(DeviceEvent event) {
        Device device = event.subject();
        DeviceId id = device.id();
        switch (event.type()) {
            case DEVICE_ADDED:
            case DEVICE_UPDATED:
                update(device);
                break;
            case PORT_ADDED:
            case PORT_UPDATED:
                if (event.port().isEnabled()) {
                    update(device);
                } else {
                    gone(new ConnectPoint(id, event.port().number()));
                }
                break;
            case PORT_REMOVED:
                gone(new ConnectPoint(id, event.port().number()));
                break;
            case DEVICE_AVAILABILITY_CHANGED:
                if (devices.isAvailable(id)) {
                    update(device);
                } else {
                    gone(id);
                }
                break;
            case DEVICE_REMOVED:
            case DEVICE_SUSPENDED:
                gone(id);
                break;
            default: // statistics
        }
    }

    private void update(Device device) {
        if (!mastership.isLocalMaster(device.id())) {
            ports.remove(device.id());
            return;
        }
        for (Port port : devices.getPorts(device.id())) {
            if (port.number().isLogical()) {
                continue;
            }
            if (!port.isEnabled()) {
                ports.remove(new ConnectPoint(device.id(), port.number()));
            } else if (ports.add(port)) {
                ports.forEach(device.id(), (number, name) -> {
                    if (number.equals(port.number())) {
                        send(device, number, name);
                    }
                });
            }
        }
    }

    private void gone(ConnectPoint port) {
        ports.remove(port);
        core.linksVanished(port);
    }

    private void gone(DeviceId device) {
        ports.remove(device);
        core.linksVanished(device);
    }
}
