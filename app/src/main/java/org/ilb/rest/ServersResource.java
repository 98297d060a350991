package org.ilb.rest;

import com.google.common.collect.ImmutableList;
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

    /** What the operator may want of a server. */
    public static final List<String> STATES = ImmutableList.of("enabled", "draining", "disabled");
    /** How a server may be. */
    public static final List<String> HEALTHS = ImmutableList.of("unchecked", "unknown", "up", "down");

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
        return ok(answers.servers(service, state, health)).build();
    }
}
