package org.ilb.storebench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What was measured so far, as JSON. Thread-safe. */
final class Report {

    private static final double STALL_MS = 1000;

    private final ArrayNode figures = JsonNodeFactory.instance.arrayNode();
    private String state = "running";
    private String step = "starting";
    private long stalled;

    /** Says what is being measured now. */
    synchronized void step(String text) {
        step = text;
    }

    /** Adds a figure. */
    synchronized void figure(String name, double value, String unit) {
        figures.addObject().put("name", name).put("value", value).put("unit", unit);
    }

    /** Adds what a load says of itself: its rate and how long its operations took. */
    void load(String name, Latencies latencies) {
        figure(name + ", rate", latencies.perSecond(), "per second");
        figure(name + ", p50", latencies.percentile(0.5), "ms");
        figure(name + ", p99", latencies.percentile(0.99), "ms");
        figure(name + ", longest", latencies.percentile(1), "ms");
        synchronized (this) {
            stalled += latencies.longerThan(STALL_MS);
        }
    }

    /** Ends the report. */
    synchronized void done() {
        figure("operations that took longer than a second", stalled, "");
        state = "done";
        step = "";
    }

    /** Ends the report without all figures. */
    synchronized void failed(String why) {
        state = "failed";
        step = why;
    }

    /** Returns {@code {"state": "running", "done" or "failed", "step": …, "figures": [{"name", "value", "unit"}, …]}}. */
    synchronized ObjectNode json() {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("state", state).put("step", step);
        json.set("figures", figures.deepCopy());
        return json;
    }
}
