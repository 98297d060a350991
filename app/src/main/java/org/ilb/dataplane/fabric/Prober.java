package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ilb.Ilb;
import org.ilb.Server;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;

/**
 * Decides which ARP requests of our own are due: for routers, servers and silent hosts.
 *
 * <p>Who is not known is asked for every second, after ten times every five; who is known is asked again every twenty
 * seconds unless heard in between. In flat mode a host that a server asks for is looked for as well. A server that stays
 * silent where it was is looked for everywhere. Servers are asked in the name of a gateway address where one is configured,
 * else in nobody's (RFC 5227), which enters no neighbour's cache: in flat mode each client has its own ILB's MAC address for
 * the virtual address. A router is asked in the name of its ILB, but in nobody's while that is out: the question would
 * tell the router that its next hop lives. Not thread-safe.
 */
final class Prober {

    /** How many requests are sent at a time at most; the rest waits for the next. */
    static final int BUDGET = 500;

    static final long URGENT_MILLIS = 1_000;
    static final long SEARCH_MILLIS = 5_000;
    static final long REFRESH_MILLIS = 20_000;
    private static final int URGENT_ATTEMPTS = 10;
    private static final IpAddress NOBODY = IpAddress.valueOf(0);

    /** A request that is due. */
    static final class Probe {
        private final ByteBuffer frame;
        private final ConnectPoint port;

        private Probe(ArpMessage message, MacAddress destination, ConnectPoint port) {
            this.frame = message.toFrame(destination);
            this.port = port;
        }

        ByteBuffer frame() {
            return frame;
        }

        ConnectPoint port() {
            return port;
        }
    }

    /** How often a target was asked, and when last. */
    private static final class Attempts {
        private int count;
        private long last = Long.MIN_VALUE / 2;
    }

    private final Map<Object, Attempts> attempts = new HashMap<>();
    private final List<Probe> due = new ArrayList<>();

    /**
     * Returns the requests that are due.
     *
     * @param situation what is known
     * @param neighbours what was heard, and when
     * @param ports the ports that requests can be sent to, uplinks among them, fabric ports not
     * @param now milliseconds of a clock that only goes forward
     * @return the requests
     */
    List<Probe> due(Situation situation, Neighbours neighbours, Set<ConnectPoint> ports, long now) {
        due.clear();
        Set<Object> targets = new HashSet<>();
        for (Ilb ilb : situation.frontEnd().ilbs()) {
            if (ilb.uplink().isPresent() && targets.add(ilb.id())) {
                probeRouter(situation, ilb, neighbours, ports, now);
            }
        }
        Set<ConnectPoint> edge = ports.stream()
                .filter(port -> !situation.uplinks().contains(port))
                .collect(ImmutableSet.toImmutableSet());
        List<Server> servers = new ArrayList<>(situation.configuredServers().values());
        // Those that waited longest go first, should the budget not suffice.
        servers.sort(
                Comparator.comparingLong(server -> attempts(server.endpoint().address()).last));
        for (Server server : servers) {
            if (targets.add(server.endpoint().address())) {
                probeServer(situation, server, neighbours, edge, now);
            }
        }
        neighbours.silentHosts(now - REFRESH_MILLIS).forEach((address, place) -> {
            if (targets.add(address)) {
                probeHost(situation, address, place, edge, now);
            }
        });
        for (IpAddress host : neighbours.sought(now)) {
            if (targets.add(host) && isDue(host, Optional.empty(), now)) {
                IpAddress asker = askerFor(situation, host);
                ask(ArpMessage.request(FabricMac.of(asker), asker, host), MacAddress.BROADCAST, edge);
            }
        }
        attempts.keySet().retainAll(targets);
        return new ArrayList<>(due);
    }

    private void probeRouter(Situation situation, Ilb ilb, Neighbours neighbours, Set<ConnectPoint> ports, long now) {
        ConnectPoint port =
                new ConnectPoint(ilb.device(), ilb.uplink().orElseThrow().port());
        Optional<Long> heard = neighbours.routerHeard(ilb.id());
        if (ports.contains(port) && isDue(ilb.id(), heard, now)) {
            ArpMessage request = ArpMessage.request(
                    FabricMac.of(ilb),
                    situation.isOut(ilb.id()) ? NOBODY : ilb.address().orElseThrow(),
                    ilb.uplink().orElseThrow().nextHop());
            ask(request, MacAddress.BROADCAST, List.of(port));
        }
    }

    private void probeServer(
            Situation situation, Server server, Neighbours neighbours, Set<ConnectPoint> edge, long now) {
        if (server.mac().isPresent() && server.location().isPresent()) {
            return;
        }
        IpAddress address = server.endpoint().address();
        Place known = situation.servers().get(address);
        // A port that is gone, or down, answers no more: whatever was heard there is past.
        boolean gone = known == null || !edge.contains(known.location());
        Optional<Long> heard = gone ? Optional.empty() : neighbours.serverHeard(address);
        if (!isDue(address, heard, now)) {
            return;
        }
        IpAddress asker = askerFor(situation, address);
        ArpMessage request = ArpMessage.request(FabricMac.of(asker), asker, address);
        Optional<ConnectPoint> configured = server.location();
        boolean fresh = heard.isPresent() && now - heard.get() < Neighbours.FRESH_MILLIS;
        if (configured.isPresent()) {
            askAt(request, MacAddress.BROADCAST, configured.get(), edge);
        } else if (fresh) {
            askAt(request, known.mac(), known.location(), edge);
        } else {
            ask(request, MacAddress.BROADCAST, edge);
        }
    }

    private void probeHost(Situation situation, IpAddress address, Place place, Set<ConnectPoint> edge, long now) {
        if (attempt(address, REFRESH_MILLIS, now)) {
            IpAddress asker = askerFor(situation, address);
            askAt(ArpMessage.request(FabricMac.of(asker), asker, address), place.mac(), place.location(), edge);
        }
    }

    /** The gateway address that shares most bits with a target: the one of its own network. */
    static IpAddress askerFor(Situation situation, IpAddress target) {
        return situation.frontEnd().settings().gateways().stream()
                .max(Comparator.comparingInt(gateway -> Integer.numberOfLeadingZeros(
                        gateway.getIp4Address().toInt() ^ target.getIp4Address().toInt())))
                .orElse(NOBODY);
    }

    private boolean isDue(Object target, Optional<Long> heard, long now) {
        boolean fresh = heard.isPresent() && now - heard.get() < Neighbours.FRESH_MILLIS;
        if (fresh) {
            attempts(target).count = 0;
            return now - heard.get() >= REFRESH_MILLIS && attempt(target, REFRESH_MILLIS / 4, now);
        }
        boolean urgent = attempts(target).count < URGENT_ATTEMPTS;
        return attempt(target, urgent ? URGENT_MILLIS : SEARCH_MILLIS, now);
    }

    private boolean attempt(Object target, long interval, long now) {
        Attempts made = attempts(target);
        if (now - made.last < interval || due.size() >= BUDGET) {
            return false;
        }
        made.last = now;
        made.count++;
        return true;
    }

    private Attempts attempts(Object target) {
        return attempts.computeIfAbsent(target, any -> new Attempts());
    }

    private void askAt(ArpMessage request, MacAddress destination, ConnectPoint port, Set<ConnectPoint> edge) {
        if (edge.contains(port)) {
            due.add(new Probe(request, destination, port));
        }
    }

    private void ask(ArpMessage request, MacAddress destination, Collection<ConnectPoint> ports) {
        ports.forEach(port -> due.add(new Probe(request, destination, port)));
    }
}
