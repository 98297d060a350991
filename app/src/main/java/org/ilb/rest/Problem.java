package org.ilb.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import javax.ws.rs.core.Response;

/** Why a request is refused: a status, a sentence and, where one is to blame, a field (RFC 7807). */
final class Problem extends RuntimeException {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final long serialVersionUID = 1;

    private final int status;
    private final String field;

    private Problem(int status, String field, String detail) {
        super(detail);
        this.status = status;
        this.field = field;
    }

    static Problem of(Response.Status status, String detail) {
        return new Problem(status.getStatusCode(), null, detail);
    }

    /** A field of the body, or a parameter of the query, is wrong. */
    static Problem badField(String field, String detail) {
        return new Problem(Response.Status.BAD_REQUEST.getStatusCode(), field, detail);
    }

    static Problem conflict(String field, String detail) {
        return new Problem(Response.Status.CONFLICT.getStatusCode(), field, detail);
    }

    static Problem notFound(String detail) {
        return of(Response.Status.NOT_FOUND, detail);
    }

    int status() {
        return status;
    }

    String body() {
        return body(status, getMessage(), Optional.ofNullable(field));
    }

    /** Writes a problem that has no other type than its status. */
    static String body(int status, String detail, Optional<String> field) {
        Response.Status known = Response.Status.fromStatusCode(status);
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("type", "about:blank")
                .put("title", known == null ? "Error" : known.getReasonPhrase())
                .put("status", status)
                .put("detail", detail);
        field.ifPresent(name -> json.put("field", name));
        return json.toString();
    }
}
