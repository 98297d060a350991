package org.ilb.rest;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.core.MultivaluedMap;
import javax.ws.rs.core.UriInfo;
import org.ilb.AssociationFilter;
import org.ilb.Endpoint;
import org.ilb.IlbId;

/**
 * The query parameters of a request.
 *
 * <p>JAX-RS answers 404 without a word to a number that is none; here it is 400 with a sentence.
 */
final class Query {

    private final MultivaluedMap<String, String> parameters;

    private Query(MultivaluedMap<String, String> parameters) {
        this.parameters = parameters;
    }

    /**
     * Takes the parameters of a request.
     *
     * @param uri the request's
     * @param allowed the names that it may have
     * @return the parameters
     * @throws Problem if it has others, or one twice
     */
    static Query of(UriInfo uri, String... allowed) {
        MultivaluedMap<String, String> parameters = uri.getQueryParameters();
        parameters.forEach((name, values) -> {
            if (!ImmutableSet.copyOf(allowed).contains(name)) {
                String all = allowed.length == 0 ? "there are none here" : "there are " + String.join(", ", allowed);
                throw Problem.badField(name, "unknown parameter " + name + "; " + all);
            }
            if (values.size() > 1) {
                throw Problem.badField(name, name + " is given " + values.size() + " times; once is enough");
            }
        });
        return new Query(parameters);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(parameters.getFirst(name));
    }

    /** Returns one of some words. */
    Optional<String> choice(String name, List<String> words) {
        Optional<String> text = text(name);
        if (text.isPresent() && !words.contains(text.get())) {
            throw Problem.badField(
                    name, name + " is '" + text.get() + "'; it must be one of " + String.join(", ", words));
        }
        return text;
    }

    int number(String name, int missing, int min, int max) {
        String text = parameters.getFirst(name);
        Integer value = text == null ? Integer.valueOf(missing) : Ints.tryParse(text);
        if (value == null || value < min || value > max) {
            throw Problem.badField(
                    name,
                    name + " is '" + text + "'; it must be a whole number from " + min
                            + (max == Integer.MAX_VALUE ? " up" : " to " + max));
        }
        return value;
    }

    Endpoint endpoint(String name) {
        String text = parameters.getFirst(name);
        if (text == null) {
            throw Problem.badField(name, name + " is missing; it must be address:port such as 10.0.0.1:80");
        }
        Endpoint endpoint;
        try {
            endpoint = Endpoint.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badField(name, name + " is '" + text + "'; it must be address:port such as 10.0.0.1:80");
        }
        if (!endpoint.address().isIp4()) {
            throw Problem.badField(name, name + " is '" + text + "'; its address must be IPv4");
        }
        return endpoint;
    }

    IlbId ilb(String name) {
        String text = parameters.getFirst(name);
        try {
            return IlbId.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.badField(name, name + " is '" + text + "'; it must be an ILB's address or index");
        }
    }

    /** Narrows a filter to an address, an address and port, or a prefix. */
    AssociationFilter client(String name, AssociationFilter filter) {
        try {
            return Clients.narrow(filter, parameters.getFirst(name));
        } catch (IllegalArgumentException e) {
            throw Problem.badField(name, name + " is " + e.getMessage());
        }
    }
}
