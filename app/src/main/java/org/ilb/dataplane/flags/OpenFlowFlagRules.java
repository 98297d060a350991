package org.ilb.dataplane.flags;

import static java.util.concurrent.Executors.newSingleThreadScheduledExecutor;
import static org.onlab.util.Tools.groupedThreads;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.onosproject.net.DeviceId;
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
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFPortStatus;
import org.projectfloodlight.openflow.protocol.OFType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps rules that match TCP flags by raw OpenFlow messages.
 *
 * <p>Rules are put on a switch when they are wanted, when the switch comes and when this node becomes its master, and are
 * put again at every {@link #PERIOD_SECONDS}: adding a rule that is there changes nothing, not even its counters, and it
 * heals whatever was lost. A switch that answers with an error cannot match TCP flags; it is left alone until it comes
 * again.
 */
@Component(immediate = true, service = FlagRules.class)
public class OpenFlowFlagRules implements FlagRules {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFlowFlagRules.class);

    private static final int PERIOD_SECONDS = 5;

    /** How long a switch may take to acknowledge. */
    private static final int PATIENCE_SECONDS = 5;

    /** The flow provider of ONOS numbers its messages from 1; ours must not answer for them. */
    private static final long FIRST_XID = 0x49000000L;

    private static final long XID_RANGE = 0x01000000L;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected OpenFlowController controller;

    private final AtomicLong xids = new AtomicLong();
    private final Listener listener = new Listener();

    // Touched by the executor's thread only.
    private final Set<Dpid> refusing = new HashSet<>();
    private final Set<Dpid> swept = new HashSet<>();
    private Map<Dpid, Set<FlagRule>> wanted = ImmutableMap.of();
    private final Map<Dpid, Set<FlagRule>> installed = new HashMap<>();
    private final Map<Long, Confirmation> confirmations = new HashMap<>();

    private ScheduledExecutorService executor;

    /** Starts keeping, with nothing to keep. */
    @Activate
    protected void activate() {
        executor = newSingleThreadScheduledExecutor(groupedThreads("ilb/flags", "keeper", LOG));
        controller.addListener(listener);
        controller.addEventListener(listener);
        executor.scheduleWithFixedDelay(this::putAll, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** Removes every rule that was installed. */
    @Deactivate
    protected void deactivate() {
        controller.removeListener(listener);
        controller.removeEventListener(listener);
        executor.execute(() -> replace(ImmutableMap.of()));
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void keep(Map<DeviceId, Set<FlagRule>> rules) {
        ImmutableMap.Builder<Dpid, Set<FlagRule>> byDpid = ImmutableMap.builder();
        rules.forEach((device, set) -> byDpid.put(Dpid.dpid(device.uri()), ImmutableSet.copyOf(set)));
        Map<Dpid, Set<FlagRule>> next = byDpid.build();
        executor.execute(() -> replace(next));
    }

    @Override
    public CompletableFuture<Boolean> confirm(DeviceId device) {
        Confirmation confirmation = new Confirmation(Dpid.dpid(device.uri()));
        executor.execute(() -> ask(confirmation));
        return confirmation.answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void ask(Confirmation confirmation) {
        confirmations.values().removeIf(waiting -> waiting.answer.isDone());
        if (refusing.contains(confirmation.dpid)) {
            confirmation.answer.complete(false);
        } else if (!put(confirmation.dpid)) {
            confirmation.answer.completeExceptionally(
                    new IllegalStateException("switch " + confirmation.dpid + " cannot be written to"));
        } else {
            OpenFlowSwitch sw = controller.getSwitch(confirmation.dpid);
            long xid = nextXid();
            confirmations.put(xid, confirmation);
            sw.sendMsg(ImmutableList.of(new FlagRuleMessages(sw.factory(), this::nextXid).barrier(xid)));
        }
    }

    private void onBarrier(long xid) {
        Confirmation confirmation = confirmations.remove(xid);
        if (confirmation != null) {
            confirmation.answer.complete(!refusing.contains(confirmation.dpid));
        }
    }

    private void replace(Map<Dpid, Set<FlagRule>> next) {
        wanted = next;
        putAll();
    }

    private void putAll() {
        try {
            for (Dpid dpid : ImmutableSet.copyOf(Sets.union(wanted.keySet(), installed.keySet()))) {
                put(dpid);
            }
        } catch (RuntimeException e) {
            // A scheduled task that throws would never run again.
            LOG.warn("Could not put the rules that match TCP flags", e);
        }
    }

    /** Sends a switch its rules; false if it is not there, not ours to write to or has refused. */
    private boolean put(Dpid dpid) {
        OpenFlowSwitch sw = controller.getSwitch(dpid);
        if (sw == null || !sw.isConnected() || sw.getRole() != RoleState.MASTER || refusing.contains(dpid)) {
            return false;
        }
        Set<FlagRule> target = wanted.getOrDefault(dpid, ImmutableSet.of());
        List<OFMessage> messages = new ArrayList<>();
        FlagRuleMessages build = new FlagRuleMessages(sw.factory(), this::nextXid);
        if (swept.add(dpid)) {
            messages.addAll(build.removeAll());
        }
        for (FlagRule gone : Sets.difference(installed.getOrDefault(dpid, ImmutableSet.of()), target)) {
            messages.addAll(build.remove(gone));
        }
        for (FlagRule rule : target) {
            messages.addAll(build.add(rule));
        }
        if (!messages.isEmpty()) {
            sw.sendMsg(messages);
        }
        if (target.isEmpty()) {
            installed.remove(dpid);
        } else {
            installed.put(dpid, target);
        }
        return true;
    }

    private long nextXid() {
        return FIRST_XID + xids.getAndIncrement() % XID_RANGE;
    }

    private static boolean isOurs(long xid) {
        return xid >= FIRST_XID && xid < FIRST_XID + XID_RANGE;
    }

    private void onCome(Dpid dpid) {
        executor.execute(() -> {
            refusing.remove(dpid);
            put(dpid);
        });
    }

    private void onError(Dpid dpid, OFMessage error) {
        if (refusing.add(dpid)) {
            LOG.warn(
                    "Switch {} cannot match TCP flags; reused ports keep their server there, ends are not seen: {}",
                    dpid,
                    error);
        }
    }

    /** Somebody waits for a switch. */
    private static final class Confirmation {

        private final Dpid dpid;
        private final CompletableFuture<Boolean> answer = new CompletableFuture<>();

        private Confirmation(Dpid dpid) {
            this.dpid = dpid;
        }
    }

    /** Listens to switches; hands everything to the executor. */
    private final class Listener implements OpenFlowSwitchListener, OpenFlowEventListener {

        @Override
        public void switchAdded(Dpid dpid) {
            executor.execute(() -> swept.remove(dpid));
            onCome(dpid);
        }

        @Override
        public void switchRemoved(Dpid dpid) {
            // Its rules may survive in the switch: they are put or removed when it returns.
        }

        @Override
        public void switchChanged(Dpid dpid) {
            onCome(dpid);
        }

        @Override
        public void portChanged(Dpid dpid, OFPortStatus status) {
            // Rules do not depend on ports.
        }

        @Override
        public void receivedRoleReply(Dpid dpid, RoleState requested, RoleState response) {
            if (response == RoleState.MASTER) {
                onCome(dpid);
            }
        }

        @Override
        public void handleMessage(Dpid dpid, OFMessage message) {
            if (message.getType() == OFType.ERROR && isOurs(message.getXid())) {
                executor.execute(() -> onError(dpid, message));
            } else if (message.getType() == OFType.BARRIER_REPLY && isOurs(message.getXid())) {
                executor.execute(() -> onBarrier(message.getXid()));
            }
        }
    }
}
