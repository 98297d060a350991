package org.ilb.storebench;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.onosproject.rest.AbstractWebResource;

/** What was measured. */
@Path("figures")
@Produces(MediaType.APPLICATION_JSON)
public class FiguresResource extends AbstractWebResource {

    /**
     * Gets the figures so far.
     *
     * @return 200 OK
     */
    @GET
    public Response figures() {
        return ok(get(StoreBench.class).report().json()).build();
    }
}
