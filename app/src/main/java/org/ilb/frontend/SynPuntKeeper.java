package org.ilb.frontend;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ilb.FrontEnd;
import org.ilb.dataplane.flags.SynPunt;
import org.ilb.dataplane.flags.SynPunts;
import org.ilb.dataplane.rule.FabricMac;
import org.onosproject.net.DeviceId;

/**
 * Remembers which SYNs are to be punted, for a keeper of such rules that may come and go. Thread-safe.
 */
final class SynPuntKeeper {

    private SynPunts keeper;
    private Map<DeviceId, Set<SynPunt>> wanted = ImmutableMap.of();

    synchronized void bind(SynPunts found) {
        keeper = found;
        keeper.keep(wanted);
    }

    synchronized void unbind(SynPunts lost) {
        if (keeper == lost) {
            keeper = null;
        }
    }

    /** Punts the SYNs of all services on all ILBs, as far as the settings want it. */
    synchronized void configure(FrontEnd frontEnd) {
        wanted = frontEnd.settings().synFlags() ? punts(frontEnd) : ImmutableMap.of();
        if (keeper != null) {
            keeper.keep(wanted);
        }
    }

    private static Map<DeviceId, Set<SynPunt>> punts(FrontEnd frontEnd) {
        return frontEnd.ilbs().stream()
                .collect(ImmutableMap.toImmutableMap(ilb -> ilb.device(), ilb -> frontEnd.services().stream()
                        .map(service -> new SynPunt(FabricMac.of(ilb), service.endpoint()))
                        .collect(Collectors.collectingAndThen(Collectors.toSet(), ImmutableSet::copyOf))));
    }
}
