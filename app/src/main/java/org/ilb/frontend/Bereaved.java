package org.ilb.frontend;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ilb.FlowKey;

/**
 * Connections, each on its own, that ended because their server failed: whoever still speaks of one is told by a reset, whatever becomes of other
 * segments that nobody knows. Remembered for as long as a client may be silent, and no more than so many; who is told goes on
 * being told, for the reset may be lost. Thread-safe.
 */
final class Bereaved {

    private final Map<FlowKey, Long> since = new ConcurrentHashMap<>();

    /** Remembers a connection, unless there are too many. */
    void add(FlowKey key, long nowNanos, int limit) {
        if (since.size() < limit) {
            since.put(key, nowNanos);
        }
    }

    boolean contains(FlowKey key) {
        return !since.isEmpty() && since.containsKey(key);
    }

    /** Forgets a connection in whose place another begins. */
    void remove(FlowKey key) {
        if (!since.isEmpty()) {
            since.remove(key);
        }
    }

    /** Forgets those that have been dead for so long. */
    void expire(long idleNanos, long nowNanos) {
        since.values().removeIf(at -> nowNanos - at >= idleNanos);
    }
}
