package org.ilb.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.PATCH;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;

/** The configuration as a whole, and its settings. */
@Path("config")
@Produces(MediaType.APPLICATION_JSON)
public class ConfigResource extends ConfigurationResource {

    static final String MERGE_PATCH = "application/merge-patch+json";

    /**
     * Gets the configuration as it was written, without defaults.
     *
     * @return 200 OK
     */
    @GET
    public Response get() {
        ObjectNode whole = whole();
        if (whole.isEmpty()) {
            throw Problem.notFound("there is no configuration");
        }
        return answer(whole);
    }

    /**
     * Replaces the configuration.
     *
     * @param body the configuration
     * @return 200 OK
     */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Response put(InputStream body) {
        return changeAll(body, false);
    }

    /**
     * Changes fields of the configuration; lists are replaced.
     *
     * @param body a merge patch
     * @return 200 OK
     */
    @PATCH
    @Consumes({MediaType.APPLICATION_JSON, MERGE_PATCH})
    public Response patch(InputStream body) {
        return changeAll(body, true);
    }

    /**
     * Takes the configuration away.
     *
     * @return 204 No Content
     */
    @DELETE
    public Response delete() {
        return deleteAll();
    }

    /**
     * Gets the settings as they were written, without defaults.
     *
     * @return 200 OK
     */
    @GET
    @Path("settings")
    public Response getSettings() {
        return read(Part.settings());
    }

    /**
     * Replaces the settings; what is not given has its default, but the seed stays.
     *
     * @param body the settings
     * @return 200 OK
     */
    @PUT
    @Path("settings")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response putSettings(InputStream body) {
        return replace(Part.settings(), body);
    }

    /**
     * Changes settings.
     *
     * @param body a merge patch
     * @return 200 OK
     */
    @PATCH
    @Path("settings")
    @Consumes({MediaType.APPLICATION_JSON, MERGE_PATCH})
    public Response patchSettings(InputStream body) {
        return patch(Part.settings(), body);
    }

    /**
     * Sets all settings to their defaults, but the seed stays.
     *
     * @return 204 No Content
     */
    @DELETE
    @Path("settings")
    public Response deleteSettings() {
        return delete(Part.settings());
    }
}
