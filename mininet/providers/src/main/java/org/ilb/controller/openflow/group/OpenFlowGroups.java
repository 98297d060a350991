package org.ilb.controller.openflow.group;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.ilb.controller.openflow.DeviceIds.deviceId;
import static org.ilb.controller.openflow.DeviceIds.dpid;
import static org.onlab.util.Tools.groupedThreads;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.collect.Streams;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.ilb.controller.openflow.DeviceIds;
import org.ilb.controller.openflow.flow.UntranslatableRuleException;
import org.onosproject.net.DeviceId;
import org.onosproject.net.Port;
import org.onosproject.net.PortNumber;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.group.Group;
import org.onosproject.net.group.GroupBucket;
import org.onosproject.net.group.GroupDescription;
import org.onosproject.net.group.GroupOperation;
import org.onosproject.net.group.GroupOperation.GroupMsgErrorCode;
import org.onosproject.net.group.GroupOperations;
import org.onosproject.net.group.GroupProvider;
import org.onosproject.net.group.GroupProviderRegistry;
import org.onosproject.net.group.GroupProviderService;
import org.onosproject.net.group.GroupService;
import org.onosproject.net.provider.AbstractProvider;
import org.onosproject.net.provider.ProviderId;
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
import org.projectfloodlight.openflow.protocol.OFGroupDescStatsReply;
import org.projectfloodlight.openflow.protocol.OFGroupStatsReply;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFPortStatus;
import org.projectfloodlight.openflow.protocol.errormsg.OFGroupModFailedErrorMsg;
import org.projectfloodlight.openflow.types.OFGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group provider: writes the core's groups to the switches and reports what the switches have. Thread-safe. */
@Component(
        immediate = true,
        service = {})
public final class OpenFlowGroups extends AbstractProvider implements GroupProvider {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFlowGroups.class);

    private static final int POLL_SECONDS = 10;
    private static final int FIRST_POLL_SECONDS = 1;

    @Reference
    private GroupProviderRegistry registry;

    @Reference
    private OpenFlowController controller;

    @Reference
    private DeviceService devices;

    @Reference
    private GroupService groups;

    private final Listener listener = new Listener();
    private final AtomicLong xids = new AtomicLong(1);

    /** Operations by the xid of their message, for as long as a refusal may come. */
    private final Cache<Long, GroupOperation> pending = CacheBuilder.newBuilder()
            .expireAfterWrite(2 * POLL_SECONDS, TimeUnit.SECONDS)
            .build();

    /** Of each poll the reply that came first, by the poll's first xid: replies are handled by many threads. */
    private final Cache<Long, OFMessage> halves = CacheBuilder.newBuilder()
            .expireAfterWrite(POLL_SECONDS, TimeUnit.SECONDS)
            .build();

    private ScheduledExecutorService poll;
    private volatile GroupProviderService core;

    /** Created by OSGi. */
    public OpenFlowGroups() {
        super(new ProviderId(DeviceIds.SCHEME, "org.onosproject.provider.group"));
    }

    @Activate
    void activate() {
        core = registry.register(this);
        controller.addListener(listener);
        controller.addEventListener(listener);
        poll = Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/openflow", "groups-%d", LOG));
        poll.scheduleAtFixedRate(
                () -> controller.getSwitches().forEach(this::request), 0, POLL_SECONDS, TimeUnit.SECONDS);
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
    public void performGroupOperation(DeviceId deviceId, GroupOperations operations) {
        OpenFlowSwitch device = controller.getSwitch(dpid(deviceId));
        if (device == null) {
            LOG.error("Groups not written: {} is not connected", deviceId);
            return;
        }
        for (GroupOperation operation : operations.operations()) {
            long xid = xids.getAndIncrement();
            try {
                OFMessage message = GroupMods.of(operation, device.factory(), xid);
                pending.put(xid, operation);
                device.sendMsg(message);
            } catch (UntranslatableRuleException e) {
                LOG.warn("Group {} of {} refused: {}", operation.groupId(), deviceId, e.getMessage());
                failed(deviceId, operation, GroupMsgErrorCode.INVALID_GROUP);
            }
        }
    }

    private void failed(DeviceId deviceId, GroupOperation operation, GroupMsgErrorCode code) {
        GroupProviderService service = core;
        if (service != null) {
            service.groupOperationFailed(deviceId, GroupOperation.createFailedGroupOperation(operation, code));
        }
    }

    private void request(OpenFlowSwitch device) {
        if (device.getRole() != RoleState.MASTER || !device.isConnected()) {
            return;
        }
        try {
            long xid = xids.getAndAdd(2);
            if (counts(device)) {
                device.sendMsg(device.factory()
                        .buildGroupStatsRequest()
                        .setGroup(OFGroup.ALL)
                        .setXid(xid)
                        .build());
            }
            device.sendMsg(device.factory()
                    .buildGroupDescStatsRequest()
                    .setXid(xid + 1)
                    .build());
        } catch (RuntimeException e) { // an exception would end the schedule for all switches
            LOG.warn("Groups of {} not requested", device.getStringId(), e);
        }
    }

    private static boolean counts(OpenFlowSwitch device) {
        return device != null && device.features().getCapabilities().contains(OFCapabilities.GROUP_STATS);
    }

    private final class Listener implements OpenFlowSwitchListener, OpenFlowEventListener {

        @Override
        public void switchAdded(Dpid dpid) {
            if (!poll.isShutdown()) {
                poll.schedule(() -> first(dpid), FIRST_POLL_SECONDS, TimeUnit.SECONDS);
            }
        }

        private void first(Dpid dpid) {
            OpenFlowSwitch device = controller.getSwitch(dpid);
            if (device != null) {
                request(device);
            }
        }

        @Override
        public void switchRemoved(Dpid dpid) {}

        @Override
        public void switchChanged(Dpid dpid) {}

        @Override
        public void receivedRoleReply(Dpid dpid, RoleState requested, RoleState response) {}

        @Override
        public void portChanged(Dpid dpid, OFPortStatus status) {
            GroupProviderService service = core;
            if (service == null || status.getDesc().isEnabled()) {
                return;
            }
            DeviceId id = deviceId(dpid);
            PortNumber port = PortNumber.portNumber(status.getDesc().getPortNo().getPortNumber());
            List<Group> failedOver = Streams.stream(groups.getGroups(id))
                    .filter(group -> group.type() == GroupDescription.Type.FAILOVER)
                    .filter(group -> hasFailedOver(id, group, port))
                    .collect(toImmutableList());
            service.notifyOfFailovers(failedOver);
        }

        /** Whether the failed port is watched, and no bucket up to the one that watches it is live. */
        private boolean hasFailedOver(DeviceId id, Group group, PortNumber failed) {
            for (GroupBucket bucket : group.buckets().buckets()) {
                Port watched = devices.getPort(id, bucket.watchPort());
                if (watched != null && watched.isEnabled()) {
                    return false;
                }
                if (failed.equals(bucket.watchPort())) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void handleMessage(Dpid dpid, OFMessage message) {
            if (message instanceof OFGroupStatsReply) {
                OFMessage buckets = otherHalf(message.getXid(), message);
                if (buckets != null) {
                    push(dpid, (OFGroupDescStatsReply) buckets, (OFGroupStatsReply) message);
                }
            } else if (message instanceof OFGroupDescStatsReply) {
                OFGroupDescStatsReply buckets = (OFGroupDescStatsReply) message;
                if (!counts(controller.getSwitch(dpid))) {
                    push(dpid, buckets, null);
                    return;
                }
                OFMessage counters = otherHalf(message.getXid() - 1, message);
                if (counters != null) {
                    push(dpid, buckets, (OFGroupStatsReply) counters);
                }
            } else if (message instanceof OFGroupModFailedErrorMsg) {
                refused(dpid, (OFGroupModFailedErrorMsg) message);
            }
        }

        private OFMessage otherHalf(long firstXid, OFMessage half) {
            OFMessage other = halves.asMap().putIfAbsent(firstXid, half);
            if (other != null) {
                halves.invalidate(firstXid);
            }
            return other;
        }

        private void push(Dpid dpid, OFGroupDescStatsReply buckets, OFGroupStatsReply counters) {
            GroupProviderService service = core;
            if (service != null) {
                DeviceId id = deviceId(dpid);
                service.pushGroupMetrics(id, Groups.of(id, buckets, counters));
            }
        }

        private void refused(Dpid dpid, OFGroupModFailedErrorMsg error) {
            LOG.warn("{} refuses a group: {}", dpid, error);
            GroupOperation operation = pending.getIfPresent(error.getXid());
            if (operation == null) {
                LOG.warn("{} refuses an unknown group operation {}", dpid, error.getXid());
                return;
            }
            pending.invalidate(error.getXid());
            // both enumerations follow OpenFlow 1.3.5, 7.4.4: the codes of OFPET_GROUP_MOD_FAILED
            GroupMsgErrorCode code = GroupMsgErrorCode.values()[error.getCode().ordinal()];
            failed(deviceId(dpid), operation, code);
        }
    }
}
