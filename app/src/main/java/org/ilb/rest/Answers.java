package org.ilb.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.AssociationFilter;
import org.ilb.AssociationPage;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.IlbService;
import org.ilb.IlbStatus;
import org.ilb.Ranking;
import org.ilb.Server;
import org.ilb.ServerHealth;
import org.ilb.ServerStatus;
import org.ilb.Service;
import org.ilb.View;
import org.ilb.config.FrontEndWriter;

/**
 * What the service shows, as JSON: the body of every REST answer, and what the CLI prints with {@code -j}.
 *
 * <p>Configured things look as in the configuration, with their status beside it. Thread-safe.
 */
public final class Answers {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final IlbService ilb;

    /**
     * Creates answers.
     *
     * @param ilb whom to ask
     */
    public Answers(IlbService ilb) {
        this.ilb = ilb;
    }

    /**
     * Returns all services.
     *
     * @return {@code {"services": […]}}, in the order of the configuration
     */
    public ObjectNode services() {
        ObjectNode json = JSON.objectNode();
        ArrayNode services = json.putArray("services");
        ilb.frontEnd().ifPresent(frontEnd -> frontEnd.services().forEach(service -> services.add(service(service))));
        return json;
    }

    /**
     * Returns a service.
     *
     * @param name its name
     * @return the service with its servers, empty if there is none of that name
     */
    public Optional<ObjectNode> service(String name) {
        return find(name).map(this::service);
    }

    /**
     * Finds a service.
     *
     * @param name its name
     * @return the service, empty if there is none of that name
     */
    public Optional<Service> find(String name) {
        return ilb.frontEnd().flatMap(frontEnd -> frontEnd.services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst());
    }

    private ObjectNode service(Service service) {
        ObjectNode json = FrontEndWriter.write(service);
        int connections = write(service, service.servers(), json.putArray("servers"))
                + write(service, service.backups(), json.putArray("backups"));
        return json.put("connections", connections);
    }

    /** Writes servers of a service with what is known of them; returns how many connections they have. */
    private int write(Service service, List<Server> pool, ArrayNode servers) {
        int connections = 0;
        for (Server server : pool) {
            ObjectNode entry = FrontEndWriter.write(server);
            Optional<ServerStatus> status = status(service, server);
            status.flatMap(ServerStatus::mac).ifPresent(mac -> entry.put("mac", mac.toString()));
            status.flatMap(ServerStatus::location).ifPresent(location -> entry.put("location", location.toString()));
            int own = status.map(ServerStatus::connections).orElse(0);
            entry.put("connections", own);
            entry.set("health", health(status.map(ServerStatus::health).orElse(ServerHealth.UNCHECKED)));
            servers.add(entry);
            connections += own;
        }
        return connections;
    }

    private static ObjectNode health(ServerHealth health) {
        ObjectNode json = JSON.objectNode().put("state", health.state().name().toLowerCase(Locale.ROOT));
        health.since()
                .ifPresent(since ->
                        json.put("since", since.truncatedTo(ChronoUnit.MILLIS).toString()));
        health.reason().ifPresent(reason -> json.put("reason", reason));
        return json;
    }

    /**
     * Returns servers in one list.
     *
     * @param name the service whose servers are wanted, empty for those of all
     * @param state what the operator wants of those that are wanted, as in the configuration, empty for all
     * @param health how those are that are wanted, empty for all
     * @return {@code {"servers": [{"service": …, "backup": …, …}, …]}}, in the order of the configuration, backups behind the pool
     */
    public ObjectNode servers(Optional<String> name, Optional<String> state, Optional<String> health) {
        ObjectNode json = JSON.objectNode();
        ArrayNode servers = json.putArray("servers");
        ilb.frontEnd().map(FrontEnd::services).ifPresent(services -> services.stream()
                .filter(service -> !name.isPresent() || service.name().equals(name.get()))
                .forEach(service -> {
                    ObjectNode both = service(service);
                    for (String list : new String[] {"servers", "backups"}) {
                        both.path(list).forEach(server -> {
                            if (is(state, server.path("state"))
                                    && is(health, server.path("health").path("state"))) {
                                servers.addObject()
                                        .put("service", service.name())
                                        .put("backup", list.equals("backups"))
                                        .setAll((ObjectNode) server);
                            }
                        });
                    }
                }));
        return json;
    }

    private static boolean is(Optional<String> wanted, JsonNode value) {
        return !wanted.isPresent() || wanted.get().equals(value.asText());
    }

    /**
     * Returns the buckets of a service.
     *
     * @param name the service's name
     * @return a summary and each bucket, by index; empty if the service is not there or has no buckets
     */
    public Optional<ObjectNode> buckets(String name) {
        return find(name).flatMap(service -> service.buckets().flatMap(granularity -> {
            try {
                return Optional.of(BucketAnswers.write(service, granularity, ilb.buckets(name)));
            } catch (IllegalArgumentException e) {
                // The configuration changed meanwhile, and it is a service no more.
                return Optional.empty();
            }
        }));
    }

    /** Returns the status of a server, empty when the configuration changed meanwhile. */
    private Optional<ServerStatus> status(Service service, Server server) {
        try {
            return Optional.of(ilb.status(service.name(), server.endpoint()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns all ILBs.
     *
     * @return {@code {"view": n, "ilbs": […]}}, in the order of the configuration
     */
    public ObjectNode ilbs() {
        ObjectNode json = JSON.objectNode().put("view", ilb.view().number());
        ArrayNode ilbs = json.putArray("ilbs");
        ilb.frontEnd().ifPresent(frontEnd -> frontEnd.ilbs().forEach(one -> ilbs.add(ilb(one))));
        return json;
    }

    /**
     * Returns an ILB.
     *
     * @param id its id
     * @return the ILB, empty if there is none of that id
     */
    public Optional<ObjectNode> ilb(IlbId id) {
        return ilb.frontEnd()
                .flatMap(frontEnd -> frontEnd.ilbs().stream()
                        .filter(one -> one.id().equals(id))
                        .findFirst())
                .map(this::ilb);
    }

    private ObjectNode ilb(Ilb one) {
        return putStatus(FrontEndWriter.write(one), ilb, one.id());
    }

    /**
     * Adds what is known of an ILB.
     *
     * @param json what is added to
     * @param ilb tells of it
     * @param id which ILB
     * @return the same object
     */
    public static ObjectNode putStatus(ObjectNode json, IlbService ilb, IlbId id) {
        try {
            IlbStatus status = ilb.status(id);
            json.put("in", status.in())
                    .put("connected", status.connected())
                    .put("owned", status.owned())
                    .put("backedUp", status.backedUp())
                    .put("cached", status.cached())
                    .put("rules", status.rules());
            status.absence().ifPresent(why -> json.put("absence", why.label()));
        } catch (IllegalArgumentException e) {
            // The configuration changed meanwhile, and it is an ILB no more.
            json.put("in", false);
        }
        return json;
    }

    /**
     * Returns part of the list of associations.
     *
     * @param filter which associations
     * @param offset how many to skip
     * @param limit how many to return at most
     * @return {@code {"total": n, "offset": …, "limit": …, "associations": […]}}, by increasing connection id
     */
    public ObjectNode associations(AssociationFilter filter, int offset, int limit) {
        AssociationPage page = ilb.associations(filter, offset, limit);
        ObjectNode json = JSON.objectNode()
                .put("total", page.total())
                .put("offset", offset)
                .put("limit", limit);
        ArrayNode associations = json.putArray("associations");
        page.associations().forEach(association -> associations.add(association(association)));
        return json;
    }

    private static ObjectNode association(Association association) {
        ObjectNode json =
                ends(association.key()).put("server", association.server().toString());
        put(json, "owner", association.owner());
        put(json, "backup", association.backup());
        put(json, "receiver", association.receiver());
        return json.put("state", association.state().name().toLowerCase(Locale.ROOT))
                .put("view", association.view());
    }

    /**
     * Returns who owns a connection, or would; where its service has buckets, who owns its bucket.
     *
     * @param connection the connection
     * @return owner, backup and all scores by decreasing score; empty when no ILB is in
     */
    public Optional<ObjectNode> elect(FlowKey connection) {
        Optional<Service> service = ilb.frontEnd().flatMap(frontEnd -> frontEnd.services().stream()
                .filter(each -> each.endpoint().equals(connection.destination()))
                .findFirst());
        FlowKey key = service.map(found -> found.mask().key(connection)).orElse(connection);
        return ilb.elect(key).map(ranking -> {
            ObjectNode json = ends(connection);
            service.flatMap(Service::buckets)
                    .ifPresent(buckets -> json.put("bucket", buckets.index(connection.sourcePort())));
            return ranking(json, ranking);
        });
    }

    private static ObjectNode ranking(ObjectNode json, Ranking ranking) {
        json.put("view", ranking.view());
        put(json, "owner", ranking.owner());
        put(json, "backup", ranking.backup());
        ArrayNode scores = json.putArray("scores");
        for (Ranking.Score score : ranking.scores()) {
            ObjectNode entry = JSON.objectNode();
            put(entry, "ilb", score.ilb());
            scores.add(entry.put("score", score(score.value())));
        }
        return json;
    }

    /**
     * Writes a score.
     *
     * @param value 64 bits
     * @return 16 hexadecimal digits, which compare as text as scores do
     */
    public static String score(long value) {
        return String.format("%016x", value);
    }

    private static ObjectNode ends(FlowKey key) {
        return JSON.objectNode()
                .put("source", key.source().toString())
                .put("destination", key.destination().toString());
    }

    /**
     * Returns the view in force.
     *
     * @return {@code {"number": n, "members": […]}}, by increasing id
     */
    public ObjectNode view() {
        return view(JSON.objectNode(), ilb.view());
    }

    /**
     * Returns the last views.
     *
     * @return {@code {"views": [{"number": n, "since": …, "members": […]}, …]}}, the one in force first
     */
    public ObjectNode views() {
        ObjectNode json = JSON.objectNode();
        ArrayNode views = json.putArray("views");
        ilb.views().forEach(period -> view(views.addObject(), period.view())
                .put("since", period.since().truncatedTo(ChronoUnit.MILLIS).toString()));
        return json;
    }

    private static ObjectNode view(ObjectNode json, View view) {
        json.put("number", view.number());
        ArrayNode members = json.putArray("members");
        view.members().forEach(member -> {
            if (member.isIndex()) {
                members.add(index(member));
            } else {
                members.add(member.toString());
            }
        });
        return json;
    }

    /**
     * Returns the settings.
     *
     * @param secret whether the seed is to be seen
     * @return the settings, empty before the first configuration
     */
    public Optional<ObjectNode> settings(boolean secret) {
        return ilb.frontEnd().map(FrontEnd::settings).map(settings -> {
            ObjectNode json = FrontEndWriter.write(settings);
            return secret ? json.put("seed", FrontEndWriter.seed(settings.seed())) : json;
        });
    }

    /**
     * Returns what was counted.
     *
     * @return {@code {"counters": {…}}}, by name
     */
    public ObjectNode counters() {
        ObjectNode json = JSON.objectNode();
        ObjectNode counters = json.putObject("counters");
        ilb.counters().values().forEach(counters::put);
        return json;
    }

    static void put(ObjectNode json, String name, Optional<IlbId> id) {
        id.ifPresentOrElse(present -> put(json, name, present), () -> json.putNull(name));
    }

    /** An index is a number, an address a text, as in the configuration. */
    private static void put(ObjectNode json, String name, IlbId id) {
        if (id.isIndex()) {
            json.put(name, index(id));
        } else {
            json.put(name, id.toString());
        }
    }

    private static int index(IlbId id) {
        return Integer.parseInt(id.toString());
    }
}
