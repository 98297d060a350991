package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.flags.FlagRules;
import org.onosproject.net.DeviceId;

/**
 * Puts together the rules on TCP flags that stand with the services and those that come and go with moving buckets.
 *
 * <p>Thread-safe.
 */
final class FlagBoard {

    private final FlagRules keeper;
    private final Map<DeviceId, Set<FlagRule>> ofBuckets = new HashMap<>();
    private Map<DeviceId, Set<FlagRule>> ofServices = ImmutableMap.of();
    private Map<DeviceId, Set<FlagRule>> kept = ImmutableMap.of();

    FlagBoard(FlagRules keeper) {
        this.keeper = keeper;
    }

    /** Says which rules stand with the services. */
    synchronized void keepServices(Map<DeviceId, Set<FlagRule>> rules) {
        ofServices = rules;
        keep();
    }

    /** Says which rules the moving buckets of a switch need, and no others. */
    synchronized void keepBuckets(DeviceId device, Set<FlagRule> rules) {
        ofBuckets.put(device, ImmutableSet.copyOf(rules));
        keep();
    }

    /** Says which rules the moving buckets of a switch need beside those that they have. */
    synchronized void addBuckets(DeviceId device, Set<FlagRule> rules) {
        ofBuckets.put(device, ImmutableSet.copyOf(Sets.union(ofBuckets(device), rules)));
        keep();
    }

    /** Returns which rules the moving buckets of a switch need. */
    synchronized Set<FlagRule> ofBuckets(DeviceId device) {
        return ofBuckets.getOrDefault(device, ImmutableSet.of());
    }

    /** Removes all. */
    synchronized void clear() {
        ofBuckets.clear();
        ofServices = ImmutableMap.of();
        keep();
    }

    /** Waits for a switch; see {@link FlagRules#confirm}. */
    CompletableFuture<Boolean> confirm(DeviceId device) {
        return keeper.confirm(device);
    }

    private void keep() {
        Map<DeviceId, Set<FlagRule>> all = new HashMap<>();
        for (DeviceId device : Sets.union(ofServices.keySet(), ofBuckets.keySet())) {
            Set<FlagRule> rules = Sets.union(ofServices.getOrDefault(device, ImmutableSet.of()), ofBuckets(device));
            if (!rules.isEmpty()) {
                all.put(device, ImmutableSet.copyOf(rules));
            }
        }
        if (!all.equals(kept)) {
            kept = ImmutableMap.copyOf(all);
            keeper.keep(kept);
        }
    }
}
