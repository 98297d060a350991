package org.ilb.rest;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Services as configured. */
@Path("config/services")
@Produces(MediaType.APPLICATION_JSON)
public class ConfigServicesResource extends ConfigurationResource {

    /**
     * Gets all services as they were written, without defaults.
     *
     * @return 200 OK
     */
    @GET
    public Response all() {
        return list("services", Optional.empty());
    }

    /**
     * Adds a service.
     *
     * @param body a service
     * @return 201 Created, or 409 Conflict if it is there already
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response post(InputStream body) {
        return add(
                "services",
                Optional.empty(),
                json -> Optional.of(json.path("name"))
                        .filter(JsonNode::isTextual)
                        .map(name -> Part.service(name.textValue())),
                body);
    }

    /**
     * Gets a service as it was written, without defaults.
     *
     * @param name name of the service
     * @return 200 OK
     */
    @GET
    @Path("{name}")
    public Response get(@PathParam("name") String name) {
        return read(Part.service(name));
    }

    /**
     * Replaces a service, or adds it.
     *
     * @param name name of the service
     * @param body a service
     * @return 200 OK or 201 Created
     */
    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response put(@PathParam("name") String name, InputStream body) {
        return replace(Part.service(name), body);
    }

    /**
     * Changes fields of a service.
     *
     * @param name name of the service
     * @param body a merge patch
     * @return 200 OK
     */
    @PATCH
    @Path("{name}")
    @Consumes({MediaType.APPLICATION_JSON, ConfigResource.MERGE_PATCH})
    public Response patch(@PathParam("name") String name, InputStream body) {
        return patch(Part.service(name), body);
    }

    /**
     * Takes a service away.
     *
     * @param name name of the service
     * @return 204 No Content
     */
    @DELETE
    @Path("{name}")
    public Response delete(@PathParam("name") String name) {
        return delete(Part.service(name));
    }
}
