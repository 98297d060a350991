package org.ilb.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.collect.ImmutableMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ilb.Endpoint;
import org.ilb.IlbId;

/**
 * An object within the configuration that has an address of its own: the settings, a service, a server, an ILB.
 *
 * <p>An element of a list is named by some of its fields, its key, not by its place, which others' changes shift.
 * Immutable and thread-safe.
 */
final class Part {

    private final Part parent;
    private final String field;
    private final ImmutableMap<String, JsonNode> key;
    private final String name;

    private Part(Part parent, String field, ImmutableMap<String, JsonNode> key, String name) {
        this.parent = parent;
        this.field = field;
        this.key = key;
        this.name = name;
    }

    static Part settings() {
        return new Part(null, "settings", ImmutableMap.of(), "settings");
    }

    static Part service(String name) {
        return new Part(null, "services", ImmutableMap.of("name", TextNode.valueOf(name)), "service '" + name + "'");
    }

    /** Returns a server of one of a service's lists, {@code servers} or {@code backups}. */
    static Part server(String service, String list, Endpoint server) {
        return new Part(
                service(service),
                list,
                ImmutableMap.of(
                        "address",
                        TextNode.valueOf(server.address().toString()),
                        "port",
                        IntNode.valueOf(server.port())),
                (list.equals("backups") ? "backup server '" : "server '") + server + "' of service '" + service + "'");
    }

    static Part ilb(IlbId id) {
        JsonNode value =
                id.isIndex() ? IntNode.valueOf(Integer.parseInt(id.toString())) : TextNode.valueOf(id.toString());
        return new Part(null, "ilbs", ImmutableMap.of("id", value), "ILB '" + id + "'");
    }

    /** Returns what it is called in a sentence. */
    String name() {
        return name;
    }

    /** Returns what names it in its list, as a path of the interface has it. */
    String key() {
        return key.values().stream().map(JsonNode::asText).collect(Collectors.joining(":"));
    }

    /** Finds it. */
    Optional<ObjectNode> find(ObjectNode configuration) {
        JsonNode place = container(configuration).path(field);
        JsonNode found = key.isEmpty() ? place : place.path(index(place));
        return found.isObject() ? Optional.of((ObjectNode) found) : Optional.empty();
    }

    /** Returns its path as complaints about the configuration begin with it, such as {@code services[0]}. */
    String path(ObjectNode configuration) {
        String prefix = parent == null ? "" : parent.path(configuration) + ".";
        return prefix
                + field
                + (key.isEmpty() ? "" : "[" + index(container(configuration).path(field)) + "]");
    }

    /**
     * Puts an object in its place, or at the end of its list.
     *
     * @param value the object; a key that it lacks is filled in
     * @throws Problem if it has another key, or there is nothing that it could be part of
     */
    void put(ObjectNode configuration, ObjectNode value) {
        ObjectNode keyed = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : key.entrySet()) {
            JsonNode given = value.path(entry.getKey());
            if (!given.isMissingNode() && !same(given, entry.getValue())) {
                throw Problem.badField(
                        entry.getKey(), shown(given) + " is not " + entry.getValue() + ", which the path says");
            }
            keyed.set(entry.getKey(), entry.getValue());
        }
        keyed.setAll(value);
        ObjectNode container = parent == null
                ? configuration
                : parent.find(configuration).orElseThrow(() -> Problem.notFound("there is no " + parent.name()));
        if (key.isEmpty()) {
            container.set(field, keyed);
            return;
        }
        ArrayNode list = container.withArray(field);
        int index = index(list);
        if (index < 0) {
            list.add(keyed);
        } else {
            list.set(index, keyed);
        }
    }

    /** Takes it away. */
    void remove(ObjectNode configuration) {
        JsonNode container = container(configuration);
        if (key.isEmpty()) {
            ((ObjectNode) container).remove(field);
        } else {
            ((ArrayNode) container.path(field)).remove(index(container.path(field)));
        }
    }

    private JsonNode container(ObjectNode configuration) {
        return parent == null
                ? configuration
                : parent.find(configuration).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private int index(JsonNode list) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            if (key.entrySet().stream().allMatch(entry -> same(element.path(entry.getKey()), entry.getValue()))) {
                return i;
            }
        }
        return -1;
    }

    /** Numbers of another size are the same, texts of digits are not. */
    private static boolean same(JsonNode value, JsonNode expected) {
        return value.isNumber() == expected.isNumber() && value.asText().equals(expected.asText());
    }

    private static String shown(JsonNode value) {
        String text = value.isObject() ? "an object" : value.isArray() ? "a list" : value.toString();
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }
}
