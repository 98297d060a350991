package org.ilb.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** JSON written with single quotes, configurations to start from, and edits by path as errors name it. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static JsonNode of(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every field there is, two of each. */
    static ObjectNode routed() {
        return (ObjectNode) of("{'services': ["
                + "{'name': 'web', 'address': '203.0.113.10', 'port': 80, 'policy': 'weighted-round-robin',"
                + " 'handOff': 'relay', 'unknown': 'reset', 'direct': ['10.9.0.0/16', '10.8.0.0/24'], 'servers': ["
                + "  {'address': '10.0.1.1', 'port': 8080, 'weight': 3, 'mac': '00:00:00:00:01:01',"
                + "   'location': 'of:00000000000000a1/1'},"
                + "  {'address': '10.0.1.2', 'port': 8080, 'weight': 0, 'state': 'draining',"
                + "   'drainUntil': '2030-01-31T18:00:00Z'}],"
                + " 'backups': [{'address': '10.0.1.3', 'port': 8080, 'state': 'disabled'}], 'affinity': 300,"
                + " 'onFailure': 'keep', 'return': 'nat', 'health': {'kind': 'http', 'interval': 500, 'timeout': 400,"
                + "  'rise': 1, 'fall': 2, 'method': 'HEAD', 'path': '/up', 'status': '200-204'}},"
                + "{'name': 'api', 'address': '203.0.113.10', 'port': 443, 'unknown': 'drop', 'granularity': 'buckets',"
                + " 'buckets': {'count': 16, 'portBits': [2, 15, 3, 4], 'binding': 'lazy', 'moveSynAfter': 0,"
                + "  'movePinAfter': 3600, 'moving': 16}, 'servers': ["
                + "  {'address': '10.0.1.1', 'port': 8443}]}],"
                + "'ilbs': ["
                + " {'device': 'of:0000000000000001', 'id': '10.0.2.1', 'uplink': {'port': 1, 'nextHop': '10.0.2.254'}},"
                + " {'device': 'of:0000000000000002', 'id': '10.0.2.2', 'address': '10.0.2.2',"
                + "  'uplink': {'port': 4294967040, 'nextHop': '10.0.2.254'}, 'drain': true}],"
                + "'settings': {'score': 'CRC32_MIXED', 'seed': '00000000deadBEEF', 'gateways': ['10.0.1.254', '10.0.3.254'],"
                + " 'storeWait': 50, 'ruleIdle': 30, 'associationIdle': 600, 'maxAssociations': 1000, 'cacheSize': 0,"
                + " 'synFlags': false, 'singleTable': ['of:00000000000000a1', 'of:0000000000000002'], 'endFlags': false, 'linger': 2,"
                + " 'embryonic': 3, 'maxRules': 2000, 'idPeriod': 100, 'idMisses': 4, 'idHearers': 2, 'holdDown': 7}}");
    }

    /** As little as can be said, in flat mode. */
    static ObjectNode flat() {
        return (ObjectNode) of("{'services': [{'name': 'web', 'address': '10.0.0.100', 'port': 80,"
                + " 'servers': [{'address': '10.0.0.1', 'port': 80}]}],"
                + "'ilbs': [{'device': 'of:0000000000000001', 'id': 1}, {'device': 'of:0000000000000002', 'id': 0}]}");
    }

    /** Returns the JSON with the value at a path such as {@code services[0].port} replaced, or removed for null. */
    static ObjectNode with(ObjectNode json, String path, JsonNode value) {
        ObjectNode copy = json.deepCopy();
        List<String> steps =
                new ArrayList<>(List.of(path.replace("[", ".").replace("]", "").split("\\.")));
        String last = steps.remove(steps.size() - 1);
        JsonNode place = copy;
        for (String step : steps) {
            place = place.isArray() ? place.get(Integer.parseInt(step)) : place.get(step);
        }
        if (place.isArray()) {
            ArrayNode array = (ArrayNode) place;
            int index = Integer.parseInt(last);
            if (value == null) {
                array.remove(index);
            } else if (index == array.size()) {
                array.add(value);
            } else {
                array.set(index, value);
            }
        } else if (value == null) {
            ((ObjectNode) place).remove(last);
        } else {
            ((ObjectNode) place).set(last, value);
        }
        return copy;
    }
}
