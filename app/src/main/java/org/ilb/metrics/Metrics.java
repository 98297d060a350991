package org.ilb.metrics;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.ilb.AdminState;
import org.ilb.Endpoint;
import org.ilb.HealthState;
import org.ilb.Ilb;
import org.ilb.IlbService;
import org.ilb.IlbStatistics;
import org.ilb.IlbStatus;
import org.ilb.Latencies;
import org.ilb.Server;
import org.ilb.ServerStatistics;
import org.ilb.ServerStatus;
import org.ilb.Service;
import org.ilb.ServiceStatistics;
import org.ilb.Statistics;

/**
 * The metrics that there are.
 *
 * <p>Counters begin at 0 when the function is activated; a service, server or ILB that is configured anew begins at 0, too. Each
 * value is taken by asking {@link IlbService} once for each service, server and ILB.
 */
public final class Metrics {

    private static final String SERVICE = "service";
    private static final String SERVER = "server";
    private static final String ILB = "ilb";

    private final List<Family> families = new ArrayList<>();

    private Metrics() {}

    /**
     * Takes all metrics.
     *
     * @param ilb whom to ask
     * @return a snapshot, in an order that stays
     */
    public static List<Family> of(IlbService ilb) {
        Metrics metrics = new Metrics();
        Statistics statistics = ilb.statistics();
        metrics.function(ilb, statistics);
        metrics.services(statistics.services());
        metrics.servers(statistics.services());
        metrics.states(ilb);
        metrics.ilbs(statistics.ilbs());
        metrics.statuses(ilb);
        return ImmutableList.copyOf(metrics.families);
    }

    private void function(IlbService ilb, Statistics statistics) {
        List<Sample> events = new ArrayList<>();
        ilb.counters()
                .values()
                .forEach((event, count) ->
                        events.add(new Sample("ilb_events_total", ImmutableMap.of("event", event), count)));
        add(
                "ilb_events_total",
                Family.Kind.COUNTER,
                "What the function counted, by event; docs/rest.md says what each is.",
                events);
        gauge("ilb_view_number", "The number of the view in force.", ilb.view().number());
        gauge("ilb_view_members", "ILBs that are in.", ilb.view().members().size());
        gauge(
                "ilb_connections_setting_up",
                "Connections whose association the store has not confirmed.",
                statistics.settingUp());
        List<Sample> samples = new ArrayList<>();
        histogram(samples, "ilb_store_write_seconds", ImmutableMap.of(), statistics.storeWrites());
        add(
                "ilb_store_write_seconds",
                Family.Kind.HISTOGRAM,
                "How long the store took to confirm new associations.",
                samples);
    }

    private void services(List<ServiceStatistics> services) {
        service(services, "ilb_service_packet_ins_total", "Segments that came up.", ServiceStatistics::packetIns);
        service(
                services,
                "ilb_service_refused_total",
                "SYNs that found no server to take them, or a bound reached.",
                ServiceStatistics::refused);
    }

    private void service(
            List<ServiceStatistics> services, String name, String help, ToDoubleFunction<ServiceStatistics> value) {
        List<Sample> samples = new ArrayList<>();
        services.forEach(service ->
                samples.add(new Sample(name, ImmutableMap.of(SERVICE, service.name()), value.applyAsDouble(service))));
        add(name, Family.Kind.COUNTER, help, samples);
    }

    private void servers(List<ServiceStatistics> services) {
        server(
                services,
                "ilb_server_connections",
                Family.Kind.GAUGE,
                "Connections with an association; where a service has buckets, those with rules of their own.",
                ServerStatistics::active);
        server(
                services,
                "ilb_server_connections_opened_total",
                Family.Kind.COUNTER,
                "Connections that got the server; where a service has buckets, those with rules of their own.",
                ServerStatistics::opened);
        server(
                services,
                "ilb_server_received_packets_total",
                Family.Kind.COUNTER,
                "Packets of clients that ILBs passed on to the server, each counted once.",
                server -> server.received().packets());
        server(
                services,
                "ilb_server_received_bytes_total",
                Family.Kind.COUNTER,
                "Bytes of clients' frames that ILBs passed on to the server, each counted once.",
                server -> server.received().bytes());
        server(
                services,
                "ilb_server_sent_packets_total",
                Family.Kind.COUNTER,
                "Packets that the server answered and its edge switch passed on.",
                server -> server.sent().packets());
        server(
                services,
                "ilb_server_sent_bytes_total",
                Family.Kind.COUNTER,
                "Bytes of frames that the server answered and its edge switch passed on.",
                server -> server.sent().bytes());
        server(
                services,
                "ilb_server_health_transitions_total",
                Family.Kind.COUNTER,
                "Times that the server's health check found it up or down when it was not before.",
                ServerStatistics::healthTransitions);
    }

    private void server(
            List<ServiceStatistics> services,
            String name,
            Family.Kind kind,
            String help,
            ToDoubleFunction<ServerStatistics> value) {
        List<Sample> samples = new ArrayList<>();
        services.forEach(service -> service.servers()
                .forEach(server -> samples.add(
                        new Sample(name, labels(service.name(), server.server()), value.applyAsDouble(server)))));
        add(name, kind, help, samples);
    }

    private static Map<String, String> labels(String service, Endpoint server) {
        return ImmutableMap.of(SERVICE, service, SERVER, server.toString());
    }

    /** What is configured of servers, and found out about them. */
    private void states(IlbService ilb) {
        List<Sample> weights = new ArrayList<>();
        List<Sample> enabled = new ArrayList<>();
        List<Sample> up = new ArrayList<>();
        for (Service service : ilb.frontEnd().map(known -> known.services()).orElse(ImmutableList.of())) {
            for (Server server : service.allServers()) {
                Map<String, String> labels = labels(service.name(), server.endpoint());
                weights.add(new Sample("ilb_server_weight", labels, server.weight()));
                enabled.add(new Sample("ilb_server_enabled", labels, server.state() == AdminState.ENABLED ? 1 : 0));
                status(ilb, service, server)
                        .map(status -> status.health().state())
                        .filter(state -> state == HealthState.UP || state == HealthState.DOWN)
                        .ifPresent(
                                state -> up.add(new Sample("ilb_server_up", labels, state == HealthState.UP ? 1 : 0)));
            }
        }
        add("ilb_server_weight", Family.Kind.GAUGE, "The server's weight.", weights);
        add("ilb_server_enabled", Family.Kind.GAUGE, "1 if the server is neither drained nor disabled.", enabled);
        add(
                "ilb_server_up",
                Family.Kind.GAUGE,
                "1 if the server's health check found it up, 0 if down; absent while there is no finding.",
                up);
    }

    private static Optional<ServerStatus> status(IlbService ilb, Service service, Server server) {
        try {
            return Optional.of(ilb.status(service.name(), server.endpoint()));
        } catch (IllegalArgumentException e) {
            // The configuration changed meanwhile.
            return Optional.empty();
        }
    }

    private void ilbs(List<IlbStatistics> ilbs) {
        ilb(ilbs, "ilb_member_packet_ins_total", "Segments that came up at the ILB.", IlbStatistics::packetIns);
        ilb(
                ilbs,
                "ilb_member_connections_opened_total",
                "Connections that the ILB received and that got a server.",
                IlbStatistics::opened);
        ilb(
                ilbs,
                "ilb_member_refused_total",
                "SYNs that the ILB received and that found no server, or a bound reached.",
                IlbStatistics::refused);
        ilb(
                ilbs,
                "ilb_member_hand_offs_total",
                "Segments that the ILB handed to their owner.",
                IlbStatistics::handOffs);
        ilb(
                ilbs,
                "ilb_member_cache_hits_total",
                "Segments whose server the ILB's cache knew.",
                IlbStatistics::cacheHits);
        ilb(
                ilbs,
                "ilb_member_received_packets_total",
                "Packets of clients that the ILB received and that went on to a server.",
                ilb -> ilb.received().packets());
        ilb(
                ilbs,
                "ilb_member_received_bytes_total",
                "Bytes of clients' frames that the ILB received and that went on to a server.",
                ilb -> ilb.received().bytes());
        List<Sample> samples = new ArrayList<>();
        ilbs.forEach(ilb -> histogram(
                samples,
                "ilb_member_decision_seconds",
                ImmutableMap.of(ILB, ilb.id().toString()),
                ilb.decisions()));
        add(
                "ilb_member_decision_seconds",
                Family.Kind.HISTOGRAM,
                "How long segments that came up at the ILB took until they were sent on.",
                samples);
    }

    private void ilb(List<IlbStatistics> ilbs, String name, String help, ToDoubleFunction<IlbStatistics> value) {
        List<Sample> samples = new ArrayList<>();
        ilbs.forEach(ilb ->
                samples.add(new Sample(name, ImmutableMap.of(ILB, ilb.id().toString()), value.applyAsDouble(ilb))));
        add(name, Family.Kind.COUNTER, help, samples);
    }

    private void statuses(IlbService ilb) {
        Map<String, IlbStatus> statuses = new LinkedHashMap<>();
        for (Ilb one : ilb.frontEnd().map(known -> known.ilbs()).orElse(ImmutableList.of())) {
            try {
                statuses.put(one.id().toString(), ilb.status(one.id()));
            } catch (IllegalArgumentException e) {
                // The configuration changed meanwhile, and it is an ILB no more.
                continue;
            }
        }
        status(statuses, "ilb_member_in", "1 if the view in force has the ILB.", status -> status.in() ? 1 : 0);
        status(
                statuses,
                "ilb_member_connected",
                "1 if the ILB's switch is connected to a controller.",
                status -> status.connected() ? 1 : 0);
        status(statuses, "ilb_member_owned", "Associations that the ILB owns.", IlbStatus::owned);
        status(statuses, "ilb_member_backed_up", "Associations that the ILB backs up.", IlbStatus::backedUp);
        status(statuses, "ilb_member_cached", "Associations of others that the ILB caches.", IlbStatus::cached);
        status(statuses, "ilb_member_rules", "Exact rules of the ILB.", IlbStatus::rules);
    }

    private void status(Map<String, IlbStatus> statuses, String name, String help, ToDoubleFunction<IlbStatus> value) {
        List<Sample> samples = new ArrayList<>();
        statuses.forEach(
                (id, status) -> samples.add(new Sample(name, ImmutableMap.of(ILB, id), value.applyAsDouble(status))));
        add(name, Family.Kind.GAUGE, help, samples);
    }

    private void gauge(String name, String help, double value) {
        add(name, Family.Kind.GAUGE, help, ImmutableList.of(new Sample(name, ImmutableMap.of(), value)));
    }

    private void add(String name, Family.Kind kind, String help, List<Sample> samples) {
        families.add(new Family(name, kind, help, samples));
    }

    /** Each bound's count has those within the bounds before it, as Prometheus wants it. */
    private static void histogram(List<Sample> samples, String name, Map<String, String> labels, Latencies latencies) {
        long within = 0;
        for (int i = 0; i < latencies.counts().size(); i++) {
            within += latencies.counts().get(i);
            double bound =
                    i < latencies.bounds().size() ? seconds(latencies.bounds().get(i)) : Double.POSITIVE_INFINITY;
            samples.add(new Sample(
                    name + "_bucket",
                    ImmutableMap.<String, String>builder()
                            .putAll(labels)
                            .put("le", PrometheusText.number(bound))
                            .build(),
                    within));
        }
        samples.add(new Sample(name + "_sum", labels, seconds(latencies.total())));
        samples.add(new Sample(name + "_count", labels, within));
    }

    private static double seconds(Duration duration) {
        return (double) duration.toNanos() / TimeUnit.SECONDS.toNanos(1);
    }
}
