package org.ilb.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.Request;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriInfo;
import org.ilb.config.ConfigException;
import org.ilb.config.StoredConfiguration;
import org.onosproject.core.CoreService;
import org.onosproject.net.config.NetworkConfigRegistry;
import org.onosproject.rest.AbstractWebResource;

/**
 * Reads and changes parts of the stored configuration.
 *
 * <p>Every change is one of ONOS's network configuration: checked as a whole, refused as a whole, and seen by whoever looks
 * there. Complaints name the field as seen from the body where it is in the body, else as seen from the whole configuration.
 */
abstract class ConfigurationResource extends AbstractWebResource {

    private static final String APPLICATION = "org.ilb";
    private static final String ADMIN = "admin";

    @Context
    private UriInfo uri;

    @Context
    private Request request;

    @Context
    private SecurityContext security;

    /** Returns the whole configuration, an empty object if there is none, to a request without parameters. */
    final ObjectNode whole() {
        Query.of(uri);
        return stored().read().orElseGet(mapper()::createObjectNode);
    }

    final Response read(Part part) {
        return answer(find(part, whole()));
    }

    /** Answers with an object, or 304 to who has it already. */
    final Response answer(ObjectNode json) {
        ObjectNode seen = seen(json);
        Response.ResponseBuilder unchanged = request.evaluatePreconditions(Tags.of(seen));
        return (unchanged == null ? ok(seen) : unchanged).tag(Tags.of(seen)).build();
    }

    /** Answers with a list. */
    final Response list(String field, Optional<Part> parent) {
        ObjectNode whole = whole();
        ObjectNode container = parent.map(part -> find(part, whole)).orElse(whole);
        ObjectNode json = mapper().createObjectNode();
        json.putArray(field).addAll((ArrayNode) container.withArray(field));
        return answer(json);
    }

    /** Adds the body to a list, unless what its key names is there. */
    final Response add(
            String field, Optional<Part> parent, Function<ObjectNode, Optional<Part>> named, InputStream stream) {
        Query.of(uri);
        ObjectNode body = Body.read(stream);
        Optional<Part> part = named.apply(body);
        ObjectNode stored = change(
                whole -> {
                    part.filter(one -> one.find(whole).isPresent()).ifPresent(one -> {
                        throw Problem.conflict(null, "there is " + one.name() + " already");
                    });
                    parent.map(one -> find(one, whole))
                            .orElse(whole)
                            .withArray(field)
                            .add(body);
                },
                whole -> parent.map(one -> one.path(whole) + ".").orElse("") + field + "["
                        + (parent.flatMap(one -> one.find(whole))
                                        .orElse(whole)
                                        .path(field)
                                        .size()
                                - 1)
                        + "]",
                Problem::badField);
        Part added = part.orElseThrow(() -> new AssertionError("taken without a key: " + body));
        return created(added, stored, uri.getAbsolutePathBuilder().path("{key}").build(added.key()));
    }

    /** Replaces a part by the body, or creates it. */
    final Response replace(Part part, InputStream stream) {
        Query.of(uri);
        ObjectNode body = Body.read(stream);
        AtomicBoolean replaced = new AtomicBoolean();
        ObjectNode stored = change(
                whole -> {
                    Optional<ObjectNode> former = part.find(whole);
                    Tags.check(request, former.map(this::seen));
                    replaced.set(former.isPresent());
                    part.put(whole, body);
                },
                part::path,
                Problem::badField);
        return replaced.get() ? changed(part, stored) : created(part, stored, uri.getAbsolutePath());
    }

    /** Changes the fields that the body names. */
    final Response patch(Part part, InputStream stream) {
        Query.of(uri);
        ObjectNode body = Body.read(stream);
        ObjectNode stored = change(
                whole -> {
                    ObjectNode former = find(part, whole);
                    Tags.check(request, Optional.of(seen(former)));
                    part.put(whole, MergePatch.apply(former, body));
                },
                part::path,
                Problem::badField);
        return changed(part, stored);
    }

    final Response delete(Part part) {
        Query.of(uri);
        change(
                whole -> {
                    Tags.check(request, Optional.of(seen(find(part, whole))));
                    part.remove(whole);
                },
                whole -> null,
                Problem::conflict);
        return Response.noContent().build();
    }

    /** Replaces everything, or changes what the body names of everything. */
    final Response changeAll(InputStream stream, boolean patch) {
        Query.of(uri);
        ObjectNode body = Body.read(stream);
        ObjectNode stored = change(
                whole -> {
                    Tags.check(request, Optional.of(seen(whole)).filter(json -> !json.isEmpty()));
                    ObjectNode next = patch ? MergePatch.apply(whole, body) : body;
                    whole.removeAll();
                    whole.setAll(next);
                },
                whole -> null,
                Problem::badField);
        return ok(stored).tag(Tags.of(stored)).build();
    }

    final Response deleteAll() {
        Query.of(uri);
        Query.of(uri);
        if (!stored().remove(whole -> Tags.check(request, Optional.of(seen(whole))))) {
            throw Problem.notFound("there is no configuration");
        }
        return Response.noContent().build();
    }

    private Response changed(Part part, ObjectNode stored) {
        ObjectNode json = find(part, stored);
        return ok(json).tag(Tags.of(json)).build();
    }

    private Response created(Part part, ObjectNode stored, URI location) {
        ObjectNode json = find(part, stored);
        return Response.created(location).entity(json).tag(Tags.of(json)).build();
    }

    /** Changes the configuration; complaints about what is within a part name the field as seen from there. */
    private ObjectNode change(
            Consumer<ObjectNode> edit, Function<ObjectNode, String> path, BiFunction<String, String, Problem> problem) {
        ObjectNode[] edited = new ObjectNode[1];
        try {
            return stored().change(whole -> {
                edit.accept(whole);
                edited[0] = whole;
            });
        } catch (ConfigException e) {
            String within = path.apply(edited[0]);
            String field = e.field();
            throw problem.apply(
                    within != null && field.startsWith(within + ".") ? field.substring(within.length() + 1) : field,
                    e.reason());
        }
    }

    private static ObjectNode find(Part part, ObjectNode whole) {
        return part.find(whole).orElseThrow(() -> Problem.notFound("there is no " + part.name()));
    }

    /** Returns what the asking user may see of a part: the seed is for administrators. */
    private ObjectNode seen(ObjectNode json) {
        if (security.isUserInRole(ADMIN)) {
            return json;
        }
        ObjectNode copy = json.deepCopy();
        copy.remove("seed");
        if (copy.path("settings").isObject()) {
            ((ObjectNode) copy.path("settings")).remove("seed");
        }
        return copy;
    }

    private StoredConfiguration stored() {
        return new StoredConfiguration(
                get(NetworkConfigRegistry.class), get(CoreService.class).getAppId(APPLICATION));
    }
}
