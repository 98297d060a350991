package org.ilb.dataplane.flags;

import java.util.Map;
import java.util.Set;
import org.onosproject.net.DeviceId;

/**
 * Keeps the rules that punt clients' SYNs on the switches that this node masters.
 *
 * <p>Thread-safe; returns at once.
 */
public interface SynPunts {

    /**
     * Says which punts there shall be from now on; whatever else this keeper installed goes.
     *
     * @param punts by switch; an empty map removes all
     */
    void keep(Map<DeviceId, Set<SynPunt>> punts);
}
