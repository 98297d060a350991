package org.ilb.simulation;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.UnknownConnection;
import org.ilb.connection.HandedOff;
import org.ilb.connection.LoadBalancer;
import org.ilb.connection.Verdict;
import org.ilb.server.SelectionPolicy;

/** The path of a segment that a switch of a node punted: through verdicts, here and at other nodes, to a rule and a server. */
final class SegmentPath {

    private static final long RACE = 1_000;

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
    private static final SelectionPolicy NOBODY = key -> Optional.empty();

    private final Node node;
    private final KnownConnections known;
    private final Lives lives;
    private final Tombstones tombstones;
    private final RuleTables rules;
    private final Ways ways;
    private final Views views;
    private final Endings endings;
    /** Keeps the buckets of the service, null if it has none. */
    private final Keeper keeper;

    SegmentPath(
            Node node,
            KnownConnections known,
            Lives lives,
            Tombstones tombstones,
            RuleTables rules,
            Ways ways,
            Views views,
            Endings endings,
            Keeper keeper) {
        this.node = node;
        this.known = known;
        this.lives = lives;
        this.tombstones = tombstones;
        this.rules = rules;
        this.ways = ways;
        this.views = views;
        this.endings = endings;
        this.keeper = keeper;
    }

    void arrived(Arrival arrival) {
        ExactRule rule = rules.get(arrival.ilb, arrival.segment.key);
        if (rule != null && rule.settingUp) {
            rule.hold(arrival);
        } else {
            decide(arrival);
        }
    }

    /** Has a node do something with a segment of its own. */
    private void tell(Controller to, Consumer<SegmentPath> what) {
        node.message(to.node(), () -> what.accept(to.path()));
    }

    /**
     * Decides about a segment, unless its connection is just being created: then tables and store may still have the one
     * before.
     */
    private void decide(Arrival arrival) {
        if (!awaitsCreation(arrival)) {
            carryOut(arrival);
        }
    }

    private boolean awaitsCreation(Arrival arrival) {
        Segment segment = arrival.segment;
        Creation creation = known.creations.get(segment.key);
        if (creation == null) {
            return false;
        }
        if (segment.isSyn()) {
            // A repeated SYN gets the same proposal; that of the next connection has to wait for its turn.
            boolean another = creation.proposal.initialSequence() != segment.initialSequence;
            if (another) {
                creation.stands.thenRun(() -> tell(arrival.node, path -> path.arrived(arrival)));
            }
            return another;
        }
        CompletableFuture<Association> association =
                creation.released ? CompletableFuture.completedFuture(creation.proposal) : creation.stands;
        association.thenAccept(stands -> tell(arrival.node, path -> path.send(stands, arrival)));
        return true;
    }

    private void carryOut(Arrival arrival) {
        LoadBalancer receiver = node.balancers.of(arrival.ilb);
        Segment segment = arrival.segment;
        if (keeper != null && !known.association(segment.key).isPresent() && keeper.takes(arrival)) {
            return;
        }
        carryOut(
                segment.isSyn() ? receiver.syn(segment.key, segment.initialSequence) : receiver.segment(segment.key),
                receiver,
                arrival);
    }

    private void carryOut(Verdict verdict, LoadBalancer decider, Arrival arrival) {
        Segment segment = arrival.segment;
        FlowKey key = segment.key;
        node.agenda.note(key, () -> segment + " at ILB " + arrival.ilb + ": ILB " + decider.id() + " says " + verdict);
        verdict.match(new Verdict.Cases<Void>() {
            @Override
            public Void forward(Association association) {
                tell(arrival.node, path -> path.send(association, arrival));
                return null;
            }

            @Override
            public Void handOff(IlbId owner, long view) {
                HandedOff message = segment.isSyn()
                        ? HandedOff.syn(key, segment.initialSequence, view)
                        : HandedOff.segment(key, view);
                tell(node.fleet.masterOf(owner), path -> path.handedOff(message, owner, arrival));
                return null;
            }

            @Override
            public Void electAgain(long view) {
                node.agenda.errand(1, () -> tell(arrival.node, path -> path.arrived(arrival)));
                return null;
            }

            @Override
            public Void create(Association proposal, Optional<Association> former) {
                SegmentPath.this.create(proposal, former, decider, arrival);
                return null;
            }

            @Override
            public Void askStore() {
                node.ask(node.store.get(key), read -> {
                    // It may have ended since it was read.
                    Optional<Association> answer = read.filter(association -> !tombstones.has(association));
                    if (awaitsCreation(arrival)) {
                        return;
                    }
                    Verdict then = decider.stored(key, answer, views.isSettled(), reaction(), adoption());
                    answer.ifPresent(node.balancers::publish);
                    carryOut(then, decider, arrival);
                });
                return null;
            }

            @Override
            public Void askFormer(List<IlbId> former) {
                Optional<Association> answer = former.stream()
                        .map(ilb -> node.fleet.masterOf(ilb).balancers().of(ilb).known(key))
                        .filter(association -> association != null)
                        .findFirst();
                carryOut(decider.formerly(key, answer, views.isSettled(), reaction(), adoption()), decider, arrival);
                return null;
            }

            @Override
            public Void reset() {
                tell(arrival.node, path -> segment.client.reset(segment));
                return null;
            }

            @Override
            public Void drop(Verdict.Reason reason) {
                return null;
            }
        });
    }

    private void handedOff(HandedOff message, IlbId owner, Arrival arrival) {
        if (!awaitsCreation(arrival)) {
            LoadBalancer asked = node.balancers.of(owner);
            carryOut(asked.handedOff(message), asked, arrival);
        }
    }

    private UnknownConnection reaction() {
        return keeper == null ? UnknownConnection.RESET : UnknownConnection.ADOPT;
    }

    private SelectionPolicy adoption() {
        return keeper == null ? NOBODY : keeper::forOther;
    }

    private void create(Association chosen, Optional<Association> former, LoadBalancer owner, Arrival arrival) {
        FlowKey key = chosen.key();
        if (!views.isSettled() && !former.isPresent()) {
            // The view has just changed, and the owner has not been told yet of what it is told now.
            Optional<Association> association = known.association(key);
            if (association.isPresent()) {
                node.balancers.publish(association.get());
                decide(arrival);
                return;
            }
        }
        Creation creation = known.creations.computeIfAbsent(key, k -> write(chosen, former, owner));
        CompletableFuture<Association> awaited =
                creation.stands.thenCombine(creation.cleared, (standing, nothing) -> standing);
        // Where several nodes decide only the store knows who came first.
        if (views.isSettled() && node.conditions.nodes == 1) {
            CompletableFuture<Association> late = new CompletableFuture<>();
            awaited.thenAccept(late::complete);
            awaited = late;
            node.agenda.errand(
                    node.settings.storeWait().toMillis(),
                    () -> creation.cleared.thenRun(() -> {
                        creation.released |= late.complete(creation.proposal);
                    }));
        }
        if (arrival.node.node() == node) {
            setUp(creation.proposal, arrival, awaited);
        } else {
            awaited.thenAccept(standing -> tell(arrival.node, path -> path.send(standing, arrival)));
        }
    }

    private Creation write(Association proposal, Optional<Association> former, LoadBalancer owner) {
        // What rules the former had must be gone before its successor's segments can meet them.
        Creation creation = new Creation(
                proposal, former.map(before -> rules.clear(before.key())).orElse(DONE));
        // A SYN that interrupts a living connection may be anybody's: its client need not answer again.
        boolean interrupts = former.filter(association -> association.state() != AssociationState.CLOSING)
                .isPresent();
        Life life = lives.begin(proposal, interrupts);
        CompletableFuture<Association> answer = former.map(closing -> node.store.supersede(closing, proposal))
                .orElseGet(() -> node.store.putIfAbsent(proposal));
        node.ask(answer, standing -> {
            node.agenda.note(standing.key(), () -> "the store has " + standing);
            former.ifPresent(association -> endings.forget(association, true));
            tombstones.remove(standing);
            known.creations.remove(proposal.key());
            owner.decided(standing);
            node.balancers.publish(standing);
            if (!standing.isSameEpoch(proposal)) {
                lives.end(life);
            }
            ways.repoint(proposal.key());
            creation.stands.complete(standing);
        });
        return creation;
    }

    /** The rule goes out for what is proposed; the segment follows when the rule stands and the store has answered. */
    private void setUp(Association proposal, Arrival arrival, CompletableFuture<Association> awaited) {
        put(
                proposal,
                arrival,
                () -> awaited.thenAccept(standing -> {
                    if (node.isStopped()) {
                        return;
                    }
                    if (arrival.segment.isSyn() && standing.initialSequence() != arrival.segment.initialSequence) {
                        // What stands is the connection before: its owner knows it now.
                        decideAnew(arrival);
                    } else if (standing.server().equals(proposal.server())) {
                        stands(standing, arrival);
                    } else {
                        replace(standing, arrival);
                    }
                }));
    }

    private void decideAnew(Arrival arrival) {
        ExactRule rule = rules.get(arrival.ilb, arrival.segment.key);
        if (rule != null) {
            rule.settingUp = false;
            rules.drop(arrival.ilb, arrival.segment.key);
            rule.takeHeld().forEach(this::arrived);
        }
        arrived(arrival);
    }

    private void replace(Association association, Arrival arrival) {
        put(association, arrival, () -> stands(association, arrival));
    }

    private void send(Association association, Arrival arrival) {
        if (tombstones.has(association)) {
            // Told too late: the segment comes again.
            return;
        }
        heardFrom(association, arrival.segment);
        ways.learn(arrival.ilb, association);
        ExactRule rule = rules.get(arrival.ilb, association.key());
        boolean stands = rule != null && ways.of(arrival.ilb, association).equals(rule.way);
        if (rule != null && rule.settingUp) {
            rule.hold(arrival);
        } else if (stands && (arrival.segment.isSyn() || node.agenda.now() - rule.confirmedAt < RACE)) {
            node.network.deliver(arrival.segment, association.server());
        } else {
            replace(association, arrival);
        }
    }

    private void heardFrom(Association association, Segment segment) {
        node.fleet.nodes().forEach(each -> each.heardFrom(association, segment));
    }

    private void put(Association association, Arrival arrival, Runnable done) {
        FlowKey key = association.key();
        ExactRule rule = rules.getOrAdd(arrival.ilb, key);
        rule.settingUp = true;
        rule.way = ways.of(arrival.ilb, association);
        rules.makeRoom(arrival.ilb);
        node.network.put(arrival.ilb, key, rule.way, obeyed -> {
            if (node.isStopped()) {
                return;
            }
            if (obeyed && keeper != null && !tombstones.has(association) && keeper.mustStand(association)) {
                rules.pinEverywhere(association, done);
            } else if (obeyed) {
                done.run();
            } else if (rules.get(arrival.ilb, key) == rule) {
                // Else ONOS would put it as soon as the switch is back.
                rules.drop(arrival.ilb, key);
            }
        });
    }

    private void stands(Association association, Arrival arrival) {
        node.network.deliver(arrival.segment, association.server());
        ExactRule rule = rules.get(arrival.ilb, association.key());
        if (rule != null) {
            rule.settingUp = false;
            rule.confirmedAt = node.agenda.now();
            rules.makeRoom(arrival.ilb);
            ways.repoint(arrival.ilb, association.key());
            for (Arrival held : rule.takeHeld()) {
                if (held.segment.isSyn()) {
                    // It may be that of the next connection.
                    arrived(held);
                } else {
                    heardFrom(association, held.segment);
                    node.network.deliver(held.segment, association.server());
                }
            }
        }
        ways.learn(arrival.ilb, association);
    }
}
