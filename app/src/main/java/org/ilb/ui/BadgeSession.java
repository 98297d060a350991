package org.ilb.ui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.onosproject.net.DeviceId;
import org.onosproject.ui.RequestHandler;
import org.onosproject.ui.UiConnection;
import org.onosproject.ui.UiMessageHandler;
import org.onosproject.ui.topo.DeviceHighlight;
import org.onosproject.ui.topo.Highlights;
import org.onosproject.ui.topo.NodeBadge;
import org.onosproject.ui.topo.TopoJson;

/** One browser that may look at the topology. Thread-safe. */
final class BadgeSession extends UiMessageHandler {

    /** A message that asks for the badges at once; ONOS wants a handler to understand one message at least. */
    static final String ASK = "ilbBadges";

    private final Consumer<BadgeSession> asked;
    private final Consumer<BadgeSession> ended;

    // Guarded by this.
    private Set<DeviceId> shown = ImmutableSet.of();

    /**
     * Creates a session.
     *
     * @param asked is called when the browser asks for the badges
     * @param ended is called when it is gone
     */
    BadgeSession(Consumer<BadgeSession> asked, Consumer<BadgeSession> ended) {
        this.asked = asked;
        this.ended = ended;
    }

    /** Sends the badges; switches that had one and have none now lose it. */
    synchronized void show(Map<DeviceId, NodeBadge> badges) {
        if (badges.isEmpty() && shown.isEmpty()) {
            return;
        }
        Highlights highlights = new Highlights();
        for (DeviceId former : shown) {
            if (!badges.containsKey(former)) {
                highlights.add(new DeviceHighlight(former.toString()));
            }
        }
        badges.forEach((device, badge) -> {
            DeviceHighlight highlight = new DeviceHighlight(device.toString());
            highlight.setBadge(badge);
            highlights.add(highlight);
        });
        shown = ImmutableSet.copyOf(badges.keySet());
        UiConnection browser = connection();
        if (browser != null) {
            browser.sendMessage(TopoJson.topo2HighlightsMessage(highlights));
        }
    }

    @Override
    public void destroy() {
        ended.accept(this);
        super.destroy();
    }

    @Override
    protected Collection<RequestHandler> createRequestHandlers() {
        return ImmutableList.of(new RequestHandler(ASK) {
            @Override
            public void process(ObjectNode payload) {
                asked.accept(BadgeSession.this);
            }
        });
    }
}
