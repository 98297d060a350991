package org.ilb.rest;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.UriInfo;
import org.ilb.FlowKey;
import org.ilb.IlbService;
import org.onosproject.rest.AbstractWebResource;

/** Elections: who owns a connection, and why. */
@Path("elect")
@Produces(MediaType.APPLICATION_JSON)
public class ElectResource extends AbstractWebResource {

    /**
     * Elects owner and backup of a connection, which need not exist: parameters destination and source, address:port each.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    public Response elect(@Context UriInfo uri) {
        Query query = Query.of(uri, "destination", "source");
        FlowKey key = FlowKey.of(query.endpoint("destination"), query.endpoint("source"));
        return ok(new Answers(get(IlbService.class))
                        .elect(key)
                        .orElseThrow(() -> Problem.notFound("no ILB is in, so none can be elected")))
                .build();
    }
}
