package org.ilb.dataplane.fabric;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.SetMultimap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.dataplane.rule.PortBits;
import org.onlab.packet.IpAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;

/**
 * All that the standing rules depend on, at one moment.
 *
 * <p>Immutable and thread-safe.
 */
final class Situation {

    private final FrontEnd frontEnd;
    private final Wiring wiring;
    private final ImmutableSet<DeviceId> available;
    private final ImmutableSet<DeviceId> singleTable;
    private final ImmutableMap<IpAddress, Place> servers;
    private final ImmutableMap<IlbId, NextHop> nextHops;
    private final ImmutableMap<IpAddress, Place> clients;
    private final ImmutableMap<IpAddress, Place> directHosts;
    private final ImmutableSet<IlbId> out;
    private final ImmutableSetMultimap<Endpoint, PortBits> moving;
    private final ImmutableSet<ConnectPoint> uplinks;
    private final ImmutableMap<DeviceId, Ilb> ilbs;
    private final ImmutableSet<IpAddress> virtualAddresses;
    private final ImmutableMap<IpAddress, Server> configuredServers;
    private final ImmutableSet<Place> serverPlaces;
    private final ImmutableSet<ConnectPoint> serverPorts;
    private final ImmutableSet<DeviceId> serverEdges;

    private Situation(Builder builder) {
        this.frontEnd = builder.frontEnd;
        this.wiring = builder.wiring;
        this.available = ImmutableSet.copyOf(builder.available);
        this.singleTable = ImmutableSet.copyOf(builder.singleTable);
        this.servers = ImmutableMap.copyOf(builder.servers);
        this.nextHops = ImmutableMap.copyOf(builder.nextHops);
        this.clients = ImmutableMap.copyOf(builder.clients);
        this.directHosts = ImmutableMap.copyOf(builder.directHosts);
        this.out = ImmutableSet.copyOf(builder.out);
        this.moving = ImmutableSetMultimap.copyOf(builder.moving);
        ImmutableSet.Builder<ConnectPoint> routed = ImmutableSet.builder();
        ImmutableMap.Builder<DeviceId, Ilb> byDevice = ImmutableMap.builder();
        for (Ilb ilb : frontEnd.ilbs()) {
            byDevice.put(ilb.device(), ilb);
            ilb.uplink().ifPresent(uplink -> routed.add(new ConnectPoint(ilb.device(), uplink.port())));
        }
        this.uplinks = routed.build();
        this.ilbs = byDevice.build();
        this.virtualAddresses = frontEnd.services().stream()
                .map(service -> service.endpoint().address())
                .collect(ImmutableSet.toImmutableSet());
        this.configuredServers = ImmutableMap.copyOf(Neighbours.configured(frontEnd));
        this.serverPlaces = frontEnd.services().stream()
                .flatMap(service -> service.allServers().stream())
                .flatMap(server -> server(server.endpoint()).stream())
                .collect(ImmutableSet.toImmutableSet());
        this.serverPorts = serverPlaces.stream().map(Place::location).collect(ImmutableSet.toImmutableSet());
        this.serverEdges = serverPorts.stream().map(ConnectPoint::deviceId).collect(ImmutableSet.toImmutableSet());
    }

    /**
     * Returns a builder of a situation in which nothing is known yet.
     *
     * @param frontEnd the configuration in force
     * @return a new builder
     */
    static Builder of(FrontEnd frontEnd) {
        return new Builder(frontEnd);
    }

    FrontEnd frontEnd() {
        return frontEnd;
    }

    Wiring wiring() {
        return wiring;
    }

    /** Returns which switches are connected. */
    Set<DeviceId> available() {
        return available;
    }

    /** Returns which switches have one table only. */
    Set<DeviceId> singleTable() {
        return singleTable;
    }

    /** Returns where each server is, by its address. */
    Map<IpAddress, Place> servers() {
        return servers;
    }

    /** Tells whether an address is a service's. */
    boolean isVirtual(IpAddress address) {
        return virtualAddresses.contains(address);
    }

    /** Returns what is configured of each server, by its address. */
    Map<IpAddress, Server> configuredServers() {
        return configuredServers;
    }

    /** Returns where a server is. */
    Optional<Place> server(Endpoint server) {
        return Optional.ofNullable(servers.get(server.address()));
    }

    /** Returns the places of servers, each once, in the order of the configuration. */
    Set<Place> serverPlaces() {
        return serverPlaces;
    }

    /** Returns the switches that servers are attached to. */
    Set<DeviceId> serverEdges() {
        return serverEdges;
    }

    /** Tells whether a server is attached to a port. */
    boolean hasServer(ConnectPoint port) {
        return serverPorts.contains(port);
    }

    /** Returns what is known of uplinks; without those whose router never answered. */
    Map<IlbId, NextHop> nextHops() {
        return nextHops;
    }

    /** Returns where the clients are that asked for a virtual address themselves; none in routed mode. */
    Map<IpAddress, Place> clients() {
        return clients;
    }

    /** Returns where hosts of prefixes configured as direct are, those in the servers' own network. */
    Map<IpAddress, Place> directHosts() {
        return directHosts;
    }

    /** Tells whether an ILB is out: it was missed, or its switch is. */
    boolean isOut(IlbId ilb) {
        return out.contains(ilb);
    }

    /** Returns the same situation with other ILBs out. */
    Situation withOut(Set<IlbId> ilbs) {
        return of(frontEnd)
                .wiring(wiring)
                .available(available)
                .singleTable(singleTable)
                .servers(servers)
                .nextHops(nextHops)
                .clients(clients)
                .directHosts(directHosts)
                .moving(moving)
                .out(ilbs)
                .build();
    }

    /** Returns the buckets of a service some of whose connections may have exact rules of their own, at any ILB. */
    Set<PortBits> moving(Endpoint service) {
        return moving.get(service);
    }

    /** Returns the ports towards routers. */
    Set<ConnectPoint> uplinks() {
        return uplinks;
    }

    /** Tells whether clients come through routers: true as soon as one ILB has an uplink. */
    boolean routed() {
        return !uplinks.isEmpty();
    }

    /** Returns the ILB that a switch is, if it is one. */
    Optional<Ilb> ilb(DeviceId device) {
        return Optional.ofNullable(ilbs.get(device));
    }

    /** Builds a situation. Not thread-safe. */
    static final class Builder {

        private final FrontEnd frontEnd;
        private Wiring wiring = Wiring.NONE;
        private Set<DeviceId> available = ImmutableSet.of();
        private Set<DeviceId> singleTable = ImmutableSet.of();
        private Map<IpAddress, Place> servers = ImmutableMap.of();
        private Map<IlbId, NextHop> nextHops = ImmutableMap.of();
        private Map<IpAddress, Place> clients = ImmutableMap.of();
        private Map<IpAddress, Place> directHosts = ImmutableMap.of();
        private Set<IlbId> out = ImmutableSet.of();
        private SetMultimap<Endpoint, PortBits> moving = ImmutableSetMultimap.of();

        private Builder(FrontEnd frontEnd) {
            this.frontEnd = checkNotNull(frontEnd);
        }

        Builder wiring(Wiring value) {
            this.wiring = value;
            return this;
        }

        Builder available(Set<DeviceId> devices) {
            this.available = devices;
            return this;
        }

        Builder singleTable(Set<DeviceId> devices) {
            this.singleTable = devices;
            return this;
        }

        Builder servers(Map<IpAddress, Place> places) {
            this.servers = places;
            return this;
        }

        Builder nextHops(Map<IlbId, NextHop> hops) {
            this.nextHops = hops;
            return this;
        }

        Builder clients(Map<IpAddress, Place> places) {
            this.clients = places;
            return this;
        }

        Builder directHosts(Map<IpAddress, Place> places) {
            this.directHosts = places;
            return this;
        }

        Builder out(Set<IlbId> ilbs) {
            this.out = ilbs;
            return this;
        }

        Builder moving(SetMultimap<Endpoint, PortBits> buckets) {
            this.moving = buckets;
            return this;
        }

        Situation build() {
            return new Situation(this);
        }
    }
}
