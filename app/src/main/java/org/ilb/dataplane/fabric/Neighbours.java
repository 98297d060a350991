package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;

/**
 * What ARP taught: where servers, routers, flat clients and direct hosts are.
 *
 * <p>What the configuration says of a server always holds; ARP fills in the rest, and whoever contradicts the configuration
 * is not believed. A server keeps its place while it is silent: whether it lives is not decided here. Nothing is learnt on
 * ports that lead to other switches, nor under addresses that are ours.
 *
 * <p>Bounded: as many servers and routers as are configured, {@link #MAX_HOSTS} clients and as many direct hosts.
 * Thread-safe.
 */
final class Neighbours {

    /** How many flat clients, and how many direct hosts, are remembered. */
    static final int MAX_HOSTS = 4096;

    /** How long a host is remembered after it was last heard. */
    static final long HOST_AGE_MILLIS = 15 * 60_000;

    /** How long a router's MAC address is taken to be right after it was last heard. */
    static final long FRESH_MILLIS = 65_000;

    /** How many hosts are looked for at a time because servers asked for them, and for how long. */
    static final int MAX_SOUGHT = 64;

    static final long SOUGHT_MILLIS = 3_000;

    /** How long clients of a former run are looked for. */
    static final long EXPECTED_MILLIS = 60_000;

    private final Map<IpAddress, Place> servers = new HashMap<>();
    private final Map<IpAddress, Long> serversHeard = new HashMap<>();
    private final Map<IlbId, MacAddress> routers = new HashMap<>();
    private final Map<IlbId, Long> routersHeard = new HashMap<>();
    private final HostTable clients = new HostTable(MAX_HOSTS);
    private final HostTable directHosts = new HostTable(MAX_HOSTS);
    /** Until when hosts are looked for. */
    private final Map<IpAddress, Long> sought = new HashMap<>();

    /**
     * Takes a new configuration: what it does not name is forgotten.
     *
     * @param frontEnd the configuration
     */
    synchronized void configure(FrontEnd frontEnd) {
        Set<IpAddress> addresses = configured(frontEnd).keySet();
        servers.keySet().retainAll(addresses);
        serversHeard.keySet().retainAll(addresses);
        Set<IlbId> ids = frontEnd.ilbs().stream().map(Ilb::id).collect(ImmutableSet.toImmutableSet());
        routers.keySet().retainAll(ids);
        routersHeard.keySet().retainAll(ids);
        if (frontEnd.ilbs().stream().anyMatch(ilb -> ilb.uplink().isPresent())) {
            clients.clear();
            sought.clear();
        }
    }

    /**
     * Takes over what a former run of the controller knew, as far as it is configured and nothing better is known. Nobody of
     * it has been heard; all will be asked.
     *
     * @param frontEnd the configuration
     * @param knowledge what it knew
     */
    synchronized void recall(FrontEnd frontEnd, Knowledge knowledge) {
        Set<IpAddress> addresses = configured(frontEnd).keySet();
        knowledge.servers().forEach((address, place) -> {
            if (addresses.contains(address)) {
                servers.putIfAbsent(address, place);
            }
        });
        for (Ilb ilb : frontEnd.ilbs()) {
            MacAddress router = knowledge.routers().get(ilb.id());
            if (router != null) {
                routers.putIfAbsent(ilb.id(), router);
            }
        }
    }

    /** Returns what is configured of each server, by its address; the first of several with one address counts. */
    static Map<IpAddress, Server> configured(FrontEnd frontEnd) {
        Map<IpAddress, Server> byAddress = new LinkedHashMap<>();
        frontEnd.services().forEach(service -> service.allServers()
                .forEach(server -> byAddress.putIfAbsent(server.endpoint().address(), server)));
        return byAddress;
    }

    /**
     * Learns from a message.
     *
     * @param situation what is known
     * @param message the message
     * @param at the port that it came in by
     * @param now milliseconds of a clock that only goes forward
     * @return true if it was news that standing rules depend on
     */
    synchronized boolean hear(Situation situation, ArpMessage message, ConnectPoint at, long now) {
        IpAddress sender = message.sender();
        if (!message.hasSender()
                || FabricMac.isOurs(message.senderMac())
                || situation.wiring().isFabric(at)
                || ArpPolicy.isOurs(situation, sender)) {
            return false;
        }
        if (situation.uplinks().contains(at)) {
            return hearRouter(situation, message, at, now);
        }
        Server server = situation.configuredServers().get(sender);
        Place place = new Place(message.senderMac(), at);
        boolean news = server != null && hearServer(server, place, now);
        // A server may use a service too: it is then a client beside.
        if (!situation.routed() && isClient(situation, message)) {
            news |= clients.hear(sender, place, now);
        }
        if (server != null && message.isRequest()) {
            seek(situation, message.target(), now);
        }
        if (ArpPolicy.isDirect(situation, sender)) {
            news |= directHosts.hear(sender, place, now);
        }
        return news;
    }

    /**
     * Learns from a client's segment to a service, if nothing better is known of the client.
     *
     * @param situation what is known
     * @param place where the segment came in, and from which MAC address
     * @param client the client's address
     * @param now milliseconds of a clock that only goes forward
     * @return true if it was news that standing rules depend on
     */
    synchronized boolean see(Situation situation, Place place, IpAddress client, long now) {
        return !situation.routed()
                && !clients.contains(client)
                && isStation(place.mac())
                && !situation.wiring().isFabric(place.location())
                && !ArpPolicy.isOurs(situation, client)
                && clients.hear(client, place, now);
    }

    private static boolean isStation(MacAddress mac) {
        return !mac.isMulticast() && !mac.isBroadcast() && !mac.equals(MacAddress.ZERO) && !FabricMac.isOurs(mac);
    }

    private boolean isClient(Situation situation, ArpMessage message) {
        boolean found = !message.isRequest()
                && FabricMac.isOurs(message.targetMac())
                && sought.remove(message.sender()) != null;
        return found || asksForVirtual(situation, message) || clients.contains(message.sender());
    }

    /** A server asks for a host of its own network: it may be a client whom a restart made us forget. */
    private void seek(Situation situation, IpAddress host, long now) {
        boolean known = situation.configuredServers().containsKey(host)
                || clients.contains(host)
                || directHosts.contains(host)
                || ArpPolicy.isOurs(situation, host);
        if (!situation.routed() && !known && sought.size() < MAX_SOUGHT) {
            sought.put(host, now + SOUGHT_MILLIS);
        }
    }

    /**
     * Has flat clients looked for that a former run knew.
     *
     * @param hosts their addresses; no more than {@link #MAX_HOSTS} are looked for
     * @param now milliseconds of a clock that only goes forward
     */
    synchronized void expect(Collection<IpAddress> hosts, long now) {
        for (IpAddress host : hosts) {
            if (sought.size() < MAX_HOSTS && !clients.contains(host)) {
                sought.put(host, now + EXPECTED_MILLIS);
            }
        }
    }

    /**
     * Returns the hosts that are to be looked for: servers asked for them a short while ago, or a former run knew them.
     *
     * @param now milliseconds of a clock that only goes forward
     * @return their addresses
     */
    synchronized Set<IpAddress> sought(long now) {
        sought.values().removeIf(until -> now >= until);
        sought.keySet().removeIf(clients::contains);
        return ImmutableSet.copyOf(sought.keySet());
    }

    private static boolean asksForVirtual(Situation situation, ArpMessage message) {
        return message.isRequest() && situation.isVirtual(message.target());
    }

    private boolean hearRouter(Situation situation, ArpMessage message, ConnectPoint at, long now) {
        Ilb ilb = situation.ilb(at.deviceId()).orElseThrow();
        if (!ilb.uplink().orElseThrow().nextHop().equals(message.sender())) {
            return false;
        }
        Long former = routersHeard.put(ilb.id(), now);
        MacAddress formerMac = routers.put(ilb.id(), message.senderMac());
        return former == null
                || now - former > FRESH_MILLIS
                || !message.senderMac().equals(formerMac);
    }

    private boolean hearServer(Server server, Place place, long now) {
        if (!server.mac().map(place.mac()::equals).orElse(true)
                || !server.location().map(place.location()::equals).orElse(true)) {
            return false;
        }
        IpAddress address = server.endpoint().address();
        serversHeard.put(address, now);
        return !place.equals(servers.put(address, place));
    }

    /**
     * Returns where servers are.
     *
     * @param frontEnd the configuration
     * @param isFabric tells ports that lead to other switches: a server once seen there was seen through another switch
     * @return the places that are known, by the servers' addresses
     */
    synchronized Map<IpAddress, Place> servers(FrontEnd frontEnd, Predicate<ConnectPoint> isFabric) {
        ImmutableMap.Builder<IpAddress, Place> places = ImmutableMap.builder();
        configured(frontEnd).forEach((address, server) -> {
            Place learnt = servers.get(address);
            Optional<MacAddress> mac =
                    server.mac().or(() -> Optional.ofNullable(learnt).map(Place::mac));
            Optional<ConnectPoint> location = server.location()
                    .or(() -> Optional.ofNullable(learnt).map(Place::location).filter(isFabric.negate()));
            if (mac.isPresent() && location.isPresent()) {
                places.put(address, new Place(mac.get(), location.get()));
            }
        });
        return places.build();
    }

    /**
     * Tells when a server was last heard.
     *
     * @param server its address
     * @return the time, empty if it never was
     */
    synchronized Optional<Long> serverHeard(IpAddress server) {
        return Optional.ofNullable(serversHeard.get(server));
    }

    /**
     * Returns the MAC address of the router on an uplink.
     *
     * @param ilb the ILB
     * @return the address heard last, empty if none ever was
     */
    synchronized Optional<MacAddress> router(IlbId ilb) {
        return Optional.ofNullable(routers.get(ilb));
    }

    /**
     * Tells when the router on an uplink was last heard.
     *
     * @param ilb the ILB
     * @return the time, empty if it never was
     */
    synchronized Optional<Long> routerHeard(IlbId ilb) {
        return Optional.ofNullable(routersHeard.get(ilb));
    }

    /** Returns flat clients, without those on ports that turned out to lead to other switches. */
    synchronized Map<IpAddress, Place> clients(Predicate<ConnectPoint> isFabric) {
        return without(isFabric, clients.places());
    }

    /** Returns direct hosts, without those on ports that turned out to lead to other switches. */
    synchronized Map<IpAddress, Place> directHosts(Predicate<ConnectPoint> isFabric) {
        return without(isFabric, directHosts.places());
    }

    private static Map<IpAddress, Place> without(Predicate<ConnectPoint> isFabric, Map<IpAddress, Place> hosts) {
        ImmutableMap.Builder<IpAddress, Place> rest = ImmutableMap.builder();
        hosts.forEach((address, place) -> {
            if (!isFabric.test(place.location())) {
                rest.put(address, place);
            }
        });
        return rest.build();
    }

    /**
     * Returns the clients and direct hosts that have been silent for a while and should be asked whether they are there.
     *
     * @param before the time before which they were heard last
     * @return where they were
     */
    synchronized Map<IpAddress, Place> silentHosts(long before) {
        Map<IpAddress, Place> silent = new HashMap<>(directHosts.silent(before));
        silent.putAll(clients.silent(before));
        return silent;
    }

    /**
     * Forgets hosts that have been silent too long.
     *
     * @param now milliseconds of a clock that only goes forward
     * @return true if any went
     */
    synchronized boolean age(long now) {
        boolean any = clients.forgetSilent(now - HOST_AGE_MILLIS);
        return directHosts.forgetSilent(now - HOST_AGE_MILLIS) || any;
    }
}
