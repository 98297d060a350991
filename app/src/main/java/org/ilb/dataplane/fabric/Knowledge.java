package org.ilb.dataplane.fabric;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ilb.IlbId;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be learnt before rules can be made, and a run of the controller leaves to the next: where servers are, the
 * routers' MAC addresses and the links.
 *
 * <p>Immutable and thread-safe.
 */
final class Knowledge {

    /** Nothing. */
    static final Knowledge NONE = new Knowledge(ImmutableMap.of(), ImmutableMap.of(), ImmutableSet.of());

    private static final Logger log = LoggerFactory.getLogger(Knowledge.class);
    private static final String SERVER = "server";
    private static final String ROUTER = "router";
    private static final String CABLE = "cable";

    private final ImmutableMap<IpAddress, Place> servers;
    private final ImmutableMap<IlbId, MacAddress> routers;
    private final ImmutableSet<Cable> cables;

    Knowledge(Map<IpAddress, Place> servers, Map<IlbId, MacAddress> routers, Set<Cable> cables) {
        this.servers = ImmutableMap.copyOf(servers);
        this.routers = ImmutableMap.copyOf(routers);
        this.cables = ImmutableSet.copyOf(cables);
    }

    Map<IpAddress, Place> servers() {
        return servers;
    }

    Map<IlbId, MacAddress> routers() {
        return routers;
    }

    Set<Cable> cables() {
        return cables;
    }

    /** Writes it down: a line for each, its words separated by spaces. */
    String written() {
        StringBuilder text = new StringBuilder();
        servers.forEach((address, place) -> line(text, SERVER, address, place.mac(), place.location()));
        routers.forEach((ilb, mac) -> line(text, ROUTER, ilb, mac));
        cables.forEach(cable -> line(text, CABLE, cable.source(), cable.destination()));
        return text.toString();
    }

    private static void line(StringBuilder text, Object... words) {
        for (Object word : words) {
            text.append(word).append(' ');
        }
        text.setCharAt(text.length() - 1, '\n');
    }

    /**
     * Reads what was written down; what cannot be understood is left out, it will be learnt again.
     *
     * @param text what {@link #written()} returned, perhaps of another version
     * @return what it says
     */
    static Knowledge read(String text) {
        Map<IpAddress, Place> servers = new HashMap<>();
        Map<IlbId, MacAddress> routers = new HashMap<>();
        Set<Cable> cables = new HashSet<>();
        for (String line : Splitter.on('\n').omitEmptyStrings().split(text)) {
            List<String> words = Splitter.on(' ').splitToList(line);
            try {
                switch (words.get(0)) {
                    case SERVER:
                        servers.put(IpAddress.valueOf(words.get(1)), new Place(mac(words.get(2)), port(words.get(3))));
                        break;
                    case ROUTER:
                        routers.put(IlbId.parse(words.get(1)), mac(words.get(2)));
                        break;
                    case CABLE:
                        cables.add(new Cable(port(words.get(1)), port(words.get(2))));
                        break;
                    default:
                        log.debug("Left out: {}", line);
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                log.warn("A former run left something that cannot be read: {}", line);
            }
        }
        return new Knowledge(servers, routers, cables);
    }

    private static MacAddress mac(String word) {
        return MacAddress.valueOf(word);
    }

    private static ConnectPoint port(String word) {
        return ConnectPoint.deviceConnectPoint(word);
    }

    @Override
    public int hashCode() {
        return (servers.hashCode() * 31 + routers.hashCode()) * 31 + cables.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Knowledge
                && servers.equals(((Knowledge) other).servers)
                && routers.equals(((Knowledge) other).routers)
                && cables.equals(((Knowledge) other).cables);
    }

    @Override
    public String toString() {
        return written();
    }
}
