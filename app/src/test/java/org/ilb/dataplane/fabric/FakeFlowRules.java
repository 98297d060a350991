package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.DefaultFlowEntry;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperation;
import org.onosproject.net.flow.FlowRuleOperations;
import org.onosproject.net.flow.FlowRuleServiceAdapter;

/** ONOS's flow subsystem and the switches behind it; switches can refuse, or never answer. */
final class FakeFlowRules extends FlowRuleServiceAdapter {

    final List<FlowRuleOperation> applied = Collections.synchronizedList(new ArrayList<>());
    final Set<DeviceId> silent = new HashSet<>();
    final Set<DeviceId> refusing = new HashSet<>();
    /** Looks at the switches after each change. */
    Runnable watcher = () -> {};

    private final Map<FlowRule, FlowRule> store = new HashMap<>();

    @Override
    public synchronized void apply(FlowRuleOperations operations) {
        for (Set<FlowRuleOperation> stage : operations.stages()) {
            for (FlowRuleOperation operation : stage) {
                DeviceId device = operation.rule().deviceId();
                applied.add(operation);
                if (refusing.contains(device)) {
                    operations.callback().onError(operations);
                    return;
                }
                store.remove(operation.rule());
                if (operation.type() == FlowRuleOperation.Type.ADD) {
                    store.put(operation.rule(), operation.rule());
                }
                watcher.run();
                if (silent.contains(device)) {
                    return;
                }
            }
        }
        if (operations.callback() != null) {
            operations.callback().onSuccess(operations);
        }
    }

    synchronized void put(FlowRule rule) {
        store.put(rule, rule);
    }

    synchronized void lose(DeviceId device) {
        store.keySet().removeIf(rule -> rule.deviceId().equals(device));
    }

    synchronized Set<FlowRule> rules() {
        return new HashSet<>(store.values());
    }

    synchronized FlowRule stored(FlowRule like) {
        return store.get(like);
    }

    List<FlowRuleOperation> takeApplied() {
        synchronized (applied) {
            List<FlowRuleOperation> taken = ImmutableList.copyOf(applied);
            applied.clear();
            return taken;
        }
    }

    @Override
    public synchronized Iterable<FlowEntry> getFlowEntries(DeviceId device) {
        return store.values().stream()
                .filter(rule -> rule.deviceId().equals(device))
                .map(rule -> new DefaultFlowEntry(rule, FlowEntry.FlowEntryState.ADDED))
                .collect(Collectors.toList());
    }

    @Override
    public synchronized Iterable<FlowEntry> getFlowEntriesById(ApplicationId app) {
        return store.values().stream()
                .filter(rule -> rule.appId() == app.id())
                .map(rule -> new DefaultFlowEntry(rule, FlowEntry.FlowEntryState.ADDED))
                .collect(Collectors.toList());
    }

    @Override
    public Iterable<org.onosproject.net.flow.TableStatisticsEntry> getFlowTableStatistics(DeviceId device) {
        return ImmutableList.of();
    }
}
