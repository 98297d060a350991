package org.ilb.frontend;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntBiFunction;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.IlbStatistics;
import org.ilb.Latencies;
import org.ilb.Server;
import org.ilb.ServerStatistics;
import org.ilb.Service;
import org.ilb.ServiceStatistics;
import org.ilb.Traffic;

/**
 * What is counted by service, server and ILB, for those that are configured: what is not, or no more, counts nowhere.
 *
 * <p>Counting is for any thread: a look-up in a map that nobody writes to, and an adder; no lock, and nothing is allocated.
 */
final class Meters {

    private volatile ImmutableMap<Endpoint, OfService> services = ImmutableMap.of();
    private volatile ImmutableMap<IlbId, OfIlb> ilbs = ImmutableMap.of();
    private final LatencyMeter storeWrites = new LatencyMeter();

    /** Begins to count for what is new, and forgets what is gone; what stays goes on. For one thread at a time. */
    void configure(FrontEnd frontEnd) {
        ImmutableMap.Builder<Endpoint, OfService> nextServices = ImmutableMap.builder();
        for (Service service : frontEnd.services()) {
            nextServices.put(service.endpoint(), new OfService(service, services.get(service.endpoint())));
        }
        ImmutableMap.Builder<IlbId, OfIlb> nextIlbs = ImmutableMap.builder();
        for (Ilb ilb : frontEnd.ilbs()) {
            OfIlb known = ilbs.get(ilb.id());
            nextIlbs.put(ilb.id(), known != null ? known : new OfIlb());
        }
        services = nextServices.build();
        ilbs = nextIlbs.build();
    }

    /** A segment came up. */
    void packetIn(Arrival arrival) {
        OfIlb ilb = ilbs.get(arrival.ilb().id());
        if (ilb != null) {
            ilb.packetIns.increment();
        }
        OfService service = services.get(arrival.service().endpoint());
        if (service != null) {
            service.packetIns.increment();
        }
    }

    /** A segment found no server or no room; only SYNs count. */
    void refused(Arrival arrival) {
        if (!arrival.segment().isSyn()) {
            return;
        }
        OfIlb ilb = ilbs.get(arrival.ilb().id());
        if (ilb != null) {
            ilb.refused.increment();
        }
        OfService service = services.get(arrival.service().endpoint());
        if (service != null) {
            service.refused.increment();
        }
    }

    /** A receiving ILB handed a segment to its owner. */
    void handedOff(IlbId receiver) {
        OfIlb ilb = ilbs.get(receiver);
        if (ilb != null) {
            ilb.handOffs.increment();
        }
    }

    /** A receiving ILB's cache knew the server of a segment. */
    void cacheHit(IlbId receiver) {
        OfIlb ilb = ilbs.get(receiver);
        if (ilb != null) {
            ilb.cacheHits.increment();
        }
    }

    /** A connection got a server. */
    void opened(Association association, IlbId receiver) {
        OfIlb ilb = ilbs.get(receiver);
        if (ilb != null) {
            ilb.opened.increment();
        }
        OfServer server = server(association.key().destination(), association.server());
        if (server != null) {
            server.opened.increment();
        }
    }

    /** The store confirmed a new association after so long. */
    void stored(long nanos) {
        storeWrites.record(nanos);
    }

    /** A segment that came up was sent on to its server from here. */
    void released(Arrival arrival, Endpoint server, long now) {
        OfIlb ilb = ilbs.get(arrival.ilb().id());
        if (ilb != null) {
            ilb.decisions.record(now - arrival.acceptedAt());
        }
        received(
                arrival.ilb().id(),
                arrival.service().endpoint(),
                server,
                1,
                arrival.segment().frameLength());
    }

    /** An ILB passed packets of clients on to a server. */
    void received(IlbId receiver, Endpoint service, Endpoint server, long packets, long bytes) {
        OfIlb ilb = ilbs.get(receiver);
        if (ilb != null) {
            ilb.received.add(packets, bytes);
        }
        OfServer at = server(service, server);
        if (at != null) {
            at.received.add(packets, bytes);
        }
    }

    /** A server's edge switch passed its answers on. */
    void sent(Endpoint service, Endpoint server, long packets, long bytes) {
        OfServer at = server(service, server);
        if (at != null) {
            at.sent.add(packets, bytes);
        }
    }

    /** A server's health check found it up or down when it was not before. */
    void judged(Endpoint server) {
        // An address and port belong to one service.
        for (OfService service : services.values()) {
            OfServer at = service.servers.get(server);
            if (at != null) {
                at.healthTransitions.increment();
            }
        }
    }

    private OfServer server(Endpoint service, Endpoint server) {
        OfService known = services.get(service);
        return known == null ? null : known.servers.get(server);
    }

    Latencies storeWrites() {
        return storeWrites.snapshot();
    }

    /**
     * What services have had to do.
     *
     * @param frontEnd the services to tell of
     * @param active how many connections a server of a service has
     */
    List<ServiceStatistics> services(FrontEnd frontEnd, ToIntBiFunction<Endpoint, Endpoint> active) {
        ImmutableList.Builder<ServiceStatistics> all = ImmutableList.builder();
        for (Service service : frontEnd.services()) {
            OfService counted = services.get(service.endpoint());
            if (counted != null) {
                all.add(counted.snapshot(service, active));
            }
        }
        return all.build();
    }

    /** What ILBs have had to do. */
    List<IlbStatistics> ilbs(FrontEnd frontEnd) {
        ImmutableList.Builder<IlbStatistics> all = ImmutableList.builder();
        for (Ilb ilb : frontEnd.ilbs()) {
            OfIlb counted = ilbs.get(ilb.id());
            if (counted != null) {
                all.add(counted.snapshot(ilb.id()));
            }
        }
        return all.build();
    }

    /** Packets and bytes one way. */
    private static final class Flow {

        private final LongAdder packets = new LongAdder();
        private final LongAdder bytes = new LongAdder();

        void add(long morePackets, long moreBytes) {
            packets.add(morePackets);
            bytes.add(moreBytes);
        }

        Traffic snapshot() {
            return new Traffic(packets.sum(), bytes.sum());
        }
    }

    private static final class OfServer {

        private final LongAdder opened = new LongAdder();
        private final Flow received = new Flow();
        private final Flow sent = new Flow();
        private final LongAdder healthTransitions = new LongAdder();

        ServerStatistics snapshot(Endpoint server, int active) {
            return new ServerStatistics(
                    server, active, opened.sum(), received.snapshot(), sent.snapshot(), healthTransitions.sum());
        }
    }

    private static final class OfService {

        private final LongAdder packetIns;
        private final LongAdder refused;
        private final ImmutableMap<Endpoint, OfServer> servers;

        OfService(Service service, OfService former) {
            packetIns = former == null ? new LongAdder() : former.packetIns;
            refused = former == null ? new LongAdder() : former.refused;
            ImmutableMap.Builder<Endpoint, OfServer> all = ImmutableMap.builder();
            for (Server server : service.allServers()) {
                OfServer known = former == null ? null : former.servers.get(server.endpoint());
                all.put(server.endpoint(), known != null ? known : new OfServer());
            }
            servers = all.build();
        }

        ServiceStatistics snapshot(Service service, ToIntBiFunction<Endpoint, Endpoint> active) {
            ImmutableList.Builder<ServerStatistics> all = ImmutableList.builder();
            for (Server server : service.allServers()) {
                OfServer counted = servers.get(server.endpoint());
                if (counted != null) {
                    all.add(counted.snapshot(
                            server.endpoint(), active.applyAsInt(service.endpoint(), server.endpoint())));
                }
            }
            return new ServiceStatistics(service.name(), packetIns.sum(), refused.sum(), all.build());
        }
    }

    private static final class OfIlb {

        private final LongAdder packetIns = new LongAdder();
        private final LongAdder opened = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder handOffs = new LongAdder();
        private final LongAdder cacheHits = new LongAdder();
        private final Flow received = new Flow();
        private final LatencyMeter decisions = new LatencyMeter();

        IlbStatistics snapshot(IlbId id) {
            return new IlbStatistics(
                    id,
                    packetIns.sum(),
                    opened.sum(),
                    refused.sum(),
                    handOffs.sum(),
                    cacheHits.sum(),
                    received.snapshot(),
                    decisions.snapshot());
        }
    }
}
