package org.ilb.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import javax.ws.rs.core.Response;

/** Reads the body of a request: one JSON object, neither long nor deep, no field twice. Stateless and thread-safe. */
final class Body {

    /** A thousand services with a thousand servers each would not fit; nor would such JSON fit into ONOS's store. */
    static final int MAX_BYTES = 4 << 20;

    /** The configuration is six deep. What is deeper by far would end the parser's stack. */
    static final int MAX_DEPTH = 32;

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private Body() {}

    static ObjectNode read(InputStream stream) {
        try {
            byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw Problem.of(
                        Response.Status.REQUEST_ENTITY_TOO_LARGE, "the body is longer than " + MAX_BYTES + " bytes");
            }
            checkDepth(bytes);
            JsonNode json = MAPPER.readTree(bytes);
            if (json == null || !json.isObject()) {
                throw bad("the body must be a JSON object");
            }
            return (ObjectNode) json;
        } catch (JsonProcessingException e) {
            throw bad("the body is no JSON: " + said(e));
        } catch (IOException e) {
            throw bad("the body ends too early");
        }
    }

    /** What the parser says, without what only its makers understand: the source of its bytes. */
    private static String said(JsonProcessingException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(" \\(.*\\[Source: .*", "");
    }

    private static void checkDepth(byte[] bytes) throws IOException {
        try (JsonParser parser = MAPPER.getFactory().createParser(bytes)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth > MAX_DEPTH) {
                    throw bad("the body is nested deeper than " + MAX_DEPTH + " levels");
                }
            }
        }
    }

    private static Problem bad(String detail) {
        return Problem.of(Response.Status.BAD_REQUEST, detail);
    }
}
