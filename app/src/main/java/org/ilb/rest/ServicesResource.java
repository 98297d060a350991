package org.ilb.rest;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.UriInfo;
import org.ilb.IlbService;
import org.onosproject.rest.AbstractWebResource;

/** Services and their servers. */
@Path("services")
@Produces(MediaType.APPLICATION_JSON)
public class ServicesResource extends AbstractWebResource {

    /**
     * Gets all services.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    public Response all(@Context UriInfo uri) {
        Query.of(uri);
        return ok(new Answers(get(IlbService.class)).services()).build();
    }

    /**
     * Gets one service.
     *
     * @param uri the request's
     * @param name name of the service
     * @return 200 OK
     */
    @GET
    @Path("{name}")
    public Response one(@Context UriInfo uri, @PathParam("name") String name) {
        Query.of(uri);
        return ok(new Answers(get(IlbService.class))
                        .service(name)
                        .orElseThrow(() -> Problem.notFound("there is no service '" + name + "'")))
                .build();
    }

    /**
     * Gets the buckets of a service.
     *
     * @param uri the request's
     * @param name name of the service
     * @return 200 OK
     */
    @GET
    @Path("{name}/buckets")
    public Response buckets(@Context UriInfo uri, @PathParam("name") String name) {
        Query.of(uri);
        Answers answers = new Answers(get(IlbService.class));
        if (!answers.find(name).isPresent()) {
            throw Problem.notFound("there is no service '" + name + "'");
        }
        return ok(answers.buckets(name)
                        .orElseThrow(() -> Problem.notFound(
                                "service '" + name + "' has no buckets; its granularity is connection")))
                .build();
    }
}
