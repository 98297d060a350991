package org.ilb.dataplane.flags;

import java.util.Map;
import java.util.Set;
import org.onosproject.net.DeviceId;

/**
 * Keeps rules that match TCP flags on the switches that this node masters.
 *
 * <p>Thread-safe; returns at once.
 */
public interface FlagRules {

    /**
     * Says which rules there shall be from now on; whatever else this keeper installed goes.
     *
     * @param rules by switch; an empty map removes all
     */
    void keep(Map<DeviceId, Set<FlagRule>> rules);
}
