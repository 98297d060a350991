package org.ilb.frontend;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ilb.Endpoint;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.dataplane.fabric.Place;
import org.ilb.dataplane.rule.Passage;
import org.ilb.dataplane.rule.Pipeline;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRuleEvent;
import org.onosproject.net.flow.FlowRuleListener;

/**
 * Adds up what rules have counted, by service, server and ILB: ONOS tells of every rule each time it has asked a switch.
 *
 * <p>Each packet counts once. What is relayed is counted by the owner's rule, for the ILB that received it. A rule's counts may
 * begin anew when it is put again. What rules counted before this began does not count; what a rule counts after ONOS asked for the
 * last time, before it goes, is lost.
 *
 * <p>Called by ONOS's one thread for events of rules; takes a map's look-up for most of them.
 */
final class TrafficMeter implements FlowRuleListener {

    /** Rules are asked every few seconds; one that nobody has told of for so long is forgotten. */
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final ApplicationId application;
    private final Meters meters;
    private final Supplier<Enrolment> enrolment;
    private final Function<Endpoint, Optional<Place>> places;
    private final ReceivedConnections received;
    private final LongSupplier nanoTime;
    private final long since;

    private final Map<Long, Counted> counted = new ConcurrentHashMap<>();
    private long sweptAt;

    /**
     * Creates a meter that has counted nothing.
     *
     * @param application whose rules count
     * @param meters where sums are kept
     * @param enrolment the services and ILBs in force
     * @param places where servers are
     * @param received which ILBs have rules of a connection
     * @param nanoTime the function's clock
     */
    TrafficMeter(
            ApplicationId application,
            Meters meters,
            Supplier<Enrolment> enrolment,
            Function<Endpoint, Optional<Place>> places,
            ReceivedConnections received,
            LongSupplier nanoTime) {
        this.application = application;
        this.meters = meters;
        this.enrolment = enrolment;
        this.places = places;
        this.received = received;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
        this.sweptAt = since;
    }

    @Override
    public boolean isRelevant(FlowRuleEvent event) {
        FlowRuleEvent.Type type = event.type();
        return (type == FlowRuleEvent.Type.RULE_UPDATED
                        || type == FlowRuleEvent.Type.RULE_ADDED
                        || type == FlowRuleEvent.Type.RULE_REMOVED)
                && event.subject().appId() == application.id()
                && event.subject() instanceof FlowEntry
                && Passage.mayBe(event.subject());
    }

    @Override
    public void event(FlowRuleEvent event) {
        FlowEntry entry = (FlowEntry) event.subject();
        if (event.type() == FlowRuleEvent.Type.RULE_REMOVED) {
            counted.remove(entry.id().value());
            return;
        }
        long now = nanoTime.getAsLong();
        Counted before = counted.get(entry.id().value());
        if (before == null) {
            before = new Counted();
            counted.put(entry.id().value(), before);
            if (isOld(entry, now)) {
                before.take(entry);
            }
        }
        before.toldAt = now;
        if (entry.packets() != before.packets) {
            boolean anew = entry.packets() < before.packets;
            long packets = anew ? entry.packets() : entry.packets() - before.packets;
            long bytes = anew ? entry.bytes() : entry.bytes() - before.bytes;
            before.take(entry);
            Passage.of(entry).ifPresent(passage -> passed(entry, passage, packets, bytes));
        }
        sweep(now);
    }

    /** Whether a rule that is new here has counted for others, or for this already. */
    private boolean isOld(FlowEntry entry, long now) {
        long life = TimeUnit.SECONDS.toNanos(entry.life());
        return life > now - since + TimeUnit.SECONDS.toNanos(1) || life > FORGOTTEN_NANOS;
    }

    private void passed(FlowEntry entry, Passage passage, long packets, long bytes) {
        Enrolment now = enrolment.get();
        Service service = now.service(passage.service());
        Optional<Endpoint> server = service == null ? Optional.empty() : server(passage, service);
        if (!server.isPresent()) {
            return;
        }
        if (!passage.isToServer()) {
            meters.sent(service.endpoint(), server.get(), packets, bytes);
            return;
        }
        Ilb ilb = now.ilb(entry.deviceId());
        if (ilb != null) {
            meters.received(receiver(entry, ilb.id(), service), service.endpoint(), server.get(), packets, bytes);
        }
    }

    private Optional<Endpoint> server(Passage passage, Service service) {
        if (passage.server().isPresent()) {
            return passage.server();
        }
        return service.allServers().stream()
                .map(Server::endpoint)
                .filter(server -> places.apply(server).map(Place::mac).equals(passage.mac()))
                .findFirst();
    }

    /** The ILB that relays a connection to this one, if one does. */
    private IlbId receiver(FlowEntry entry, IlbId here, Service service) {
        if (service.handOff() != HandOff.RELAY || !Pipeline.isExact(entry)) {
            return here;
        }
        IlbId[] relaying = {here};
        RuleRemovals.key(entry.selector())
                .ifPresent(key -> received.forEach(key, (ilb, connection) -> {
                    Route route = connection.route();
                    if (route != null && route.owner().filter(here::equals).isPresent()) {
                        relaying[0] = ilb;
                    }
                }));
        return relaying[0];
    }

    private void sweep(long now) {
        if (now - sweptAt < FORGOTTEN_NANOS) {
            return;
        }
        sweptAt = now;
        for (Iterator<Counted> all = counted.values().iterator(); all.hasNext(); ) {
            if (now - all.next().toldAt > FORGOTTEN_NANOS) {
                all.remove();
            }
        }
    }

    /** What a rule had counted when ONOS last told of it. */
    private static final class Counted {

        private long packets;
        private long bytes;
        private long toldAt;

        void take(FlowEntry entry) {
            packets = entry.packets();
            bytes = entry.bytes();
        }
    }
}
