package org.ilb.controller.openflow.device;

import static org.ilb.controller.openflow.DeviceIds.deviceId;
import static org.ilb.controller.openflow.DeviceIds.dpid;
import static org.onlab.util.Tools.groupedThreads;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ilb.controller.openflow.DeviceIds;
import org.onlab.packet.ChassisId;
import org.onosproject.net.AnnotationKeys;
import org.onosproject.net.DefaultAnnotations;
import org.onosproject.net.DeviceId;
import org.onosproject.net.MastershipRole;
import org.onosproject.net.PortNumber;
import org.onosproject.net.device.DefaultDeviceDescription;
import org.onosproject.net.device.DeviceProvider;
import org.onosproject.net.device.DeviceProviderRegistry;
import org.onosproject.net.device.DeviceProviderService;
import org.onosproject.net.provider.AbstractProvider;
import org.onosproject.openflow.controller.Dpid;
import org.onosproject.openflow.controller.OpenFlowController;
import org.onosproject.openflow.controller.OpenFlowEventListener;
import org.onosproject.openflow.controller.OpenFlowSwitch;
import org.onosproject.openflow.controller.OpenFlowSwitchListener;
import org.onosproject.openflow.controller.RoleState;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.projectfloodlight.openflow.protocol.OFCapabilities;
import org.projectfloodlight.openflow.protocol.OFErrorMsg;
import org.projectfloodlight.openflow.protocol.OFErrorType;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFPortConfig;
import org.projectfloodlight.openflow.protocol.OFPortDesc;
import org.projectfloodlight.openflow.protocol.OFPortMod;
import org.projectfloodlight.openflow.protocol.OFPortReason;
import org.projectfloodlight.openflow.protocol.OFPortStatsEntry;
import org.projectfloodlight.openflow.protocol.OFPortStatsReply;
import org.projectfloodlight.openflow.protocol.OFPortStatus;
import org.projectfloodlight.openflow.protocol.OFStatsReplyFlags;
import org.projectfloodlight.openflow.types.OFPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device provider: tells the core which switches and ports there are, and the switches which role this node has.
 *
 * <p>Thread-safe. Messages of one switch arrive on that switch's thread.
 */
@Component(
        immediate = true,
        service = {})
public final class OpenFlowDevices extends AbstractProvider implements DeviceProvider {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFlowDevices.class);

    private static final int POLL_SECONDS = 5;
    private static final int FIRST_POLL_SECONDS = 1;

    @Reference
    private DeviceProviderRegistry registry;

    @Reference
    private OpenFlowController controller;

    private final Listener listener = new Listener();
    private final Set<Dpid> polled = ConcurrentHashMap.newKeySet();
    private ScheduledExecutorService poll;
    private volatile DeviceProviderService core;

    /** Created by OSGi. */
    public OpenFlowDevices() {
        super(DeviceIds.OPENFLOW);
    }

    @Activate
    void activate() {
        core = registry.register(this);
        controller.addListener(listener);
        controller.addEventListener(listener);
        for (OpenFlowSwitch device : controller.getSwitches()) {
            listener.switchAdded(device.getDpid());
        }
        poll = Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/openflow", "ports-%d", LOG));
        poll.scheduleAtFixedRate(this::requestStatistics, FIRST_POLL_SECONDS, POLL_SECONDS, TimeUnit.SECONDS);
        LOG.info("Started");
    }

    @Deactivate
    void deactivate() {
        poll.shutdownNow();
        controller.removeEventListener(listener);
        controller.removeListener(listener);
        registry.unregister(this);
        core = null;
        LOG.info("Stopped");
    }

    @Override
    public boolean isReachable(DeviceId deviceId) {
        return connected(deviceId) != null;
    }

    @Override
    public void triggerProbe(DeviceId deviceId) {
        OpenFlowSwitch device = connected(deviceId);
        if (device == null) {
            LOG.error("Failed to probe {}: it is not connected", deviceId);
            core.deviceDisconnected(deviceId);
            return;
        }
        requestPorts(device);
    }

    @Override
    public void roleChanged(DeviceId deviceId, MastershipRole role) {
        controller.setRole(dpid(deviceId), Roles.toOpenFlow(role));
    }

    @Override
    public void changePortState(DeviceId deviceId, PortNumber number, boolean enable) {
        OpenFlowSwitch device = connected(deviceId);
        if (device == null) {
            LOG.error("Failed to change port {} of {}: it is not connected", number, deviceId);
            return;
        }
        OFPort port = OFPort.of((int) number.toLong());
        OFPortMod.Builder change = device.factory()
                .buildPortMod()
                .setPortNo(port)
                .setConfig(enable ? ImmutableSet.of() : ImmutableSet.of(OFPortConfig.PORT_DOWN))
                .setMask(ImmutableSet.of(OFPortConfig.PORT_DOWN))
                .setAdvertise(0);
        for (OFPortDesc description : device.getPorts()) {
            if (description.getPortNo().equals(port)) {
                change.setHwAddr(description.getHwAddr()); // a switch checks it
            }
        }
        device.sendMsg(change.build());
    }

    @Override
    public void triggerDisconnect(DeviceId deviceId) {
        OpenFlowSwitch device = controller.getSwitch(dpid(deviceId));
        if (device != null) {
            listener.switchRemoved(device.getDpid());
            device.disconnectSwitch();
        }
    }

    private OpenFlowSwitch connected(DeviceId deviceId) {
        OpenFlowSwitch device = controller.getSwitch(dpid(deviceId));
        return device != null && device.isConnected() ? device : null;
    }

    private static void requestPorts(OpenFlowSwitch device) {
        device.sendMsg(device.factory().buildPortDescStatsRequest().build());
    }

    private void requestStatistics() {
        for (Dpid dpid : polled) {
            OpenFlowSwitch device = controller.getSwitch(dpid);
            if (device == null || device.getRole() != RoleState.MASTER) {
                continue;
            }
            try {
                device.sendMsg(device.factory()
                        .buildPortStatsRequest()
                        .setPortNo(OFPort.ANY)
                        .build());
            } catch (RuntimeException e) { // an exception would end the schedule for all switches
                LOG.warn("Port statistics of {} not requested", dpid, e);
            }
        }
    }

    private final class Listener implements OpenFlowSwitchListener, OpenFlowEventListener {

        /** Parts of replies that came in several messages. */
        private final Map<Dpid, List<OFPortStatsEntry>> partial = new ConcurrentHashMap<>();

        @Override
        public void switchAdded(Dpid dpid) {
            DeviceProviderService service = core;
            OpenFlowSwitch device = controller.getSwitch(dpid);
            if (service == null || device == null) {
                return;
            }
            DeviceId id = deviceId(dpid);
            service.deviceConnected(id, describe(id, device));
            service.updatePorts(id, PortDescriptions.of(device.getPorts()));
            requestPorts(device); // a port may have changed since the handshake
            if (device.features().getCapabilities().contains(OFCapabilities.PORT_STATS)) {
                polled.add(dpid);
            }
            if (controller.getSwitch(dpid) == null) { // it went while it was added
                switchRemoved(dpid);
            }
        }

        private DefaultDeviceDescription describe(DeviceId id, OpenFlowSwitch device) {
            String channel = device.channelId();
            DefaultAnnotations.Builder annotations = DefaultAnnotations.builder()
                    .set(AnnotationKeys.PROTOCOL, device.factory().getVersion().toString())
                    .set(AnnotationKeys.CHANNEL_ID, channel)
                    .set(AnnotationKeys.MANAGEMENT_ADDRESS, channel.substring(0, Math.max(0, channel.indexOf(':'))));
            String datapath = device.datapathDescription();
            if (datapath != null && !datapath.isEmpty()) {
                annotations.set(AnnotationKeys.DATAPATH_DESCRIPTION, datapath);
            }
            return new DefaultDeviceDescription(
                    id.uri(),
                    device.deviceType(),
                    device.manufacturerDescription(),
                    device.hardwareDescription(),
                    device.softwareDescription(),
                    device.serialNumber(),
                    new ChassisId(device.getId()),
                    annotations.build());
        }

        @Override
        public void switchRemoved(Dpid dpid) {
            polled.remove(dpid);
            partial.remove(dpid);
            DeviceProviderService service = core;
            if (service != null) {
                service.deviceDisconnected(deviceId(dpid));
            }
        }

        @Override
        public void switchChanged(Dpid dpid) {
            DeviceProviderService service = core;
            OpenFlowSwitch device = controller.getSwitch(dpid);
            if (service != null && device != null) {
                service.updatePorts(deviceId(dpid), PortDescriptions.of(device.getPorts()));
            }
        }

        @Override
        public void portChanged(Dpid dpid, OFPortStatus status) {
            DeviceProviderService service = core;
            if (service == null) {
                return;
            }
            if (status.getReason() == OFPortReason.DELETE) {
                service.deletePort(deviceId(dpid), PortDescriptions.gone(status.getDesc()));
            } else {
                service.portStatusChanged(deviceId(dpid), PortDescriptions.of(status.getDesc()));
            }
        }

        @Override
        public void receivedRoleReply(Dpid dpid, RoleState requested, RoleState response) {
            DeviceProviderService service = core;
            if (service != null) {
                service.receivedRoleReply(deviceId(dpid), Roles.toOnos(requested), Roles.toOnos(response));
            }
        }

        @Override
        public void handleMessage(Dpid dpid, OFMessage message) {
            if (message instanceof OFPortStatsReply) {
                portStatistics(dpid, (OFPortStatsReply) message);
            } else if (message instanceof OFErrorMsg
                    && ((OFErrorMsg) message).getErrType() == OFErrorType.PORT_MOD_FAILED) {
                LOG.error("{} refused to change a port: {}", dpid, message);
            }
        }

        /** Parts of a reply may be handled by several threads. */
        private synchronized void portStatistics(Dpid dpid, OFPortStatsReply reply) {
            List<OFPortStatsEntry> entries = partial.computeIfAbsent(dpid, d -> new ArrayList<>());
            entries.addAll(reply.getEntries());
            if (reply.getFlags().contains(OFStatsReplyFlags.REPLY_MORE)) {
                return;
            }
            partial.remove(dpid);
            DeviceProviderService service = core;
            if (service != null) {
                DeviceId id = deviceId(dpid);
                service.updatePortStatistics(id, PortDescriptions.statistics(id, entries));
            }
        }
    }
}
