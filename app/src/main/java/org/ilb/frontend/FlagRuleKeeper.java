package org.ilb.frontend;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.flags.FlagRules;
import org.onosproject.net.DeviceId;

/** Remembers which rules on TCP flags there shall be, for a keeper of such rules that may come and go. Thread-safe. */
final class FlagRuleKeeper implements FlagRules {

    private FlagRules keeper;
    private Map<DeviceId, Set<FlagRule>> wanted = ImmutableMap.of();

    synchronized void bind(FlagRules found) {
        keeper = found;
        keeper.keep(wanted);
    }

    synchronized void unbind(FlagRules lost) {
        if (keeper == lost) {
            keeper = null;
        }
    }

    /** Whether there is a keeper, so that switches can tell SYNs from other segments. */
    synchronized boolean isKept() {
        return keeper != null;
    }

    @Override
    public synchronized void keep(Map<DeviceId, Set<FlagRule>> rules) {
        wanted = ImmutableMap.copyOf(rules);
        if (keeper != null) {
            keeper.keep(wanted);
        }
    }

    @Override
    public synchronized CompletableFuture<Boolean> confirm(DeviceId device) {
        return keeper == null ? CompletableFuture.completedFuture(false) : keeper.confirm(device);
    }
}
