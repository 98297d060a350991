package org.ilb.rest;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.UriInfo;
import org.ilb.IlbId;
import org.ilb.IlbService;
import org.onosproject.rest.AbstractWebResource;

/** Individual load balancers. */
@Path("ilbs")
@Produces(MediaType.APPLICATION_JSON)
public class IlbsResource extends AbstractWebResource {

    /**
     * Gets all ILBs.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    public Response all(@Context UriInfo uri) {
        Query.of(uri);
        return ok(new Answers(get(IlbService.class)).ilbs()).build();
    }

    /**
     * Gets one ILB.
     *
     * @param uri the request's
     * @param id address or index of the ILB
     * @return 200 OK
     */
    @GET
    @Path("{id}")
    public Response one(@Context UriInfo uri, @PathParam("id") String id) {
        Query.of(uri);
        return ok(new Answers(get(IlbService.class))
                        .ilb(id(id))
                        .orElseThrow(() -> Problem.notFound("there is no ILB '" + id + "'")))
                .build();
    }

    /** Reads the id of an ILB in a path. */
    static IlbId id(String text) {
        try {
            return IlbId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badField("id", e.getMessage());
        }
    }
}
