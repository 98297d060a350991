package org.ilb.frontend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.ilb.Endpoint;
import org.onosproject.net.flow.FlowRule;

/**
 * A connection at the ILB that receives it: its exact rule, and what waits for that rule.
 *
 * <p>Touched by the connection's stripe only, but for {@link #rule()}, which anyone may ask.
 */
final class ReceivedConnection {

    /** A client sends little before it has an answer; more than this is a flood of one connection. */
    private static final int MAX_HELD = 8;

    private final Queue<Arrival> held = new ArrayDeque<>();
    private volatile FlowRule rule;
    private Endpoint server;
    private boolean settingUp;
    private long confirmedAt;

    /** Keeps a segment until the rule stands. Returns false if too many are kept already. */
    boolean hold(Arrival arrival) {
        return held.size() < MAX_HELD && held.add(arrival);
    }

    /** Starts to put a rule; until it is confirmed or has failed, segments are held. */
    void settingUp() {
        settingUp = true;
    }

    boolean isSettingUp() {
        return settingUp;
    }

    /** Notes what is on its way to the switch. */
    void putting(FlowRule next, Endpoint nextServer) {
        rule = next;
        server = nextServer;
    }

    /** Notes that the rule stands, and returns what waited for it. */
    List<Arrival> confirmed(long nowNanos) {
        settingUp = false;
        confirmedAt = nowNanos;
        return takeHeld();
    }

    /** Notes that there is no rule, and returns what waited for it. */
    List<Arrival> failed() {
        settingUp = false;
        rule = null;
        server = null;
        return takeHeld();
    }

    private List<Arrival> takeHeld() {
        List<Arrival> waiting = new ArrayList<>(held);
        held.clear();
        return waiting;
    }

    /** The rule on the switch or on its way there. */
    Optional<FlowRule> rule() {
        return Optional.ofNullable(rule);
    }

    /** Tells whether the rule sends to a server and was confirmed. */
    boolean sendsTo(Endpoint wanted) {
        return rule != null && wanted.equals(server);
    }

    /** How long ago the switch confirmed the rule, in nanoseconds. */
    long age(long nowNanos) {
        return nowNanos - confirmedAt;
    }
}
