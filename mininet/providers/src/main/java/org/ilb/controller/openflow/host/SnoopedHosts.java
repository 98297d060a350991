package org.ilb.controller.openflow.host;

import static org.onlab.util.Tools.groupedThreads;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ilb.controller.openflow.DeviceIds;
import org.onlab.packet.Ethernet;
import org.onlab.packet.VlanId;
import org.onlab.util.PredictableExecutor;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.CoreService;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.Host;
import org.onosproject.net.HostId;
import org.onosproject.net.HostLocation;
import org.onosproject.net.device.DeviceEvent;
import org.onosproject.net.device.DeviceListener;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.host.HostDescription;
import org.onosproject.net.host.HostProvider;
import org.onosproject.net.host.HostProviderRegistry;
import org.onosproject.net.host.HostProviderService;
import org.onosproject.net.host.HostService;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketPriority;
import org.onosproject.net.packet.PacketProcessor;
import org.onosproject.net.packet.PacketService;
import org.onosproject.net.provider.AbstractProvider;
import org.onosproject.net.provider.ProviderId;
import org.onosproject.net.topology.TopologyService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The host provider: tells the core where hosts are, from the packets that reach the controller. Thread-safe. */
@Component(
        immediate = true,
        service = {})
public final class SnoopedHosts extends AbstractProvider implements HostProvider {

    private static final Logger LOG = LoggerFactory.getLogger(SnoopedHosts.class);

    private static final String NAME = "org.onosproject.provider.host";
    private static final TrafficSelector ARP =
            DefaultTrafficSelector.builder().matchEthType(Ethernet.TYPE_ARP).build();

    /** As many as there are processors. */
    private static final int WORKERS = 0;

    @Reference
    private HostProviderRegistry registry;

    @Reference
    private CoreService coreService;

    @Reference
    private PacketService packets;

    @Reference
    private DeviceService devices;

    @Reference
    private HostService hosts;

    @Reference
    private TopologyService topology;

    private final PacketProcessor processor = this::process;
    private final DeviceListener deviceListener = event -> events(event);
    private ApplicationId appId;
    private PredictableExecutor workers;
    private ExecutorService thread;
    private volatile HostProviderService core;

    /** Created by OSGi. */
    public SnoopedHosts() {
        super(new ProviderId(DeviceIds.SCHEME, NAME));
    }

    @Activate
    void activate() {
        appId = coreService.registerApplication(NAME);
        workers = new PredictableExecutor(WORKERS, groupedThreads("ilb/openflow", "hosts-%d", LOG));
        thread = Executors.newSingleThreadExecutor(groupedThreads("ilb/openflow", "host-events-%d", LOG));
        core = registry.register(this);
        packets.addProcessor(processor, PacketProcessor.advisor(1));
        devices.addListener(deviceListener);
        packets.requestPackets(ARP, PacketPriority.CONTROL, appId);
        LOG.info("Started");
    }

    @Deactivate
    void deactivate() {
        packets.cancelPackets(ARP, PacketPriority.CONTROL, appId);
        devices.removeListener(deviceListener);
        packets.removeProcessor(processor);
        registry.unregister(this);
        core = null;
        workers.shutdown();
        thread.shutdown();
        LOG.info("Stopped");
    }

    /** Does nothing, as stock: probing is the core's. */
    @Override
    public void triggerProbe(Host host) {}

    private void process(PacketContext context) {
        Ethernet frame = context.inPacket().parsed();
        if (frame == null) {
            return;
        }
        ConnectPoint port = context.inPacket().receivedFrom();
        // one worker for each host, so that what it sends is seen in order
        workers.execute(() -> learn(frame, port), frame.getSourceMAC().hashCode());
    }

    private void learn(Ethernet frame, ConnectPoint port) {
        HostProviderService service = core;
        if (service == null || port.port().isLogical() || topology.isInfrastructure(topology.currentTopology(), port)) {
            return;
        }
        for (HostDescription seen : Sightings.of(frame, new HostLocation(port, System.currentTimeMillis()))) {
            VlanId vlan = seen.vlan();
            try {
                service.hostDetected(HostId.hostId(seen.hwAddress(), vlan), seen, false);
            } catch (IllegalStateException e) {
                LOG.debug("Host {} suppressed", seen, e);
            }
        }
    }

    private void events(DeviceEvent event) {
        switch (event.type()) {
            case DEVICE_AVAILABILITY_CHANGED:
            case DEVICE_REMOVED:
            case PORT_UPDATED:
            case PORT_REMOVED:
                thread.execute(() -> handle(event));
                break;
            default: // hosts stay
        }
    }

    private void handle(DeviceEvent event) {
        HostProviderService service = core;
        if (service == null) {
            return;
        }
        DeviceId device = event.subject().id();
        switch (event.type()) {
            case DEVICE_AVAILABILITY_CHANGED:
                if (!devices.isAvailable(device)) {
                    deviceDown(device, service);
                }
                break;
            case DEVICE_REMOVED:
                deviceDown(device, service);
                break;
            case PORT_UPDATED:
                if (!event.port().isEnabled()) {
                    portDown(new ConnectPoint(device, event.port().number()), service);
                }
                break;
            default:
                portDown(new ConnectPoint(device, event.port().number()), service);
        }
    }

    private void deviceDown(DeviceId device, HostProviderService service) {
        for (Host host : hosts.getConnectedHosts(device)) {
            host.locations().stream()
                    .filter(location -> location.deviceId().equals(device))
                    .forEach(location -> service.removeLocationFromHost(host.id(), location));
        }
    }

    private void portDown(ConnectPoint port, HostProviderService service) {
        for (Host host : hosts.getConnectedHosts(port)) {
            service.removeLocationFromHost(host.id(), new HostLocation(port, 0));
        }
    }
}
