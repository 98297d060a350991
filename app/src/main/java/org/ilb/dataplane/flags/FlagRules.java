package org.ilb.dataplane.flags;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

    /**
     * Waits for a switch to have the rules that it shall have at this moment.
     *
     * @param device the switch
     * @return true once it has acknowledged them, false if it cannot match TCP flags, an exception if it does not answer, is
     *     not connected or not this node's to write to
     */
    CompletableFuture<Boolean> confirm(DeviceId device);
}
