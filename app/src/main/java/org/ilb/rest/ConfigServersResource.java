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
import org.ilb.Endpoint;

/** Servers of a service as configured: its pool, and those that back it up. */
@Path("config/services/{name}/{list: servers|backups}")
@Produces(MediaType.APPLICATION_JSON)
public class ConfigServersResource extends ConfigurationResource {

    /**
     * Gets all servers of a service as they were written, without defaults.
     *
     * @param name name of the service
     * @param list servers or backups
     * @return 200 OK
     */
    @GET
    public Response all(@PathParam("name") String name, @PathParam("list") String list) {
        return list(list, Optional.of(Part.service(name)));
    }

    /**
     * Adds a server.
     *
     * @param name name of the service
     * @param list servers or backups
     * @param body a server
     * @return 201 Created, or 409 Conflict if it is there already
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response post(@PathParam("name") String name, @PathParam("list") String list, InputStream body) {
        return add(list, Optional.of(Part.service(name)), json -> named(name, list, json), body);
    }

    /**
     * Gets a server as it was written, without defaults.
     *
     * @param name name of the service
     * @param list servers or backups
     * @param server address:port of the server
     * @return 200 OK
     */
    @GET
    @Path("{server}")
    public Response get(
            @PathParam("name") String name, @PathParam("list") String list, @PathParam("server") String server) {
        return read(Part.server(name, list, endpoint(server)));
    }

    /**
     * Replaces a server, or adds it.
     *
     * @param name name of the service
     * @param list servers or backups
     * @param server address:port of the server
     * @param body a server
     * @return 200 OK or 201 Created
     */
    @PUT
    @Path("{server}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response put(
            @PathParam("name") String name,
            @PathParam("list") String list,
            @PathParam("server") String server,
            InputStream body) {
        return replace(Part.server(name, list, endpoint(server)), body);
    }

    /**
     * Changes fields of a server.
     *
     * @param name name of the service
     * @param list servers or backups
     * @param server address:port of the server
     * @param body a merge patch
     * @return 200 OK
     */
    @PATCH
    @Path("{server}")
    @Consumes({MediaType.APPLICATION_JSON, ConfigResource.MERGE_PATCH})
    public Response patch(
            @PathParam("name") String name,
            @PathParam("list") String list,
            @PathParam("server") String server,
            InputStream body) {
        return patch(Part.server(name, list, endpoint(server)), body);
    }

    /**
     * Takes a server away.
     *
     * @param name name of the service
     * @param list servers or backups
     * @param server address:port of the server
     * @return 204 No Content
     */
    @DELETE
    @Path("{server}")
    public Response delete(
            @PathParam("name") String name, @PathParam("list") String list, @PathParam("server") String server) {
        return delete(Part.server(name, list, endpoint(server)));
    }

    private static Optional<Part> named(String service, String list, ObjectNode json) {
        try {
            return Optional.of(Part.server(
                    service,
                    list,
                    Endpoint.parse(json.path("address").asText() + ":"
                            + json.path("port").asText())));
        } catch (IllegalArgumentException e) {
            // The configuration's own complaint about it says more.
            return Optional.empty();
        }
    }

    private static Endpoint endpoint(String text) {
        try {
            return Endpoint.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badField(
                    "server", "'" + text + "' is no server; it must be address:port such as 10.0.0.1:80");
        }
    }
}
