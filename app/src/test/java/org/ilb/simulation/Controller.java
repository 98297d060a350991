package org.ilb.simulation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Settings;
import org.ilb.View;
import org.ilb.association.AssociationListener;
import org.ilb.association.LocalAssociationStore;
import org.ilb.connection.Balancers;
import org.ilb.connection.Ending;

/**
 * One controller node: its ILBs, and all that has to be done about their verdicts. What the function does with threads,
 * switches and a replicated map, this does with an agenda.
 *
 * <p>Between nodes everything goes by messages, and of these some are lost.
 */
final class Controller {

    private final Node node;
    /** Keeps the buckets of the service, null if it has none. */
    private final Keeper keeper;

    private final KnownConnections known;
    private final Lives lives;
    private final Tombstones tombstones;
    private final RuleTables rules;
    private final Views views;
    private final Endings endings;
    private final SegmentPath path;
    private final AssociationListener listener;

    Controller(
            int number,
            Agenda agenda,
            Chance chance,
            Conditions conditions,
            Settings settings,
            Network network,
            Fleet fleet,
            Farm farm,
            LocalAssociationStore store) {
        node = new Node(number, agenda, chance, conditions, settings, network, fleet, store);
        keeper = conditions.buckets == null ? null : new Keeper(agenda, chance, conditions, network, farm, this);
        if (keeper != null) {
            node.balancers.all().forEach(ilb -> ilb.servers(keeper::forSyn));
        }
        known = new KnownConnections(node.balancers);
        lives = new Lives(node);
        rules = new RuleTables(node);
        tombstones = new Tombstones(agenda);
        Ways ways = new Ways(node, known, tombstones, rules);
        views = new Views(node, tombstones, ways);
        endings = new Endings(node, known, lives, tombstones, rules, views, keeper);
        path = new SegmentPath(node, known, lives, tombstones, rules, ways, views, endings, keeper);
        listener = new AssociationListener() {
            @Override
            public void put(Association association) {
                node.event(() -> views.stored(association));
            }

            @Override
            public void removed(Association association) {
                node.event(() -> endings.forget(association, false));
            }
        };
        store.addListener(listener);
    }

    /** Takes up what the store has, and begins. */
    void start() {
        node.ask(node.store.all(), associations -> {
            associations.stream()
                    .filter(association -> !tombstones.has(association))
                    .forEach(node.balancers::publish);
            node.ready();
            if (keeper != null) {
                keeper.start(associations);
            }
            node.agenda.plan(node.chance.between(1, Conditions.POLL), endings::poll);
        });
    }

    void stop() {
        node.stop();
        node.store.removeListener(listener);
    }

    boolean isIdle() {
        return known.creations.isEmpty() && lives.isEmpty() && views.isIdle();
    }

    boolean isStopped() {
        return node.isStopped();
    }

    boolean isRunning() {
        return node.isRunning();
    }

    // What switches and clients bring.

    void punted(Arrival arrival) {
        if (isRunning()) {
            path.arrived(arrival);
        }
    }

    /** A switch copied a FIN or an RST. */
    void copied(Ending ending) {
        endings.copied(ending);
    }

    /** A switch is back, and has no rules. */
    void returned(IlbId ilb) {
        if (isRunning() && keeper != null) {
            keeper.returned(ilb);
        }
    }

    void enter(View view) {
        views.enter(view);
    }

    // What the keeper of buckets asks for.

    /** What any ILB of this node knows of a connection. */
    Optional<Association> knownHere(FlowKey key) {
        return known.association(key);
    }

    /** The connections that have associations of their own. */
    List<Association> connections() {
        return known.all();
    }

    /** Whether some connection of a kind is being written to the store. */
    boolean creates(Predicate<FlowKey> which) {
        return known.creations.keySet().stream().anyMatch(which);
    }

    /** Writes the association of a bucket; tells the ILBs, then who asked. */
    void propose(Optional<Association> former, Association proposal, Consumer<Association> then) {
        node.ask(
                former.map(before -> node.store.supersede(before, proposal))
                        .orElseGet(() -> node.store.putIfAbsent(proposal)),
                standing -> {
                    former.ifPresent(node.balancers::ended);
                    node.balancers.publish(standing);
                    then.accept(standing);
                });
    }

    /** Puts exact rules of connections; answers whether all stand. */
    void pin(IlbId ilb, List<Association> associations, Consumer<Boolean> answer) {
        rules.pin(ilb, associations, answer);
    }

    void end(Association association) {
        endings.end(association);
    }

    // What other nodes, and the audit, ask for.

    Balancers balancers() {
        return node.balancers;
    }

    Node node() {
        return node;
    }

    SegmentPath path() {
        return path;
    }

    Endings endings() {
        return endings;
    }

    Map<FlowKey, ExactRule> rules(IlbId ilb) {
        return rules.at(ilb);
    }

    boolean hasRule(FlowKey key) {
        return rules.has(key);
    }

    /** A segment of a connection has come up at some node. */
    void heardFrom(Association association, Segment segment) {
        if (!isStopped()) {
            lives.heardFrom(association, segment);
        }
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
