package org.ilb.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.UriInfo;
import org.ilb.IlbService;
import org.onosproject.rest.AbstractWebResource;

/** Servers of all services, with state and health. */
@Path("servers")
@Produces(MediaType.APPLICATION_JSON)
public class ServersResource extends AbstractWebResource {

    private static final List<String> STATES = ImmutableList.of("enabled", "draining", "disabled");
    private static final List<String> HEALTHS = ImmutableList.of("unchecked", "unknown", "up", "down");

    /**
     * Gets servers: parameters service, state and health to see only those.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    public Response all(@Context UriInfo uri) {
        Query query = Query.of(uri, "service", "state", "health");
        Optional<String> state = query.choice("state", STATES);
        Optional<String> health = query.choice("health", HEALTHS);
        Optional<String> service = query.text("service");
        Answers answers = new Answers(get(IlbService.class));
        if (service.isPresent() && !answers.find(service.get()).isPresent()) {
            throw Problem.notFound("there is no service '" + service.get() + "'");
        }
        ObjectNode json = answers.servers(service);
        // Elements leave through the list's own iterator; a list of JSON is no collection.
        for (Iterator<JsonNode> servers = json.path("servers").elements(); servers.hasNext(); ) {
            JsonNode server = servers.next();
            if (!is(state, server.path("state"))
                    || !is(health, server.path("health").path("state"))) {
                servers.remove();
            }
        }
        return ok(json).build();
    }

    private static boolean is(Optional<String> wanted, JsonNode value) {
        return !wanted.isPresent() || wanted.get().equals(value.asText());
    }
}
