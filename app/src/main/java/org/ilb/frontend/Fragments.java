package org.ilb.frontend;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.onosproject.net.flow.FlowRule;

/**
 * How many fragments of clients' segments switches have dropped, by the rules that do it. A rule that is put anew counts from 0.
 *
 * <p>Not thread-safe.
 */
final class Fragments {

    private final ToLongFunction<FlowRule> packets;
    private Map<FlowRule, Long> seen = new HashMap<>();

    Fragments(ToLongFunction<FlowRule> packets) {
        this.packets = packets;
    }

    /** Returns how many there were since this was asked last. */
    long take(Collection<FlowRule> rules) {
        Map<FlowRule, Long> now = new HashMap<>();
        long more = 0;
        for (FlowRule rule : rules) {
            long count = packets.applyAsLong(rule);
            long before = seen.getOrDefault(rule, 0L);
            more += count < before ? count : count - before;
            now.put(rule, count);
        }
        seen = now;
        return more;
    }
}
