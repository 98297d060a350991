package org.ilb.rest;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriInfo;
import org.ilb.IlbService;
import org.ilb.metrics.Metrics;
import org.ilb.metrics.PrometheusText;
import org.onosproject.rest.AbstractWebResource;

/** What holds for the front-end function as a whole. */
@Path("")
@Produces(MediaType.APPLICATION_JSON)
public class FunctionResource extends AbstractWebResource {

    private static final String ADMIN = "admin";

    /**
     * Gets the view in force.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    @Path("view")
    public Response view(@Context UriInfo uri) {
        Query.of(uri);
        return ok(new Answers(get(IlbService.class)).view()).build();
    }

    /**
     * Gets the last views.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    @Path("views")
    public Response views(@Context UriInfo uri) {
        Query.of(uri);
        return ok(new Answers(get(IlbService.class)).views()).build();
    }

    /**
     * Gets the settings; the seed for role admin only.
     *
     * @param uri the request's
     * @param security who asks
     * @return 200 OK
     */
    @GET
    @Path("settings")
    public Response settings(@Context UriInfo uri, @Context SecurityContext security) {
        Query.of(uri);
        return ok(new Answers(get(IlbService.class))
                        .settings(security.isUserInRole(ADMIN))
                        .orElseThrow(() -> Problem.notFound("there is no configuration yet")))
                .build();
    }

    /**
     * Gets what services, servers and ILBs have had to do since activation.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    @Path("statistics")
    public Response statistics(@Context UriInfo uri) {
        Query.of(uri);
        return ok(StatisticsAnswers.write(get(IlbService.class).statistics())).build();
    }

    /**
     * Gets all metrics, for Prometheus.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    @Path("metrics")
    @Produces({PrometheusText.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response metrics(@Context UriInfo uri) {
        Query.of(uri);
        return ok(PrometheusText.write(Metrics.of(get(IlbService.class))))
                .type(PrometheusText.MEDIA_TYPE)
                .build();
    }

    /**
     * Gets what was counted since activation.
     *
     * @param uri the request's
     * @return 200 OK
     */
    @GET
    @Path("counters")
    public Response counters(@Context UriInfo uri) {
        Query.of(uri);
        return ok(new Answers(get(IlbService.class)).counters()).build();
    }
}
