package org.ilb.frontend;

import java.util.function.Supplier;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Service;
import org.ilb.connection.Balancers;
import org.ilb.connection.Verdict;
import org.onosproject.net.PortNumber;

/**
 * Where the exact rules of connections lead (claims 12 to 15): straight to the server, or in {@code relay} to the owner, which is where
 * an ILB passes what it neither owns, backs up nor has cached. A rule follows when the view, the mode or a cache says otherwise.
 *
 * <p>To be called on the connection's stripe, unless said otherwise.
 */
final class Routes {

    private final Supplier<Enrolment> enrolment;
    private final Supplier<Balancers> balancers;
    private final KnownConnections known;
    private final RuleBook rules;
    private final IdleAssociations idle;
    private final Stripes stripes;
    private final Tally tally;

    Routes(
            Supplier<Enrolment> enrolment,
            Supplier<Balancers> balancers,
            KnownConnections known,
            RuleBook rules,
            IdleAssociations idle,
            Stripes stripes,
            Tally tally) {
        this.enrolment = enrolment;
        this.balancers = balancers;
        this.known = known;
        this.rules = rules;
        this.idle = idle;
        this.stripes = stripes;
        this.tally = tally;
    }

    /**
     * Where the rule of a new connection leads: in {@code relay} to the owner, unless the receiving ILB will know the
     * association itself, as its backup or because it caches what comes by.
     */
    Route ofNew(Association proposal, Arrival arrival) {
        boolean knows = proposal.concerns(arrival.ilb().id())
                || enrolment.get().frontEnd().settings().cacheSize() > 0;
        return arrival.service().handOff() == HandOff.DIRECT || knows
                ? Route.toServer(proposal.server())
                : Route.byOwner(proposal.owner(), proposal.server());
    }

    /** Where an ILB's rule of a known connection leads. */
    Route of(Association association, IlbId receiver, Service service) {
        if (service.handOff() == HandOff.DIRECT) {
            return Route.toServer(association.server());
        }
        return balancers
                .get()
                .find(receiver)
                .map(ilb -> ilb.route(association.key()))
                .flatMap(Verdict::handsOffTo)
                .map(owner -> Route.byOwner(owner, association.server()))
                .orElse(Route.toServer(association.server()));
    }

    /** Caches what came by (claim 12); what the cache forgot for it goes by the owner again. */
    void learn(Association association, IlbId receiver) {
        balancers.get().find(receiver).map(ilb -> ilb.learnt(association)).ifPresent(evicted -> {
            if (isRelayed(enrolment.get(), evicted.key())) {
                stripes.execute(evicted.key(), () -> repoint(receiver, evicted.key()));
            }
        });
    }

    private static boolean isRelayed(Enrolment now, FlowKey key) {
        Service service = now.service(key);
        return service != null && service.handOff() == HandOff.RELAY;
    }

    /** Points an ILB's rule of a connection where the view, the mode and the caches now say. */
    void repoint(IlbId ilbId, FlowKey key) {
        Ilb ilb = enrolment.get().ilb(ilbId);
        Service service = enrolment.get().service(key);
        ReceivedConnection connection = rules.received().get(ilbId, key);
        if (ilb == null || service == null || connection == null || connection.isSettingUp()) {
            return;
        }
        known.association(key).ifPresent(association -> {
            Route route = of(association, ilbId, service);
            if (!route.equals(connection.route())) {
                tally.add(Count.REPOINTED);
                rules.putBack(ilb, key, route, connection.ingress());
            }
        });
    }

    /** Repoints every rule that leads elsewhere than the view and the mode say (claims 17 and 18, in {@code relay}). Any thread. */
    void repointAll() {
        Enrolment now = enrolment.get();
        boolean relays = now.frontEnd().services().stream().anyMatch(service -> service.handOff() == HandOff.RELAY);
        rules.received().forEach((ilb, key, connection) -> {
            Route route = connection.route();
            if (route != null && (route.owner().isPresent() || relays && isRelayed(now, key))) {
                stripes.execute(key, () -> repoint(ilb, key));
            }
        });
    }

    /** Puts the rule of a connection of a former run back where it was. Any thread. */
    void restore(Ilb ilb, FlowKey key, PortNumber ingress) {
        stripes.execute(key, () -> {
            Service service = enrolment.get().service(key);
            if (service != null && rules.received().get(ilb.id(), key) == null) {
                known.association(key).ifPresent(association -> {
                    idle.stop(key);
                    tally.add(Count.RESTORED);
                    learn(association, ilb.id());
                    rules.putBack(ilb, key, of(association, ilb.id(), service), ingress);
                });
            }
        });
    }
}
