package org.ilb.ui;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ilb.IlbService;
import org.onlab.util.Tools;
import org.onosproject.net.DeviceId;
import org.onosproject.ui.UiExtension;
import org.onosproject.ui.UiExtensionService;
import org.onosproject.ui.UiMessageHandler;
import org.onosproject.ui.UiViewHidden;
import org.onosproject.ui.topo.NodeBadge;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the ILBs in ONOS's topology view, as long as there is one. Thread-safe. */
@Component(immediate = true)
public class TopologyBadges {

    private static final Logger LOG = LoggerFactory.getLogger(TopologyBadges.class);
    private static final long PERIOD_MS = 2000;

    /** Whose ownership is shown. */
    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected IlbService ilb;

    private final Set<BadgeSession> sessions = ConcurrentHashMap.newKeySet();
    private final UiExtension extension = new UiExtension.Builder(
                    getClass().getClassLoader(), ImmutableList.of(new UiViewHidden("ilb")))
            .messageHandlerFactory(this::newHandlers)
            .build();

    private ScheduledExecutorService timer;

    /** Starts to show. */
    @Activate
    protected void activate() {
        timer = Executors.newSingleThreadScheduledExecutor(Tools.groupedThreads("onos/ilb", "topology", LOG));
        timer.scheduleWithFixedDelay(this::showAll, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    /** Takes the badges away; ONOS keeps the handlers of browsers that are open, so they must do nothing from now on. */
    @Deactivate
    protected void deactivate() {
        timer.shutdownNow();
        showAll(ImmutableMap.of());
        sessions.clear();
    }

    /**
     * Tells ONOS's graphical interface of us.
     *
     * @param gui the interface
     */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "unbindGui")
    protected void bindGui(UiExtensionService gui) {
        gui.register(extension);
    }

    /**
     * Takes that back.
     *
     * @param gui the interface
     */
    protected void unbindGui(UiExtensionService gui) {
        gui.unregister(extension);
    }

    private Collection<UiMessageHandler> newHandlers() {
        BadgeSession session = new BadgeSession(this::show, sessions::remove);
        sessions.add(session);
        return ImmutableList.of(session);
    }

    private void show(BadgeSession session) {
        if (sessions.contains(session)) {
            session.show(OwnershipBadges.of(ilb));
        }
    }

    void showAll() {
        if (sessions.isEmpty()) {
            return;
        }
        try {
            showAll(OwnershipBadges.of(ilb));
        } catch (RuntimeException e) {
            LOG.warn("The badges of the topology could not be made", e);
        }
    }

    /** One browser that cannot be reached must not keep the others from their badges, nor end the timer. */
    private void showAll(Map<DeviceId, NodeBadge> badges) {
        for (BadgeSession session : sessions) {
            try {
                session.show(badges);
            } catch (RuntimeException e) {
                LOG.debug("A browser could not be given its badges", e);
            }
        }
    }
}
