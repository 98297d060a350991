package org.ilb.frontend;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.Map;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Service;
import org.onlab.packet.IpAddress;
import org.onosproject.net.DeviceId;

/**
 * The configuration in force, indexed for the packet path: which services there are, and which switches are ILBs.
 *
 * <p>Immutable and thread-safe.
 */
final class Enrolment {

    private final FrontEnd frontEnd;
    private final ImmutableMap<Long, Service> services;
    private final ImmutableMap<Endpoint, Service> byServer;
    private final ImmutableSet<IpAddress> virtualAddresses;
    private final ImmutableMap<DeviceId, Ilb> byDevice;
    private final ImmutableMap<IlbId, Ilb> byId;

    Enrolment(FrontEnd frontEnd) {
        this.frontEnd = frontEnd;
        ImmutableMap.Builder<Long, Service> byEndpoint = ImmutableMap.builder();
        frontEnd.services().forEach(service -> byEndpoint.put(place(service.endpoint()), service));
        this.services = byEndpoint.build();
        this.virtualAddresses = frontEnd.services().stream()
                .map(service -> service.endpoint().address())
                .collect(ImmutableSet.toImmutableSet());
        Map<Endpoint, Service> servers = new HashMap<>();
        frontEnd.services().forEach(service -> service.allServers()
                .forEach(server -> servers.put(service.addressed(server.endpoint()), service)));
        this.byServer = ImmutableMap.copyOf(servers);
        ImmutableMap.Builder<DeviceId, Ilb> devices = ImmutableMap.builder();
        ImmutableMap.Builder<IlbId, Ilb> ids = ImmutableMap.builder();
        for (Ilb ilb : frontEnd.ilbs()) {
            devices.put(ilb.device(), ilb);
            ids.put(ilb.id(), ilb);
        }
        this.byDevice = devices.build();
        this.byId = ids.build();
    }

    FrontEnd frontEnd() {
        return frontEnd;
    }

    /** Whether an address is a service's. */
    boolean isVirtual(IpAddress address) {
        return virtualAddresses.contains(address);
    }

    /** The service of a virtual address and port, or null. */
    Service service(Endpoint endpoint) {
        return services.get(place(endpoint));
    }

    /** The service that a connection goes to, or null. */
    Service service(FlowKey key) {
        return services.get(place(key.destinationAddress(), key.destinationPort()));
    }

    /** The service whose servers answer from an address and port, or null. */
    Service serviceOf(Endpoint source) {
        return byServer.get(source);
    }

    /** Whether the service of an association, and its server, are configured. */
    boolean serves(Association association) {
        Service service = service(association.key());
        return service != null
                && service.allServers().stream()
                        .anyMatch(server -> server.endpoint().equals(association.server()));
    }

    /** The ILB that a switch is, or null. */
    Ilb ilb(DeviceId device) {
        return byDevice.get(device);
    }

    /** The ILB of an id, or null. */
    Ilb ilb(IlbId id) {
        return byId.get(id);
    }

    private static long place(Endpoint endpoint) {
        return place(endpoint.address().getIp4Address().toInt(), endpoint.port());
    }

    private static long place(int address, int port) {
        return (long) address << Short.SIZE | port;
    }
}
