package org.ilb.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON merge patches (RFC 7396): what is given replaces, objects field by field, and null removes. Stateless and thread-safe. */
final class MergePatch {

    private MergePatch() {}

    /**
     * Applies a patch.
     *
     * @param target what is patched; stays as it is
     * @param patch the patch
     * @return the patched object
     */
    static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        ObjectNode result = target.deepCopy();
        patch.fields().forEachRemaining(change -> {
            JsonNode value = change.getValue();
            if (value.isNull()) {
                result.remove(change.getKey());
            } else if (value.isObject()) {
                JsonNode former = result.path(change.getKey());
                ObjectNode base = former.isObject() ? (ObjectNode) former : JsonNodeFactory.instance.objectNode();
                result.set(change.getKey(), apply(base, (ObjectNode) value));
            } else {
                result.set(change.getKey(), value.deepCopy());
            }
        });
        return result;
    }
}
