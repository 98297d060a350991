package org.ilb.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.BucketStatus;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HealthState;
import org.ilb.IlbId;
import org.ilb.IlbService;
import org.ilb.IlbStatistics;
import org.ilb.Server;
import org.ilb.ServerHealth;
import org.ilb.ServerStatistics;
import org.ilb.ServerStatus;
import org.ilb.Service;
import org.ilb.ServiceStatistics;
import org.ilb.Statistics;
import org.ilb.View;
import org.ilb.config.FrontEndWriter;
import org.ilb.rest.Answers;

/**
 * What a browser is shown of a moment, as two server-sent events: {@code configuration}, and {@code status} whose lists
 * follow the configuration's order.
 *
 * <p>Immutable and thread-safe. The scores' seed is in neither.
 */
final class Snapshot {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final FrontEnd frontEnd;
    private final byte[] configuration;
    private final byte[] status;

    private Snapshot(FrontEnd frontEnd, byte[] configuration, byte[] status) {
        this.frontEnd = frontEnd;
        this.configuration = configuration;
        this.status = status;
    }

    /**
     * Takes a snapshot.
     *
     * @param ilb whom to ask
     * @param former the last snapshot, whose configuration is used again if it is still in force; null for none
     * @param millis the time of the wall clock in milliseconds
     * @return the snapshot
     */
    static Snapshot take(IlbService ilb, Snapshot former, long millis) {
        FrontEnd frontEnd = ilb.frontEnd().orElse(null);
        byte[] configuration = former != null && former.frontEnd == frontEnd
                ? former.configuration
                : event("configuration", configuration(Optional.ofNullable(frontEnd)));
        return new Snapshot(frontEnd, configuration, event("status", status(ilb, frontEnd, millis)));
    }

    /** Returns the event that carries the configuration; the same array for as long as it is the same configuration. */
    byte[] configuration() {
        return configuration;
    }

    /** Returns the event that carries the status. */
    byte[] status() {
        return status;
    }

    /** Writes an event: JSON without line breaks is one line of data. */
    static byte[] event(String name, JsonNode data) {
        return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode configuration(Optional<FrontEnd> frontEnd) {
        ObjectNode json = JSON.objectNode();
        ArrayNode services = json.putArray("services");
        ArrayNode ilbs = json.putArray("ilbs");
        frontEnd.ifPresent(present -> {
            present.services().forEach(service -> services.add(FrontEndWriter.write(service)));
            present.ilbs().forEach(ilb -> ilbs.add(FrontEndWriter.write(ilb)));
        });
        return json;
    }

    private static ObjectNode status(IlbService ilb, FrontEnd frontEnd, long millis) {
        View view = ilb.view();
        ObjectNode json = JSON.objectNode().put("at", millis).put("view", view.number());
        ArrayNode ilbs = json.putArray("ilbs");
        ArrayNode services = json.putArray("services");
        if (frontEnd != null) {
            Statistics statistics = ilb.statistics();
            Map<IlbId, IlbStatistics> ofIlbs = new HashMap<>();
            statistics.ilbs().forEach(one -> ofIlbs.put(one.id(), one));
            Map<String, ServiceStatistics> ofServices = new HashMap<>();
            statistics.services().forEach(one -> ofServices.put(one.name(), one));
            frontEnd.ilbs()
                    .forEach(one ->
                            ilbs.add(count(Answers.putStatus(JSON.objectNode(), ilb, one.id()), ofIlbs.get(one.id()))));
            frontEnd.services().forEach(service -> services.add(status(ilb, service, ofServices.get(service.name()))));
        }
        ObjectNode counters = json.putObject("counters");
        ilb.counters().values().forEach(counters::put);
        return json;
    }

    private static ObjectNode count(ObjectNode json, IlbStatistics counted) {
        return counted == null
                ? json
                : json.put("opened", counted.opened())
                        .put("bytes", counted.received().bytes());
    }

    private static ObjectNode status(IlbService ilb, Service service, ServiceStatistics counted) {
        List<Server> servers = service.allServers();
        ObjectNode json = JSON.objectNode();
        count(servers, counted, json);
        ArrayNode connections = json.putArray("connections");
        StringBuilder health = new StringBuilder(servers.size());
        ObjectNode remarks = JSON.objectNode();
        ArrayNode unplaced = JSON.arrayNode();
        for (int i = 0; i < servers.size(); i++) {
            Optional<ServerStatus> status = status(ilb, service, servers.get(i).endpoint());
            connections.add(status.map(ServerStatus::connections).orElse(0));
            ServerHealth found = status.map(ServerStatus::health).orElse(ServerHealth.UNCHECKED);
            health.append(letter(found.state()));
            if (found.state() == HealthState.DOWN) {
                ObjectNode remark = remarks.putObject(Integer.toString(i));
                found.since().ifPresent(since -> remark.put("since", since.toEpochMilli()));
                found.reason().ifPresent(reason -> remark.put("reason", reason));
            }
            if (status.isPresent() && status.get().location().isEmpty()) {
                unplaced.add(i);
            }
        }
        json.put("health", health.toString());
        json.set("down", remarks);
        json.set("unplaced", unplaced);
        if (service.buckets().isPresent()) {
            buckets(ilb, service, servers, json);
        }
        return json;
    }

    /** How many connections each server was given, and how many bytes went through it both ways. */
    private static void count(List<Server> servers, ServiceStatistics counted, ObjectNode json) {
        Map<Endpoint, ServerStatistics> ofServers = new HashMap<>();
        if (counted != null) {
            counted.servers().forEach(one -> ofServers.put(one.server(), one));
        }
        ArrayNode opened = json.putArray("opened");
        ArrayNode bytes = json.putArray("bytes");
        for (Server server : servers) {
            ServerStatistics one = ofServers.get(server.endpoint());
            opened.add(one == null ? 0 : one.opened());
            bytes.add(one == null ? 0 : one.received().plus(one.sent()).bytes());
        }
    }

    private static Optional<ServerStatus> status(IlbService ilb, Service service, Endpoint server) {
        try {
            return Optional.of(ilb.status(service.name(), server));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What is known of a server's health, in one letter. */
    private static char letter(HealthState state) {
        switch (state) {
            case UP:
                return 'u';
            case DOWN:
                return 'd';
            case UNKNOWN:
                return '?';
            default:
                return '-';
        }
    }

    /** How many buckets' new connections go to each server, as REST says, how many leave it, and how many are on their way. */
    private static void buckets(IlbService ilb, Service service, List<Server> servers, ObjectNode json) {
        Map<Endpoint, Integer> indices = new HashMap<>();
        for (int i = 0; i < servers.size(); i++) {
            indices.put(servers.get(i).endpoint(), i);
        }
        int[] counts = new int[servers.size()];
        int[] leaving = new int[servers.size()];
        int moving = 0;
        try {
            for (BucketStatus bucket : ilb.buckets(service.name())) {
                Optional<Endpoint> server = bucket.association().map(Association::server);
                count(counts, bucket.next().or(() -> server).map(indices::get));
                count(leaving, bucket.next().flatMap(next -> server).map(indices::get));
                moving += bucket.next().isPresent() ? 1 : 0;
            }
        } catch (IllegalArgumentException e) {
            // The service went meanwhile; the next snapshot will be without it.
        }
        json.set("buckets", array(counts));
        json.set("leaving", array(leaving));
        json.put("moving", moving);
    }

    private static void count(int[] counts, Optional<Integer> index) {
        index.ifPresent(place -> counts[place]++);
    }

    private static ArrayNode array(int[] numbers) {
        ArrayNode array = JSON.arrayNode();
        for (int number : numbers) {
            array.add(number);
        }
        return array;
    }
}
