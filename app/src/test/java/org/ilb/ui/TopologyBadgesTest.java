package org.ilb.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.ilb.rest.SampleIlb;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onosproject.ui.UiConnection;
import org.onosproject.ui.UiExtension;
import org.onosproject.ui.UiExtensionServiceAdapter;
import org.onosproject.ui.UiMessageHandler;
import org.onosproject.ui.model.topo.UiTopoLayout;

class TopologyBadgesTest {

    private final List<UiExtension> registered = new ArrayList<>();
    private final UiExtensionServiceAdapter gui = new UiExtensionServiceAdapter() {
        @Override
        public void register(UiExtension extension) {
            registered.add(extension);
        }

        @Override
        public void unregister(UiExtension extension) {
            registered.remove(extension);
        }
    };
    private final TopologyBadges component = new TopologyBadges();

    @BeforeEach
    void start() {
        component.ilb = new SampleIlb(true);
        component.bindGui(gui);
        component.activate();
    }

    @AfterEach
    void stop() {
        component.deactivate();
        component.unbindGui(gui);
        assertEquals(List.of(), registered);
    }

    @Test
    void aBrowserGetsTheSharesOfAllIlbs() {
        Browser browser = new Browser();
        component.showAll();
        assertEquals(
                List.of(
                        "of:0000000000000001 i 50% owns 5 of 10 associations, backs up 0",
                        "of:0000000000000002 e out owns 5 of 10 associations, backs up 0; away"),
                browser.badges());
    }

    @Test
    void whoAsksGetsThemAtOnce() {
        Browser browser = new Browser();
        browser.ask();
        assertEquals(2, browser.badges().size());
    }

    @Test
    void withoutAConfigurationNothingIsSentAndWhatWasShownGoes() {
        component.ilb = new SampleIlb(false);
        Browser browser = new Browser();
        component.showAll();
        assertTrue(browser.messages.isEmpty());
        component.ilb = new SampleIlb(true);
        component.showAll();
        component.ilb = new SampleIlb(false);
        component.showAll();
        assertEquals(List.of("of:0000000000000001", "of:0000000000000002"), browser.badges());
        int sent = browser.messages.size();
        component.showAll();
        assertEquals(sent, browser.messages.size());
    }

    @Test
    void aBrowserThatFailsDoesNotHarmTheOthers() {
        Browser broken = new Browser();
        broken.broken = true;
        Browser other = new Browser();
        component.showAll();
        assertEquals(2, other.badges().size());
    }

    @Test
    void whoIsGoneGetsNothing() {
        Browser browser = new Browser();
        browser.handler.destroy();
        component.showAll();
        assertTrue(browser.messages.isEmpty());
    }

    @Test
    void withTheApplicationTheBadgesGo() {
        Browser browser = new Browser();
        component.showAll();
        component.deactivate();
        assertEquals(List.of("of:0000000000000001", "of:0000000000000002"), browser.badges());
        int sent = browser.messages.size();
        browser.ask();
        component.showAll();
        assertEquals(sent, browser.messages.size());
    }

    @Test
    void sharesFitThreeCharacters() {
        assertEquals("0%", OwnershipBadges.share(0, 0));
        assertEquals("0%", OwnershipBadges.share(1, 1000));
        assertEquals("33%", OwnershipBadges.share(1, 3));
        assertEquals("67%", OwnershipBadges.share(2, 3));
        assertEquals("100", OwnershipBadges.share(7, 7));
        assertEquals("20%", OwnershipBadges.share(Integer.MAX_VALUE / 5, Integer.MAX_VALUE));
    }

    /** A browser's side of ONOS's connection. */
    private final class Browser implements UiConnection {

        private final List<JsonNode> messages = new ArrayList<>();
        private final UiMessageHandler handler = registered
                .get(0)
                .messageHandlerFactory()
                .newHandlers()
                .iterator()
                .next();
        private boolean broken;

        Browser() {
            handler.init(this, null);
        }

        void ask() {
            ObjectNode message = JsonNodeFactory.instance.objectNode().put("event", BadgeSession.ASK);
            message.putObject("payload");
            handler.process(message);
        }

        /** What the last message says of each switch, in order. */
        List<String> badges() {
            JsonNode last = messages.get(messages.size() - 1);
            assertEquals("topo2Highlights", last.path("event").asText());
            assertFalse(last.path("payload").has("subdue"), "other switches stay as they are");
            List<String> badges = new ArrayList<>();
            for (JsonNode device : last.path("payload").path("devices")) {
                JsonNode badge = device.path("badge");
                badges.add(String.join(
                                " ",
                                device.path("id").asText(),
                                badge.path("status").asText(),
                                badge.path("txt").asText(),
                                badge.path("msg").asText())
                        .trim());
            }
            badges.sort(null);
            return badges;
        }

        @Override
        public void sendMessage(ObjectNode message) {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            messages.add(message);
        }

        @Override
        public void sendMessage(String type, ObjectNode payload) {
            throw new AssertionError(type);
        }

        @Override
        public String userName() {
            return null;
        }

        @Override
        public UiTopoLayout currentLayout() {
            return null;
        }

        @Override
        public void setCurrentLayout(UiTopoLayout layout) {}

        @Override
        public String currentView() {
            return null;
        }

        @Override
        public void setCurrentView(String view) {}
    }
}
