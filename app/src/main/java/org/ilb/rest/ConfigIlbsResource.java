package org.ilb.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.PATCH;
import javax.ws.rs.POST;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.ilb.IlbId;

/** ILBs as configured. */
@Path("config/ilbs")
@Produces(MediaType.APPLICATION_JSON)
public class ConfigIlbsResource extends ConfigurationResource {

    /**
     * Gets all ILBs as they were written, without defaults.
     *
     * @return 200 OK
     */
    @GET
    public Response all() {
        return list("ilbs", Optional.empty());
    }

    /**
     * Adds an ILB.
     *
     * @param body an ILB
     * @return 201 Created, or 409 Conflict if it is there already
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response post(InputStream body) {
        return add("ilbs", Optional.empty(), ConfigIlbsResource::named, body);
    }

    /**
     * Gets an ILB as it was written, without defaults.
     *
     * @param id address or index of the ILB
     * @return 200 OK
     */
    @GET
    @Path("{id}")
    public Response get(@PathParam("id") String id) {
        return read(Part.ilb(IlbsResource.id(id)));
    }

    /**
     * Replaces an ILB, or adds it.
     *
     * @param id address or index of the ILB
     * @param body an ILB
     * @return 200 OK or 201 Created
     */
    @PUT
    @Path("{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response put(@PathParam("id") String id, InputStream body) {
        return replace(Part.ilb(IlbsResource.id(id)), body);
    }

    /**
     * Changes fields of an ILB.
     *
     * @param id address or index of the ILB
     * @param body a merge patch
     * @return 200 OK
     */
    @PATCH
    @Path("{id}")
    @Consumes({MediaType.APPLICATION_JSON, ConfigResource.MERGE_PATCH})
    public Response patch(@PathParam("id") String id, InputStream body) {
        return patch(Part.ilb(IlbsResource.id(id)), body);
    }

    /**
     * Takes an ILB away.
     *
     * @param id address or index of the ILB
     * @return 204 No Content
     */
    @DELETE
    @Path("{id}")
    public Response delete(@PathParam("id") String id) {
        return delete(Part.ilb(IlbsResource.id(id)));
    }

    private static Optional<Part> named(ObjectNode json) {
        try {
            return Optional.of(Part.ilb(IlbId.parse(json.path("id").asText())));
        } catch (IllegalArgumentException e) {
            // The configuration's own complaint about it says more.
            return Optional.empty();
        }
    }
}
