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
import org.onlab.util.ItemNotFoundException;
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
                        .ilb(IlbId.parse(id))
                        .orElseThrow(() -> new ItemNotFoundException("there is no ILB '" + id + "'")))
                .build();
    }
}
