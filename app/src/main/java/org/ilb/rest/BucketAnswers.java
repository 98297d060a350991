package org.ilb.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.BucketState;
import org.ilb.BucketStatus;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.Server;
import org.ilb.Service;

/** The buckets of a service as JSON: first a summary, then each. Stateless and thread-safe. */
final class BucketAnswers {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private BucketAnswers() {}

    /**
     * Writes buckets.
     *
     * @param service their service, as configured
     * @param granularity how it makes them
     * @param statuses what is known of each
     * @return {@code {"service": …, "count": n, "portMask": …, "states": {…}, "servers": […], "buckets": […]}}
     */
    static ObjectNode write(Service service, Buckets granularity, List<BucketStatus> statuses) {
        ObjectNode json = JSON.objectNode()
                .put("service", service.name())
                .put("count", statuses.size())
                .put("portMask", String.format("0x%04x", granularity.portMask()));
        ObjectNode states = json.putObject("states");
        for (BucketState state : BucketState.values()) {
            states.put(
                    word(state),
                    statuses.stream().filter(bucket -> bucket.state() == state).count());
        }
        ArrayNode servers = json.putArray("servers");
        for (Server server : service.allServers()) {
            servers.addObject()
                    .put("server", server.endpoint().toString())
                    .put("weight", server.weight())
                    .put("buckets", share(statuses, server.endpoint()));
        }
        ArrayNode buckets = json.putArray("buckets");
        statuses.forEach(bucket -> buckets.add(write(bucket)));
        return json;
    }

    /** Returns how many buckets' new connections go to a server. */
    private static long share(List<BucketStatus> statuses, Endpoint server) {
        return statuses.stream()
                .map(bucket -> bucket.next().or(() -> bucket.association().map(Association::server)))
                .filter(Optional.of(server)::equals)
                .count();
    }

    private static ObjectNode write(BucketStatus bucket) {
        Optional<Association> association = bucket.association();
        ObjectNode json = JSON.objectNode().put("index", bucket.index()).put("state", word(bucket.state()));
        json.put("server", association.map(bound -> bound.server().toString()).orElse(null));
        json.put("next", bucket.next().map(Endpoint::toString).orElse(null));
        Answers.put(json, "owner", association.map(Association::owner));
        Answers.put(json, "backup", association.flatMap(Association::backup));
        return json.put("pins", bucket.pins()).put("packets", bucket.packets()).put("bytes", bucket.bytes());
    }

    private static String word(BucketState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
