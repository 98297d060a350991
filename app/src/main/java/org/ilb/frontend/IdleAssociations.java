package org.ilb.frontend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ilb.FlowKey;

/**
 * The connections that no exact rule serves any more, and since when: their idle time runs. Thread-safe.
 */
final class IdleAssociations {

    private final Map<FlowKey, Long> since = new ConcurrentHashMap<>();

    /** The last rule of a connection went. */
    void start(FlowKey key, long nowNanos) {
        since.putIfAbsent(key, nowNanos);
    }

    /** A segment of the connection was seen, or the connection is gone. */
    void stop(FlowKey key) {
        since.remove(key);
    }

    /** Returns, and forgets, the connections that have been idle for longer than a time. */
    List<FlowKey> takeIdleFor(long nanos, long nowNanos) {
        List<FlowKey> expired = new ArrayList<>();
        since.forEach((key, start) -> {
            if (nowNanos - start >= nanos && since.remove(key, start)) {
                expired.add(key);
            }
        });
        return expired;
    }
}
