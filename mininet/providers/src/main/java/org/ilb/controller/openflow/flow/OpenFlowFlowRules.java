package org.ilb.controller.openflow.flow;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.ilb.controller.openflow.DeviceIds.deviceId;
import static org.ilb.controller.openflow.DeviceIds.dpid;
import static org.onlab.util.Tools.groupedThreads;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.ilb.controller.openflow.DeviceIds;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.DefaultTableStatisticsEntry;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleProvider;
import org.onosproject.net.flow.FlowRuleProviderRegistry;
import org.onosproject.net.flow.FlowRuleProviderService;
import org.onosproject.net.flow.IndexTableId;
import org.onosproject.net.flow.TableStatisticsEntry;
import org.onosproject.net.flow.oldbatch.FlowRuleBatchEntry;
import org.onosproject.net.flow.oldbatch.FlowRuleBatchOperation;
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
import org.projectfloodlight.openflow.protocol.OFBarrierReply;
import org.projectfloodlight.openflow.protocol.OFCapabilities;
import org.projectfloodlight.openflow.protocol.OFErrorMsg;
import org.projectfloodlight.openflow.protocol.OFFlowMod;
import org.projectfloodlight.openflow.protocol.OFFlowRemoved;
import org.projectfloodlight.openflow.protocol.OFFlowStatsReply;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFPortStatus;
import org.projectfloodlight.openflow.protocol.OFTableStatsEntry;
import org.projectfloodlight.openflow.protocol.OFTableStatsReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flow rule provider: writes the core's rules to the switches and reports what the switches have.
 *
 * <p>Thread-safe. Replies of a switch arrive on threads of the OpenFlow controller.
 */
@Component(
        immediate = true,
        service = {})
public final class OpenFlowFlowRules extends AbstractProvider implements FlowRuleProvider {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFlowFlowRules.class);

    /** Rules that belong to no batch: nobody waits for them. */
    private static final long NO_BATCH = 0;

    @Reference
    private FlowRuleProviderRegistry registry;

    @Reference
    private OpenFlowController controller;

    private final Listener listener = new Listener();
    private final Map<Dpid, FlowPoll> polls = new ConcurrentHashMap<>();
    private PendingBatches batches;
    private ScheduledExecutorService clock;
    private volatile FlowRuleProviderService core;

    /** Created by OSGi. */
    public OpenFlowFlowRules() {
        super(DeviceIds.OPENFLOW);
    }

    @Activate
    void activate() {
        FlowRuleProviderService service = registry.register(this);
        batches = new PendingBatches(service::batchOperationCompleted);
        core = service;
        controller.addListener(listener);
        controller.addEventListener(listener);
        controller.getSwitches().forEach(device -> listener.switchAdded(device.getDpid()));
        clock = Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/openflow", "flows-%d", LOG));
        clock.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
        LOG.info("Started");
    }

    @Deactivate
    void deactivate() {
        clock.shutdownNow();
        controller.removeEventListener(listener);
        controller.removeListener(listener);
        registry.unregister(this);
        core = null;
        polls.values().forEach(FlowPoll::stop);
        polls.clear();
        LOG.info("Stopped");
    }

    @Override
    public void applyFlowRule(FlowRule... rules) {
        for (FlowRule rule : rules) {
            write(rule, device -> FlowMods.add(rule, device.factory(), NO_BATCH));
        }
    }

    @Override
    public void removeFlowRule(FlowRule... rules) {
        for (FlowRule rule : rules) {
            write(rule, device -> FlowMods.remove(rule, device.factory(), NO_BATCH));
        }
    }

    private void write(FlowRule rule, Function<OpenFlowSwitch, OFFlowMod> mod) {
        OpenFlowSwitch device = controller.getSwitch(dpid(rule.deviceId()));
        if (device == null) {
            return;
        }
        OFFlowMod message;
        try {
            message = mod.apply(device);
        } catch (UntranslatableRuleException e) {
            LOG.warn("Rule {} refused: {}", rule, e.getMessage());
            throw e;
        }
        device.sendMsg(message);
        wrote(device.getDpid(), 1);
    }

    @Override
    public void executeBatch(FlowRuleBatchOperation batch) {
        Dpid dpid = dpid(batch.deviceId());
        OpenFlowSwitch device = controller.getSwitch(dpid);
        if (device == null) {
            FlowRuleProviderService service = core;
            if (service != null) {
                service.batchOperationCompleted(batch.id(), PendingBatches.allFailed(batch));
            }
            return;
        }
        Set<FlowRule> refused = new HashSet<>();
        Set<OFFlowMod> mods = new HashSet<>(); // no order inside a batch, and none is promised by accident
        for (FlowRuleBatchEntry entry : batch.getOperations()) {
            try {
                mods.add(flowMod(entry, device, batch.id()));
            } catch (UntranslatableRuleException e) {
                LOG.warn("Rule {} refused: {}", entry.target(), e.getMessage());
                refused.add(entry.target());
            }
        }
        batches.add(batch, refused);
        List<OFMessage> messages = new ArrayList<>(mods);
        messages.add(device.factory().buildBarrierRequest().setXid(batch.id()).build());
        device.sendMsg(messages);
        wrote(dpid, messages.size());
    }

    private static OFFlowMod flowMod(FlowRuleBatchEntry entry, OpenFlowSwitch device, long xid) {
        switch (entry.operator()) {
            case ADD:
                return FlowMods.add(entry.target(), device.factory(), xid);
            case MODIFY:
                return FlowMods.modify(entry.target(), device.factory(), xid);
            case REMOVE:
                return FlowMods.remove(entry.target(), device.factory(), xid);
            default:
                throw new UntranslatableRuleException(entry.operator());
        }
    }

    private void wrote(Dpid dpid, int messages) {
        FlowPoll poll = polls.get(dpid);
        if (poll != null) {
            poll.wrote(messages);
        }
    }

    private void tick() {
        polls.forEach((dpid, poll) -> {
            try {
                poll.tick();
            } catch (RuntimeException e) { // an exception would end the schedule for all switches
                LOG.warn("Flows of {} not requested", dpid, e);
            }
        });
    }

    private final class Listener implements OpenFlowSwitchListener, OpenFlowEventListener {

        @Override
        public void switchAdded(Dpid dpid) {
            OpenFlowSwitch device = controller.getSwitch(dpid);
            if (device != null && device.features().getCapabilities().contains(OFCapabilities.FLOW_STATS)) {
                stop(polls.put(dpid, new FlowPoll(device)));
            }
        }

        @Override
        public void switchRemoved(Dpid dpid) {
            stop(polls.remove(dpid));
        }

        private void stop(FlowPoll poll) {
            if (poll != null) {
                poll.stop();
            }
        }

        @Override
        public void switchChanged(Dpid dpid) {}

        @Override
        public void portChanged(Dpid dpid, OFPortStatus status) {}

        @Override
        public void receivedRoleReply(Dpid dpid, RoleState requested, RoleState response) {
            FlowPoll poll = polls.get(dpid);
            if (poll != null && response == RoleState.MASTER) {
                poll.reset();
            }
        }

        @Override
        public void handleMessage(Dpid dpid, OFMessage message) {
            FlowRuleProviderService service = core;
            if (service == null) {
                return; // shutting down
            }
            if (message instanceof OFBarrierReply) {
                if (!batches.complete(message.getXid())) {
                    LOG.warn("{} answered a barrier of an unknown batch {}", dpid, message.getXid());
                }
            } else if (message instanceof OFFlowRemoved) {
                service.flowRemoved(FlowEntries.of(deviceId(dpid), (OFFlowRemoved) message));
            } else if (message instanceof OFFlowStatsReply) {
                flows(dpid, (OFFlowStatsReply) message, service);
            } else if (message instanceof OFTableStatsReply) {
                tables(dpid, (OFTableStatsReply) message, service);
            } else if (message instanceof OFErrorMsg) {
                error(dpid, (OFErrorMsg) message);
            }
        }

        private void flows(Dpid dpid, OFFlowStatsReply reply, FlowRuleProviderService service) {
            FlowPoll poll = polls.get(dpid);
            if (poll != null) {
                poll.answered();
            }
            DeviceId id = deviceId(dpid);
            Set<FlowEntry> entries = new HashSet<>();
            reply.getEntries().forEach(flow -> entries.add(FlowEntries.of(id, flow)));
            service.pushFlowMetrics(id, entries);
        }

        private void tables(Dpid dpid, OFTableStatsReply reply, FlowRuleProviderService service) {
            DeviceId id = deviceId(dpid);
            List<TableStatisticsEntry> entries =
                    reply.getEntries().stream().map(table -> table(id, table)).collect(toImmutableList());
            service.pushTableStatistics(id, entries);
        }

        private TableStatisticsEntry table(DeviceId id, OFTableStatsEntry table) {
            return DefaultTableStatisticsEntry.builder()
                    .withDeviceId(id)
                    .withTableId(IndexTableId.of(table.getTableId().getValue()))
                    .withActiveFlowEntries(table.getActiveCount())
                    .withPacketsLookedUpCount(table.getLookupCount().getValue())
                    .withPacketsMatchedCount(table.getMatchedCount().getValue())
                    .build();
        }

        private void error(Dpid dpid, OFErrorMsg error) {
            LOG.warn("{} reports an error: {}", dpid, error);
            switch (error.getErrType()) {
                case BAD_ACTION:
                case BAD_INSTRUCTION:
                case BAD_MATCH:
                case FLOW_MOD_FAILED:
                    FailedMods.cookie(error)
                            .ifPresentOrElse(
                                    cookie -> failed(dpid, error.getXid(), cookie),
                                    () -> LOG.error("{} refused a flow, but did not say which", dpid));
                    break;
                default: // not about a flow
            }
        }

        private void failed(Dpid dpid, long batchId, long cookie) {
            if (!batches.failed(batchId, cookie)) {
                LOG.error("{} refused flow {} of no waiting batch", dpid, Long.toHexString(cookie));
            }
        }
    }
}
