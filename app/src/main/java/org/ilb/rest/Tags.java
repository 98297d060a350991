package org.ilb.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.ws.rs.core.EntityTag;
import javax.ws.rs.core.Request;
import javax.ws.rs.core.Response;

/**
 * Entity tags, by which a writer says which state he has seen, so that he does not undo the change of another (RFC 9110, 13).
 * Stateless and thread-safe.
 */
final class Tags {

    private static final int DIGITS = 32;

    private Tags() {}

    static EntityTag of(JsonNode json) {
        return new EntityTag(Hashing.sha256()
                .hashString(json.toString(), StandardCharsets.UTF_8)
                .toString()
                .substring(0, DIGITS));
    }

    /**
     * Checks what a request says in If-Match and If-None-Match before it changes something.
     *
     * @param request the request
     * @param current what there is, empty if nothing
     * @throws Problem if the request meant something else
     */
    static void check(Request request, Optional<? extends JsonNode> current) {
        Response.ResponseBuilder failed = current.isPresent()
                ? request.evaluatePreconditions(of(current.get()))
                : request.evaluatePreconditions();
        if (failed != null) {
            throw Problem.of(
                    Response.Status.PRECONDITION_FAILED,
                    current.map(json -> "it is not as the request says; its ETag is " + quoted(of(json)))
                            .orElse("it is not there"));
        }
    }

    private static String quoted(EntityTag tag) {
        return '"' + tag.getValue() + '"';
    }
}
