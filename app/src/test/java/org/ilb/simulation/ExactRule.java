package org.ilb.simulation;

import java.util.ArrayList;
import java.util.List;

/** What a controller node knows of one exact rule, and what waits for it. */
final class ExactRule {

    private static final int MOST_HELD = 8;

    Way way;
    boolean settingUp;
    long confirmedAt;
    private final List<Arrival> held = new ArrayList<>();

    void hold(Arrival arrival) {
        if (held.size() < MOST_HELD) {
            held.add(arrival);
        }
    }

    List<Arrival> takeHeld() {
        List<Arrival> taken = new ArrayList<>(held);
        held.clear();
        return taken;
    }
}
