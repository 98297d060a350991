package org.ilb.rest;

import java.util.Optional;
import javax.ws.rs.WebApplicationException;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import javax.ws.rs.ext.Provider;
import org.onlab.osgi.ServiceNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers whatever goes wrong as {@code application/problem+json}. Thread-safe. */
@Provider
public class ProblemMapper implements ExceptionMapper<Throwable> {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemMapper.class);

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof Problem) {
            Problem problem = (Problem) failure;
            return answer(Response.status(problem.status()), problem.body());
        }
        if (failure instanceof WebApplicationException) {
            // No such path, method or media type; or the role does not allow it. The headers, such as Allow, stay.
            Response response = ((WebApplicationException) failure).getResponse();
            return answer(
                    Response.fromResponse(response),
                    Problem.body(response.getStatus(), detail(response), Optional.empty()));
        }
        if (failure instanceof ServiceNotFoundException || failure instanceof IllegalStateException) {
            return answer(
                    Response.status(Response.Status.SERVICE_UNAVAILABLE),
                    Problem.body(
                            Response.Status.SERVICE_UNAVAILABLE.getStatusCode(),
                            "the application is starting or stopping",
                            Optional.empty()));
        }
        LOG.error("A request could not be answered", failure);
        return answer(
                Response.serverError(),
                Problem.body(
                        Response.Status.INTERNAL_SERVER_ERROR.getStatusCode(),
                        "this should not have happened; the log says more",
                        Optional.empty()));
    }

    private static String detail(Response response) {
        switch (Response.Status.fromStatusCode(response.getStatus())) {
            case FORBIDDEN:
                return "your roles do not allow this: viewer reads, admin writes";
            case NOT_FOUND:
                return "there is nothing at this path";
            case METHOD_NOT_ALLOWED:
                return "this path has no such method";
            case UNSUPPORTED_MEDIA_TYPE:
                return "the body must be application/json, or application/merge-patch+json for PATCH; "
                        + "a request without a body must not name a type";
            case NOT_ACCEPTABLE:
                return "answers are application/json";
            default:
                return response.getStatusInfo().getReasonPhrase();
        }
    }

    private static Response answer(Response.ResponseBuilder response, String body) {
        return response.header(HttpHeaders.CONTENT_TYPE, null)
                .type(Problem.MEDIA_TYPE)
                .entity(body)
                .build();
    }
}
