package org.ilb.rest;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.UriInfo;
import org.ilb.AssociationFilter;
import org.ilb.IlbService;
import org.onosproject.rest.AbstractWebResource;

/** Associations: which server, owner and backup each connection has. */
@Path("associations")
@Produces(MediaType.APPLICATION_JSON)
public class AssociationsResource extends AbstractWebResource {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    /**
     * Gets associations, page by page: parameters offset, limit and service.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    public Response page(@Context UriInfo uri) {
        Query query = Query.of(uri, "offset", "limit", "service");
        int offset = query.number("offset", 0, 0, Integer.MAX_VALUE);
        int limit = query.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        Answers answers = new Answers(get(IlbService.class));
        AssociationFilter filter = query.text("service")
                .map(name -> AssociationFilter.ofService(answers.find(name)
                        .orElseThrow(() -> Problem.notFound("there is no service '" + name + "'"))
                        .endpoint()))
                .orElse(AssociationFilter.ALL);
        return ok(answers.associations(filter, offset, limit)).build();
    }
}
