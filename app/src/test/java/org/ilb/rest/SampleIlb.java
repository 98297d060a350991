package org.ilb.rest;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ilb.Absence;
import org.ilb.AdminState;
import org.ilb.Association;
import org.ilb.AssociationFilter;
import org.ilb.AssociationPage;
import org.ilb.AssociationState;
import org.ilb.BucketState;
import org.ilb.BucketStatus;
import org.ilb.Buckets;
import org.ilb.Counters;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.HealthState;
import org.ilb.Ilb;
import org.ilb.IlbAdminService;
import org.ilb.IlbId;
import org.ilb.IlbStatistics;
import org.ilb.IlbStatus;
import org.ilb.Latencies;
import org.ilb.Ranking;
import org.ilb.Server;
import org.ilb.ServerHealth;
import org.ilb.ServerStatistics;
import org.ilb.ServerStatus;
import org.ilb.Service;
import org.ilb.ServiceStatistics;
import org.ilb.Settings;
import org.ilb.Statistics;
import org.ilb.Traffic;
import org.ilb.UnknownConnection;
import org.ilb.Uplink;
import org.ilb.View;
import org.ilb.ViewPeriod;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/**
 * A front-end function of three services, one of them in buckets, two ILBs and five connections; or one before its configuration.
 */
public class SampleIlb implements IlbAdminService {

    private static final Endpoint WEB = Endpoint.parse("203.0.113.10:80");
    private static final Endpoint API = Endpoint.parse("203.0.113.10:443");
    private static final Endpoint SERVER = Endpoint.parse("10.0.1.1:8080");
    private static final Endpoint SECOND = Endpoint.parse("10.0.1.2:8080");
    private static final Endpoint SPARE = Endpoint.parse("10.0.1.9:8080");
    private static final Endpoint BULK = Endpoint.parse("203.0.113.10:8000");
    private static final Endpoint SERVER_OF_BULK = Endpoint.parse("10.0.1.1:8000");
    private static final Endpoint FORMER = Endpoint.parse("10.0.1.3:8000");
    private static final IlbId ONE = IlbId.parse("10.0.2.1");
    private static final IlbId TWO = IlbId.parse("10.0.2.2");

    private final boolean configured;

    /**
     * Creates a function.
     *
     * @param configured whether it has its configuration
     */
    public SampleIlb(boolean configured) {
        this.configured = configured;
    }

    @Override
    public Optional<FrontEnd> frontEnd() {
        return configured
                ? Optional.of(new FrontEnd(
                        ImmutableList.of(
                                service(
                                                "web",
                                                WEB,
                                                new Server(
                                                        SERVER,
                                                        3,
                                                        null,
                                                        ConnectPoint.deviceConnectPoint("of:00000000000000a1/1")),
                                                new Server(SECOND, 1, null, null)
                                                        .in(AdminState.DRAINING, Instant.parse("2030-01-31T18:00:00Z")))
                                        .backedUpBy(ImmutableList.of(new Server(SPARE, 1, null, null))),
                                service("api", API, new Server(Endpoint.parse("10.0.1.2:8443"), 1, null, null)),
                                service("bulk", BULK, new Server(SERVER_OF_BULK, 2, null, null))
                                        .inBuckets(Optional.of(new Buckets(
                                                0x1e, Buckets.Binding.LAZY, Duration.ZERO, Duration.ofMinutes(1), 4)))),
                        ImmutableList.of(ilb(1, ONE), ilb(2, TWO)),
                        Settings.builder(0xfeedL).build()))
                : Optional.empty();
    }

    private static Service service(String name, Endpoint endpoint, Server... servers) {
        return new Service(
                name,
                endpoint,
                "weighted-round-robin",
                HandOff.DIRECT,
                UnknownConnection.RESET,
                ImmutableList.of(IpPrefix.valueOf("10.9.0.0/16")),
                ImmutableList.copyOf(servers));
    }

    private static Ilb ilb(int number, IlbId id) {
        return new Ilb(
                        id,
                        DeviceId.deviceId("of:000000000000000" + number),
                        IpAddress.valueOf(id.toString()),
                        new Uplink(PortNumber.portNumber(number), IpAddress.valueOf("10.0.2.254")))
                .draining(number == 2);
    }

    @Override
    public View view() {
        return configured ? new View(3, ImmutableSet.of(ONE)) : new View(0, ImmutableSet.of());
    }

    @Override
    public List<ViewPeriod> views() {
        return configured
                ? ImmutableList.of(
                        new ViewPeriod(view(), Instant.parse("2026-01-02T03:04:05.678901Z")),
                        new ViewPeriod(new View(2, ImmutableSet.of(ONE, TWO)), Instant.parse("2026-01-01T00:00:00Z")))
                : ImmutableList.of();
    }

    @Override
    public IlbStatus status(IlbId ilb) {
        return new IlbStatus(ilb.equals(ONE), ilb.equals(ONE), 5, 0, 7, 4)
                .absent(ilb.equals(ONE) ? null : Absence.AWAY);
    }

    @Override
    public ServerStatus status(String service, Endpoint server) {
        if (service.equals("api")) {
            throw new IllegalArgumentException("as if the configuration had just changed");
        }
        return server.equals(SERVER)
                ? new ServerStatus(
                        MacAddress.valueOf("00:00:00:00:01:01"),
                        ConnectPoint.deviceConnectPoint("of:00000000000000a1/1"),
                        4)
                : new ServerStatus(null, null, 1, health(server));
    }

    private static ServerHealth health(Endpoint server) {
        return server.equals(SECOND)
                ? new ServerHealth(HealthState.DOWN, Instant.parse("2026-01-02T03:04:05Z"), "status 503")
                : server.equals(SPARE) ? new ServerHealth(HealthState.UNKNOWN, null, null) : ServerHealth.UNCHECKED;
    }

    @Override
    public AssociationPage associations(AssociationFilter filter, int offset, int limit) {
        List<Association> all = matching(filter);
        return new AssociationPage(
                all.size(), all.stream().skip(offset).limit(limit).collect(Collectors.toList()));
    }

    private static List<Association> matching(AssociationFilter filter) {
        return ImmutableList.of(40001, 40002, 40003, 40004, 40005).stream()
                .map(port -> FlowKey.of(port == 40005 ? API : WEB, Endpoint.parse("198.51.100.7:" + port)))
                .map(SampleIlb::association)
                .filter(filter::matches)
                .collect(Collectors.toList());
    }

    @Override
    public int end(AssociationFilter filter) {
        return matching(filter).size();
    }

    /** The first has been answered and has a backup, the others have neither. */
    private static Association association(FlowKey key) {
        return key.sourcePort() == 40001
                ? new Association(key, SERVER, ONE, TWO, 3, 12345)
                        .receivedBy(TWO)
                        .in(AssociationState.ESTABLISHED)
                : new Association(key, SERVER, ONE, null, 3, 12345);
    }

    @Override
    public List<BucketStatus> buckets(String service) {
        if (!service.equals("bulk")) {
            return ImmutableList.of();
        }
        FlowKey key = FlowKey.of(BULK, Endpoint.parse("0.0.0.0:2"));
        return ImmutableList.of(
                new BucketStatus(0, BucketState.UNBOUND, null, null, 0, 0, 0),
                new BucketStatus(
                        1, BucketState.SETTLED, new Association(key, SERVER_OF_BULK, ONE, TWO, 3, 1), null, 0, 10, 800),
                new BucketStatus(
                        2,
                        BucketState.MOVING,
                        new Association(key, FORMER, ONE, null, 3, 2),
                        SERVER_OF_BULK,
                        7,
                        20,
                        1600));
    }

    @Override
    public Optional<Ranking> elect(FlowKey key) {
        return configured
                ? Optional.of(new Ranking(
                        key, 3, ImmutableList.of(new Ranking.Score(TWO, -1), new Ranking.Score(ONE, key.sourcePort()))))
                : Optional.empty();
    }

    @Override
    public Statistics statistics() {
        Latencies none = new Latencies(ImmutableList.of(Duration.ofMillis(1)), ImmutableList.of(0L, 0L), Duration.ZERO);
        Instant since = Instant.parse("2026-01-01T00:00:00Z");
        if (!configured) {
            return new Statistics(since, since, ImmutableList.of(), ImmutableList.of(), none, 0);
        }
        Latencies decisions = new Latencies(
                ImmutableList.of(Duration.ofNanos(500_000), Duration.ofMillis(1)),
                ImmutableList.of(6L, 3L, 1L),
                Duration.ofMillis(8));
        return new Statistics(
                since,
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                ImmutableList.of(
                        new ServiceStatistics(
                                "web",
                                9,
                                2,
                                ImmutableList.of(
                                        new ServerStatistics(
                                                SERVER, 4, 6, new Traffic(70, 7000), new Traffic(50, 50_000), 3),
                                        new ServerStatistics(
                                                Endpoint.parse("10.0.1.2:8080"),
                                                1,
                                                2,
                                                new Traffic(10, 800),
                                                Traffic.NONE,
                                                0))),
                        new ServiceStatistics(
                                "bulk",
                                0,
                                0,
                                ImmutableList.of(new ServerStatistics(
                                        SERVER_OF_BULK, 0, 0, new Traffic(5, 400), new Traffic(4, 4000), 0)))),
                ImmutableList.of(
                        new IlbStatistics(ONE, 8, 7, 2, 3, 1, new Traffic(60, 6000), decisions),
                        new IlbStatistics(TWO, 1, 1, 0, 0, 0, new Traffic(25, 2200), none)),
                decisions,
                1);
    }

    @Override
    public Counters counters() {
        return new Counters(ImmutableMap.of("packet-ins", 5L, "hand-offs", 2L));
    }
}
