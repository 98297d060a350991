package org.ilb.frontend;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.Optional;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.ilb.Uplink;
import org.onlab.packet.IpAddress;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/** Configurations for tests. */
final class TestFrontEnd {

    static final Endpoint SERVICE = Endpoint.parse("10.100.0.1:80");

    private TestFrontEnd() {}

    static FrontEnd routed(int ilbs, int servers) {
        return routed(ilbs, servers, UnknownConnection.RESET);
    }

    static FrontEnd routed(int ilbs, int servers, UnknownConnection unknown) {
        ImmutableList.Builder<Server> pool = ImmutableList.builder();
        for (int i = 1; i <= servers; i++) {
            pool.add(new Server(Endpoint.parse("10.0.0." + (10 + i) + ":8080"), i, null, null));
        }
        ImmutableList.Builder<Ilb> switches = ImmutableList.builder();
        for (int i = 1; i <= ilbs; i++) {
            IpAddress address = IpAddress.valueOf("10.10." + i + ".1");
            switches.add(new Ilb(
                    IlbId.of(address),
                    DeviceId.deviceId("of:000000000000000" + i),
                    address,
                    new Uplink(PortNumber.portNumber(1), IpAddress.valueOf("10.10." + i + ".254"))));
        }
        Service service = new Service(
                "web", SERVICE, "weighted-round-robin", HandOff.DIRECT, unknown, ImmutableList.of(), pool.build());
        return new FrontEnd(
                ImmutableList.of(service), switches.build(), Settings.builder(1).build());
    }

    /** The same, handed off otherwise and with caches of another size. */
    static FrontEnd handedOff(FrontEnd frontEnd, HandOff handOff, int cacheSize) {
        Service service = frontEnd.services().get(0);
        return new FrontEnd(
                ImmutableList.of(new Service(
                        service.name(),
                        service.endpoint(),
                        service.policy(),
                        handOff,
                        service.unknown(),
                        service.direct(),
                        service.servers())),
                frontEnd.ilbs(),
                Settings.builder(1).cacheSize(cacheSize).build());
    }

    /** The same, its connections gathered into 16 buckets, and with a pool of servers of these weights. */
    static FrontEnd inBuckets(FrontEnd frontEnd, int... weights) {
        return inBucketsOf(0x1e, frontEnd, weights);
    }

    /** The same, its connections gathered by these bits of the client's port, and with a pool of servers of these weights. */
    static FrontEnd inBucketsOf(int portMask, FrontEnd frontEnd, int... weights) {
        return inBuckets(portMask, Buckets.Binding.AHEAD, frontEnd, weights);
    }

    /** The same, each bucket getting its server when its first connection begins. */
    static FrontEnd inLazyBuckets(FrontEnd frontEnd, int... weights) {
        return inBuckets(0x1e, Buckets.Binding.LAZY, frontEnd, weights);
    }

    private static FrontEnd inBuckets(int portMask, Buckets.Binding binding, FrontEnd frontEnd, int... weights) {
        Service service = frontEnd.services().get(0);
        ImmutableList.Builder<Server> pool = ImmutableList.builder();
        for (int i = 0; i < weights.length; i++) {
            pool.add(new Server(Endpoint.parse("10.0.0." + (11 + i) + ":8080"), weights[i], null, null));
        }
        Buckets buckets = new Buckets(portMask, binding, Duration.ofSeconds(3), Duration.ofSeconds(60), 16);
        return new FrontEnd(
                ImmutableList.of(new Service(
                                service.name(),
                                service.endpoint(),
                                service.policy(),
                                service.handOff(),
                                service.unknown(),
                                service.direct(),
                                pool.build())
                        .inBuckets(Optional.of(buckets))),
                frontEnd.ilbs(),
                frontEnd.settings());
    }

    /** The same, one ILB being drained. */
    static FrontEnd draining(FrontEnd frontEnd, int index) {
        ImmutableList.Builder<Ilb> ilbs = ImmutableList.builder();
        for (int i = 0; i < frontEnd.ilbs().size(); i++) {
            ilbs.add(frontEnd.ilbs().get(i).draining(i == index));
        }
        return new FrontEnd(frontEnd.services(), ilbs.build(), frontEnd.settings());
    }
}
