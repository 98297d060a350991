package org.ilb.controller.openflow.flow;

import org.onlab.util.SlidingWindowCounter;
import org.onosproject.openflow.controller.OpenFlowSwitch;
import org.onosproject.openflow.controller.RoleState;
import org.projectfloodlight.openflow.protocol.OFCapabilities;
import org.projectfloodlight.openflow.types.OFPort;
import org.projectfloodlight.openflow.types.TableId;

/**
 * When one switch is asked for its flows and tables: every five seconds, by its master, when the last reply has come, and not
 * while rules are written at a high rate. The figures are stock's. Thread-safe.
 */
final class FlowPoll {

    private static final int POLL_SECONDS = 5;

    /** Polls that are skipped for a reply that does not come. */
    private static final int PATIENCE = 5;

    private static final int SHORT_WINDOW_SECONDS = 2;
    private static final int MIDDLE_WINDOW_SECONDS = 15;
    private static final int LONG_WINDOW_SECONDS = 60;

    /** Rules per second that never count as a high rate, and that always do. */
    private static final double LOW_RATE = 50;

    private static final double HIGH_RATE = 500;

    private final OpenFlowSwitch device;
    private final SlidingWindowCounter writes = new SlidingWindowCounter(LONG_WINDOW_SECONDS);
    private int seconds;
    private int waiting;
    private boolean paused;

    FlowPoll(OpenFlowSwitch device) {
        this.device = device;
    }

    /** Counts messages that were written to the switch. */
    void wrote(int messages) {
        writes.incrementCount(messages);
    }

    /** Notes that the switch has answered. */
    synchronized void answered() {
        waiting = 0;
    }

    /** Forgets what was: this node has just become the master. */
    synchronized void reset() {
        writes.clear();
        paused = false;
        waiting = 0;
    }

    /** Called every second: asks the switch if it is time. */
    synchronized void tick() {
        pauseOrResume();
        boolean due = seconds++ % POLL_SECONDS == 0;
        if (!due || paused) {
            return;
        }
        if (waiting > 0) {
            waiting--;
            return;
        }
        if (device.getRole() != RoleState.MASTER || busy()) {
            return;
        }
        device.sendMsg(device.factory()
                .buildFlowStatsRequest()
                .setMatch(device.factory().matchWildcardAll())
                .setTableId(TableId.ALL)
                .setOutPort(OFPort.ANY)
                .build());
        waiting = PATIENCE;
        if (device.features().getCapabilities().contains(OFCapabilities.TABLE_STATS)) {
            device.sendMsg(device.factory().buildTableStatsRequest().build());
        }
    }

    /** Ends the counting. */
    void stop() {
        writes.destroy();
    }

    private void pauseOrResume() {
        if (busy()) {
            paused = true;
        } else if (writes.getWindowRate(MIDDLE_WINDOW_SECONDS) < writes.getWindowRate(LONG_WINDOW_SECONDS)) {
            paused = false;
            // stock takes the first poll after a pause one interval later
        }
    }

    private boolean busy() {
        double usual = Math.min(2 * writes.getWindowRate(LONG_WINDOW_SECONDS), HIGH_RATE);
        return writes.getWindowRate(SHORT_WINDOW_SECONDS) > Math.max(usual, LOW_RATE);
    }
}
