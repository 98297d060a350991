package org.ilb.frontend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;

/**
 * A connection at an ILB that receives it: its exact rule, and what waits for that rule.
 *
 * <p>Touched by the connection's stripe only, but for {@link #rule()} and {@link #route()}, which anyone may ask, and
 * {@link #spare}, which is the evicting thread's.
 */
final class ReceivedConnection {

    /** A client sends little before it has an answer; more than this is a flood of one connection. */
    private static final int MAX_HELD = 8;

    /** Of two clocks, one of which counts milliseconds, one sample may seem to be two; switches are asked every few seconds. */
    private static final long SAME_SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Queue<Arrival> held = new ArrayDeque<>();
    private volatile FlowRule rule;
    private volatile Route route;
    private PortNumber ingress = PortNumber.ANY;
    private volatile boolean settingUp;
    private volatile long confirmedAt;
    private boolean stood;
    private long counted = -1;
    private long countedAt;
    private long sparedAt = -1;
    private long sparedSampleAt;

    /** Keeps a segment until the rule stands. Returns false if too many are kept already. */
    boolean hold(Arrival arrival) {
        return held.size() < MAX_HELD && held.add(arrival);
    }

    boolean isSettingUp() {
        return settingUp;
    }

    /** Notes what is on its way to the switch; until it is confirmed or has failed, segments are held. */
    void putting(FlowRule next, Route nextRoute, PortNumber nextIngress) {
        settingUp = true;
        rule = next;
        route = nextRoute;
        ingress = nextIngress;
    }

    /** Notes that the rule stands, and returns what waited for it. */
    List<Arrival> confirmed(long nowNanos) {
        settingUp = false;
        confirmedAt = nowNanos;
        stood = true;
        return takeHeld();
    }

    /** Notes that there is no rule, and returns what waited for it. */
    List<Arrival> failed() {
        settingUp = false;
        rule = null;
        route = null;
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

    /** Where that rule leads, null without one. */
    Route route() {
        return route;
    }

    /** The port that the connection came in by. */
    PortNumber ingress() {
        return ingress;
    }

    /** Whether a rule has stood since the connection came in here. */
    boolean hasStood() {
        return stood;
    }

    /** How long ago the switch confirmed the rule, in nanoseconds. */
    long age(long nowNanos) {
        return nowNanos - confirmedAt;
    }

    /** Takes note of a count, and returns for how long the rule has counted nothing new, in nanoseconds. */
    long silence(RuleCount count) {
        if (count.packets() != counted) {
            counted = count.packets();
            countedAt = Math.max(count.sampledAt(), confirmedAt);
        }
        return count.sampledAt() - countedAt;
    }

    /**
     * Tells whether a rule is spared once more: it was used since it was last asked, or is asked for the first time, or its switch
     * has not said since.
     */
    boolean spare(RuleCount count) {
        if (sparedAt >= 0 && count.sampledAt() - sparedSampleAt < SAME_SAMPLE_NANOS) {
            return true;
        }
        boolean used = count.packets() != sparedAt;
        sparedAt = count.packets();
        sparedSampleAt = count.sampledAt();
        return used;
    }
}
