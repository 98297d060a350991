package org.ilb.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.ilb.IlbStatistics;
import org.ilb.Latencies;
import org.ilb.ServerStatistics;
import org.ilb.ServiceStatistics;
import org.ilb.Statistics;
import org.ilb.Traffic;

/** What services, servers and ILBs have had to do, as JSON. */
public final class StatisticsAnswers {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private StatisticsAnswers() {}

    /**
     * Writes a snapshot.
     *
     * @param statistics the snapshot
     * @return {@code {"since": …, "at": …, "services": […], "ilbs": […], "storeWrites": {…}, "settingUp": n}}
     */
    public static ObjectNode write(Statistics statistics) {
        ObjectNode json =
                JSON.objectNode().put("since", time(statistics.since())).put("at", time(statistics.at()));
        ArrayNode services = json.putArray("services");
        statistics.services().forEach(service -> services.add(service(service)));
        ArrayNode ilbs = json.putArray("ilbs");
        statistics.ilbs().forEach(ilb -> ilbs.add(ilb(ilb)));
        json.set("storeWrites", latencies(statistics.storeWrites()));
        return json.put("settingUp", statistics.settingUp());
    }

    private static ObjectNode service(ServiceStatistics service) {
        ObjectNode json = JSON.objectNode()
                .put("name", service.name())
                .put("active", service.active())
                .put("opened", service.opened())
                .put("refused", service.refused())
                .put("packetIns", service.packetIns());
        json.set("received", traffic(service.received()));
        json.set("sent", traffic(service.sent()));
        ArrayNode servers = json.putArray("servers");
        service.servers().forEach(server -> servers.add(server(server)));
        return json;
    }

    private static ObjectNode server(ServerStatistics server) {
        ObjectNode json = JSON.objectNode()
                .put("server", server.server().toString())
                .put("active", server.active())
                .put("opened", server.opened());
        json.set("received", traffic(server.received()));
        json.set("sent", traffic(server.sent()));
        return json.put("healthTransitions", server.healthTransitions());
    }

    private static ObjectNode ilb(IlbStatistics ilb) {
        ObjectNode json = JSON.objectNode();
        Answers.put(json, "id", Optional.of(ilb.id()));
        json.put("opened", ilb.opened())
                .put("refused", ilb.refused())
                .put("packetIns", ilb.packetIns())
                .put("handOffs", ilb.handOffs())
                .put("cacheHits", ilb.cacheHits());
        json.set("received", traffic(ilb.received()));
        json.set("decisions", latencies(ilb.decisions()));
        return json;
    }

    private static ObjectNode traffic(Traffic traffic) {
        return JSON.objectNode().put("packets", traffic.packets()).put("bytes", traffic.bytes());
    }

    /** Milliseconds are what people think in; the percentiles are the bounds of the histogram. */
    private static ObjectNode latencies(Latencies latencies) {
        long count = latencies.count();
        ObjectNode json = JSON.objectNode().put("count", count);
        if (count > 0) {
            json.put("meanMillis", Math.rint(1000 * millis(latencies.total()) / count) / 1000);
        }
        latencies.within(0.5).ifPresent(bound -> json.put("p50Millis", millis(bound)));
        latencies.within(0.99).ifPresent(bound -> json.put("p99Millis", millis(bound)));
        return json;
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static double millis(Duration duration) {
        return (double) duration.toNanos() / TimeUnit.MILLISECONDS.toNanos(1);
    }
}
