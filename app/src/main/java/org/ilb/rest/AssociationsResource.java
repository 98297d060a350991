package org.ilb.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.UriInfo;
import org.ilb.AssociationFilter;
import org.ilb.IlbAdminService;
import org.ilb.IlbService;
import org.onosproject.rest.AbstractWebResource;

/** Associations: which server, owner and backup each connection has. */
@Path("associations")
@Produces(MediaType.APPLICATION_JSON)
public class AssociationsResource extends AbstractWebResource {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1000;

    /**
     * Gets associations, page by page: parameters offset and limit; service, server, owner, backup and client to
     * see only those.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    public Response page(@Context UriInfo uri) {
        Query query = Query.of(uri, "offset", "limit", "service", "server", "owner", "backup", "client");
        int offset = query.number("offset", 0, 0, Integer.MAX_VALUE);
        int limit = query.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        Answers answers = new Answers(get(IlbService.class));
        return ok(answers.associations(filter(query, answers), offset, limit)).build();
    }

    /**
     * Ends connections: parameters service, server, owner, backup and client, at least one of them.
     *
     * @param uri the request's
     * @return 200 OK with their number
     */
    @DELETE
    public Response end(@Context UriInfo uri) {
        Query query = Query.of(uri, "service", "server", "owner", "backup", "client");
        if (uri.getQueryParameters().isEmpty()) {
            throw Problem.of(
                    Response.Status.BAD_REQUEST,
                    "which? give at least one of service, server, owner, backup, client; client=0.0.0.0/0 is all");
        }
        IlbAdminService ilb = get(IlbAdminService.class);
        int ended = ilb.end(filter(query, new Answers(ilb)));
        return ok(JsonNodeFactory.instance.objectNode().put("ended", ended)).build();
    }

    private static AssociationFilter filter(Query query, Answers answers) {
        AssociationFilter filter = AssociationFilter.ALL;
        if (query.text("service").isPresent()) {
            String name = query.text("service").get();
            filter = filter.service(answers.find(name)
                    .orElseThrow(() -> Problem.notFound("there is no service '" + name + "'"))
                    .endpoint());
        }
        if (query.text("server").isPresent()) {
            filter = filter.server(query.endpoint("server"));
        }
        if (query.text("owner").isPresent()) {
            filter = filter.owner(query.ilb("owner"));
        }
        if (query.text("backup").isPresent()) {
            filter = filter.backup(query.ilb("backup"));
        }
        return query.text("client").isPresent() ? query.client("client", filter) : filter;
    }
}
