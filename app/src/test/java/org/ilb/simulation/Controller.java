package org.ilb.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.HandOff;
import org.ilb.IlbId;
import org.ilb.ScoreKind;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.ilb.View;
import org.ilb.association.AssociationListener;
import org.ilb.association.LocalAssociationStore;
import org.ilb.connection.Balancers;
import org.ilb.connection.Ending;
import org.ilb.connection.HandedOff;
import org.ilb.connection.Lifetime;
import org.ilb.connection.LoadBalancer;
import org.ilb.connection.Verdict;
import org.ilb.election.Electorate;
import org.ilb.membership.TransferTable;
import org.ilb.server.Affinities;
import org.ilb.server.SelectionPolicy;

/**
 * One controller node: its ILBs, and all that has to be done about their verdicts. What the function does with threads,
 * switches and a replicated map, this does with an agenda.
 *
 * <p>Between nodes everything goes by messages, and of these some are lost.
 */
final class Controller {

    private static final long RACE = 1_000;
    /** Longer than anything is under way. */
    private static final long REMEMBERED = 30_000;

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
    private static final SelectionPolicy NOBODY = key -> Optional.empty();

    private final int number;
    private final Agenda agenda;
    private final Chance chance;
    private final Conditions conditions;
    private final Settings settings;
    private final Network network;
    private final Fleet fleet;
    private final LocalAssociationStore store;
    private final Oracle oracle;
    /** Keeps the buckets of the service, if it has any. */
    private final Keeper keeper;

    private final Balancers balancers;
    private final Set<IlbId> ilbs;
    private final Map<IlbId, Map<FlowKey, ExactRule>> rules = new LinkedHashMap<>();
    private final Map<FlowKey, Creation> creations = new LinkedHashMap<>();
    private final Map<FlowKey, Life> lives = new LinkedHashMap<>();
    /** How many removals of a connection's rules switches have not acknowledged, and who waits for them. */
    private final Map<FlowKey, Integer> going = new LinkedHashMap<>();

    private final Map<FlowKey, CompletableFuture<Void>> cleared = new LinkedHashMap<>();
    private final Map<List<Object>, Tombstone> tombstones = new LinkedHashMap<>();
    private final Queue<View> views = new ArrayDeque<>();
    private final List<Association> ahead = new ArrayList<>();
    private final AssociationListener listener;
    private long announced;
    private int transfers;
    private long eventAt;
    private boolean ready;
    private boolean stopped;

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
        this.number = number;
        this.agenda = agenda;
        this.chance = chance;
        this.conditions = conditions;
        this.settings = settings;
        this.network = network;
        this.fleet = fleet;
        this.store = store;
        this.oracle = new Oracle(settings.seed());
        this.ilbs = fleet.ilbsOf(number);
        this.balancers = new Balancers(
                Electorate.of(fleet.bootView(), ScoreKind.CRC32_MIXED, settings.seed()),
                settings.cacheSize(),
                new Affinities(() -> 0));
        balancers.configured(ilbs, List.of(conditions.service()));
        this.keeper = conditions.buckets == null ? null : new Keeper(agenda, chance, conditions, network, farm, this);
        if (keeper != null) {
            balancers.all().forEach(ilb -> ilb.servers(keeper::forSyn));
        }
        ilbs.forEach(ilb -> rules.put(ilb, new LinkedHashMap<>()));
        listener = new AssociationListener() {
            @Override
            public void put(Association association) {
                event(() -> stored(association));
            }

            @Override
            public void removed(Association association) {
                event(() -> forget(association, false));
            }
        };
        store.addListener(listener);
    }

    /** Takes up what the store has, and begins. */
    void start() {
        ask(store.all(), associations -> {
            associations.stream().filter(association -> !hasEnded(association)).forEach(balancers::publish);
            ready = true;
            if (keeper != null) {
                keeper.start(associations);
            }
            agenda.plan(chance.between(1, Conditions.POLL), this::poll);
        });
    }

    void stop() {
        stopped = true;
        store.removeListener(listener);
    }

    boolean isIdle() {
        return creations.isEmpty() && lives.isEmpty() && views.isEmpty() && ahead.isEmpty();
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isRunning() {
        return ready && !stopped;
    }

    Balancers balancers() {
        return balancers;
    }

    Map<FlowKey, ExactRule> rules(IlbId ilb) {
        return rules.get(ilb);
    }

    private boolean isSettled() {
        return transfers == 0;
    }

    // What the keeper of buckets asks for.

    /** A switch is back, and has no rules. */
    void returned(IlbId ilb) {
        if (isRunning() && keeper != null) {
            keeper.returned(ilb);
        }
    }

    /** The connections that have associations of their own. */
    List<Association> connections() {
        List<Association> owned = new ArrayList<>();
        for (LoadBalancer ilb : balancers.all()) {
            ilb.ltoc().forEach(association -> {
                if (association.owner().equals(ilb.id()) && !association.key().isBucket()) {
                    owned.add(association);
                }
            });
        }
        return owned;
    }

    /** Whether some connection of a kind is being written to the store. */
    boolean creates(Predicate<FlowKey> which) {
        return creations.keySet().stream().anyMatch(which);
    }

    /** Writes the association of a bucket; tells the ILBs, then who asked. */
    void propose(Optional<Association> former, Association proposal, Consumer<Association> then) {
        ask(
                former.map(before -> store.supersede(before, proposal)).orElseGet(() -> store.putIfAbsent(proposal)),
                standing -> {
                    former.ifPresent(balancers::ended);
                    balancers.publish(standing);
                    then.accept(standing);
                });
    }

    /** Puts exact rules of connections; answers whether all stand. */
    void pin(IlbId ilb, List<Association> associations, Consumer<Boolean> answer) {
        int[] awaited = {associations.size()};
        boolean[] all = {true};
        if (associations.isEmpty()) {
            agenda.errand(1, () -> answerUnlessStopped(answer, true));
        }
        for (Association association : associations) {
            Map<FlowKey, ExactRule> table = rules.get(ilb);
            ExactRule rule = table.computeIfAbsent(association.key(), k -> new ExactRule());
            rule.way = Way.to(association.server());
            network.put(ilb, association.key(), rule.way, obeyed -> {
                all[0] &= obeyed;
                awaited[0]--;
                if (awaited[0] == 0) {
                    answerUnlessStopped(answer, all[0]);
                }
            });
        }
    }

    private void answerUnlessStopped(Consumer<Boolean> answer, boolean obeyed) {
        if (!stopped) {
            answer.accept(obeyed);
        }
    }

    /** Whether the rule of a connection may go: then its segments come up, and somebody knows it. */
    private boolean mayGo(FlowKey key) {
        return keeper == null || !knownHere(key).filter(keeper::mustStand).isPresent();
    }

    // What the store says.

    private <T> void ask(CompletableFuture<T> answer, Consumer<T> then) {
        agenda.errand(chance.mostlyShort(conditions.storeDelay), store::step);
        answer.thenAccept(result -> agenda.errand(chance.mostlyShort(conditions.storeDelay), () -> {
            if (!stopped) {
                then.accept(result);
            }
        }));
    }

    /** Events reach a node in the order in which the store took what they tell of. */
    private void event(Runnable event) {
        eventAt = Math.max(eventAt, agenda.now() + chance.mostlyShort(conditions.messageDelay));
        agenda.errand(eventAt - agenda.now(), () -> {
            if (!stopped) {
                event.run();
            }
        });
    }

    private void stored(Association association) {
        agenda.note(association.key(), () -> this + " hears of " + association);
        if (hasEnded(association) && tombstones.get(epochOf(association)).mine) {
            // Events come in the store's order, but for what this node did itself, of which it hears nothing.
            return;
        }
        begins(association);
        if (association.view() > balancers.electorate().view().number()) {
            // Elected in a view that this node is yet to enter.
            ahead.add(association);
        } else {
            balancers.publish(association);
            repoint(association.key());
        }
    }

    // The path of a segment.

    void punted(Arrival arrival) {
        if (!stopped && ready) {
            arrived(arrival);
        }
    }

    private void arrived(Arrival arrival) {
        ExactRule rule = rules.get(arrival.ilb).get(arrival.segment.key);
        if (rule != null && rule.settingUp) {
            rule.hold(arrival);
        } else {
            decide(arrival);
        }
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
        Creation creation = creations.get(segment.key);
        if (creation == null) {
            return false;
        }
        if (segment.isSyn()) {
            // A repeated SYN gets the same proposal; that of the next connection has to wait for its turn.
            boolean another = creation.proposal.initialSequence() != segment.initialSequence;
            if (another) {
                creation.stands.thenRun(() -> message(arrival.node, node -> node.arrived(arrival)));
            }
            return another;
        }
        CompletableFuture<Association> known =
                creation.released ? CompletableFuture.completedFuture(creation.proposal) : creation.stands;
        known.thenAccept(association -> message(arrival.node, node -> node.send(association, arrival)));
        return true;
    }

    private void carryOut(Arrival arrival) {
        LoadBalancer receiver = balancers.of(arrival.ilb);
        Segment segment = arrival.segment;
        if (keeper != null && !knownHere(segment.key).isPresent() && keeper.takes(arrival)) {
            return;
        }
        carryOut(
                segment.isSyn() ? receiver.syn(segment.key, segment.initialSequence) : receiver.segment(segment.key),
                receiver,
                arrival);
    }

    /** Has something done at another node, or here; a message to another may be late, lost or doubled. */
    private void message(Controller to, Consumer<Controller> what) {
        if (to == this) {
            what.accept(this);
            return;
        }
        int copies = (chance.happens(conditions.messageLoss) ? 0 : 1)
                + (chance.happens(conditions.messageDuplication) ? 1 : 0);
        for (int i = 0; i < copies; i++) {
            agenda.errand(chance.mostlyShort(conditions.messageDelay), () -> {
                if (!to.stopped && to.ready) {
                    what.accept(to);
                }
            });
        }
    }

    private void carryOut(Verdict verdict, LoadBalancer decider, Arrival arrival) {
        Segment segment = arrival.segment;
        FlowKey key = segment.key;
        agenda.note(key, () -> segment + " at ILB " + arrival.ilb + ": ILB " + decider.id() + " says " + verdict);
        verdict.match(new Verdict.Cases<Void>() {
            @Override
            public Void forward(Association association) {
                message(arrival.node, node -> node.send(association, arrival));
                return null;
            }

            @Override
            public Void handOff(IlbId owner, long view) {
                HandedOff message = segment.isSyn()
                        ? HandedOff.syn(key, segment.initialSequence, view)
                        : HandedOff.segment(key, view);
                message(fleet.masterOf(owner), node -> {
                    if (!node.awaitsCreation(arrival)) {
                        LoadBalancer asked = node.balancers.of(owner);
                        node.carryOut(asked.handedOff(message), asked, arrival);
                    }
                });
                return null;
            }

            @Override
            public Void electAgain(long view) {
                agenda.errand(1, () -> message(arrival.node, node -> node.arrived(arrival)));
                return null;
            }

            @Override
            public Void create(Association proposal, Optional<Association> former) {
                Controller.this.create(proposal, former, decider, arrival);
                return null;
            }

            @Override
            public Void askStore() {
                ask(store.get(key), read -> {
                    // It may have ended since it was read.
                    Optional<Association> answer = read.filter(association -> !hasEnded(association));
                    if (awaitsCreation(arrival)) {
                        return;
                    }
                    Verdict then = decider.stored(key, answer, isSettled(), reaction(), adoption());
                    answer.ifPresent(balancers::publish);
                    carryOut(then, decider, arrival);
                });
                return null;
            }

            @Override
            public Void askFormer(List<IlbId> former) {
                Optional<Association> answer = former.stream()
                        .map(ilb -> fleet.masterOf(ilb).balancers.of(ilb).known(key))
                        .filter(known -> known != null)
                        .findFirst();
                carryOut(decider.formerly(key, answer, isSettled(), reaction(), adoption()), decider, arrival);
                return null;
            }

            @Override
            public Void reset() {
                message(arrival.node, node -> segment.client.reset(segment));
                return null;
            }

            @Override
            public Void drop(Verdict.Reason reason) {
                return null;
            }
        });
    }

    private UnknownConnection reaction() {
        return keeper == null ? UnknownConnection.RESET : UnknownConnection.ADOPT;
    }

    private SelectionPolicy adoption() {
        return keeper == null ? NOBODY : keeper::forOther;
    }

    private void create(Association chosen, Optional<Association> former, LoadBalancer owner, Arrival arrival) {
        FlowKey key = chosen.key();
        if (!isSettled() && !former.isPresent()) {
            // The view has just changed, and the owner has not been told yet of what it is told now.
            Optional<Association> known = knownHere(key);
            if (known.isPresent()) {
                balancers.publish(known.get());
                decide(arrival);
                return;
            }
        }
        Creation creation = creations.computeIfAbsent(key, k -> write(chosen, former, owner));
        CompletableFuture<Association> awaited =
                creation.stands.thenCombine(creation.cleared, (standing, nothing) -> standing);
        // Where several nodes decide only the store knows who came first.
        if (isSettled() && conditions.nodes == 1) {
            CompletableFuture<Association> late = new CompletableFuture<>();
            awaited.thenAccept(late::complete);
            awaited = late;
            agenda.errand(
                    settings.storeWait().toMillis(),
                    () -> creation.cleared.thenRun(() -> {
                        creation.released |= late.complete(creation.proposal);
                    }));
        }
        if (arrival.node == this) {
            setUp(creation.proposal, arrival, awaited);
        } else {
            awaited.thenAccept(standing -> message(arrival.node, node -> node.send(standing, arrival)));
        }
    }

    Optional<Association> knownHere(FlowKey key) {
        return balancers.all().stream()
                .map(ilb -> ilb.known(key))
                .filter(known -> known != null)
                .findFirst();
    }

    private Creation write(Association proposal, Optional<Association> former, LoadBalancer owner) {
        // What rules the former had must be gone before its successor's segments can meet them.
        Creation creation = new Creation(proposal, former.map(this::clear).orElse(DONE));
        // A SYN that interrupts a living connection may be anybody's: its client need not answer again.
        boolean interrupts = former.filter(association -> association.state() != AssociationState.CLOSING)
                .isPresent();
        Life life = new Life(
                proposal,
                interrupts ? Lifetime.established(nanos()) : Lifetime.embryonic(nanos()),
                network.counted(proposal.key()));
        lives.put(proposal.key(), life);
        CompletableFuture<Association> answer =
                former.map(closing -> store.supersede(closing, proposal)).orElseGet(() -> store.putIfAbsent(proposal));
        ask(answer, standing -> {
            agenda.note(standing.key(), () -> "the store has " + standing);
            former.ifPresent(association -> forget(association, true));
            begins(standing);
            creations.remove(proposal.key());
            owner.decided(standing);
            balancers.publish(standing);
            if (!standing.isSameEpoch(proposal)) {
                lives.remove(proposal.key(), life);
            }
            repoint(proposal.key());
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
                    if (stopped) {
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
        ExactRule rule = rules.get(arrival.ilb).get(arrival.segment.key);
        if (rule != null) {
            rule.settingUp = false;
            drop(arrival.ilb, arrival.segment.key);
            rule.takeHeld().forEach(this::arrived);
        }
        arrived(arrival);
    }

    private void replace(Association association, Arrival arrival) {
        put(association, arrival, () -> stands(association, arrival));
    }

    private void send(Association association, Arrival arrival) {
        if (hasEnded(association)) {
            // Told too late: the segment comes again.
            return;
        }
        heardFrom(association, arrival.segment);
        learn(arrival.ilb, association);
        ExactRule rule = rules.get(arrival.ilb).get(association.key());
        boolean stands = rule != null && wayOf(arrival.ilb, association).equals(rule.way);
        if (rule != null && rule.settingUp) {
            rule.hold(arrival);
        } else if (stands && (arrival.segment.isSyn() || agenda.now() - rule.confirmedAt < RACE)) {
            network.deliver(arrival.segment, association.server());
        } else {
            replace(association, arrival);
        }
    }

    private void put(Association association, Arrival arrival, Runnable done) {
        FlowKey key = association.key();
        Map<FlowKey, ExactRule> table = rules.get(arrival.ilb);
        ExactRule rule = table.computeIfAbsent(key, k -> new ExactRule());
        rule.settingUp = true;
        rule.way = wayOf(arrival.ilb, association);
        makeRoom(arrival.ilb);
        network.put(arrival.ilb, key, rule.way, obeyed -> {
            if (stopped) {
                return;
            }
            if (obeyed && keeper != null && !hasEnded(association) && keeper.mustStand(association)) {
                everywhere(association, done);
            } else if (obeyed) {
                done.run();
            } else if (table.get(key) == rule) {
                // Else ONOS would put it as soon as the switch is back.
                drop(arrival.ilb, key);
            }
        });
    }

    /** The connection may come in anywhere next, and a wildcard would lead it astray. */
    private void everywhere(Association association, Runnable done) {
        int[] awaited = {ilbs.size()};
        for (IlbId ilb : ilbs) {
            pin(ilb, List.of(association), obeyed -> {
                awaited[0]--;
                if (awaited[0] == 0) {
                    done.run();
                }
            });
        }
    }

    private void stands(Association association, Arrival arrival) {
        network.deliver(arrival.segment, association.server());
        ExactRule rule = rules.get(arrival.ilb).get(association.key());
        if (rule != null) {
            rule.settingUp = false;
            rule.confirmedAt = agenda.now();
            makeRoom(arrival.ilb);
            repoint(arrival.ilb, association.key(), way -> way.owner != null);
            for (Arrival held : rule.takeHeld()) {
                if (held.segment.isSyn()) {
                    // It may be that of the next connection.
                    arrived(held);
                } else {
                    heardFrom(association, held.segment);
                    network.deliver(held.segment, association.server());
                }
            }
        }
        learn(arrival.ilb, association);
    }

    private Way wayOf(IlbId receiver, Association association) {
        if (conditions.handOff == HandOff.DIRECT) {
            return Way.to(association.server());
        }
        Way way = route(receiver, association.key(), Way.to(association.server()));
        // Of a connection that is just being created tables may still have the one before.
        return way.owner == null ? Way.to(association.server()) : way;
    }

    /** What a rule at an ILB ought to do with a connection, as far as the ILB knows. */
    private Way route(IlbId receiver, FlowKey key, Way otherwise) {
        return balancers.of(receiver).route(key).match(new Route(otherwise));
    }

    private void learn(IlbId receiver, Association association) {
        if (hasEnded(association)) {
            return;
        }
        Association evicted = balancers.of(receiver).learnt(association);
        if (evicted != null && conditions.handOff == HandOff.RELAY) {
            repoint(receiver, evicted.key(), way -> way.server != null);
        }
    }

    /** Points the rules of a connection that ask its owner at whoever that is by now. */
    private void repoint(FlowKey key) {
        ilbs.forEach(ilb -> repoint(ilb, key, way -> way.owner != null));
    }

    private void repoint(IlbId receiver, FlowKey key, Predicate<Way> which) {
        ExactRule rule = rules.get(receiver).get(key);
        if (rule != null && which.test(rule.way) && !rule.settingUp && !creations.containsKey(key)) {
            Way way = route(receiver, key, rule.way);
            if (!way.equals(rule.way)) {
                rule.way = way;
                network.put(receiver, key, way, obeyed -> {});
            }
        }
    }

    private void makeRoom(IlbId ilb) {
        Map<FlowKey, ExactRule> table = rules.get(ilb);
        if (table.size() > conditions.maxRules) {
            table.entrySet().stream()
                    .filter(entry -> !entry.getValue().settingUp)
                    .map(Map.Entry::getKey)
                    .max((one, other) -> Long.compare(network.unusedFor(ilb, one), network.unusedFor(ilb, other)))
                    .ifPresent(key -> drop(ilb, key));
        }
    }

    private void drop(IlbId ilb, FlowKey key) {
        rules.get(ilb).remove(key);
        going.merge(key, 1, Integer::sum);
        network.remove(ilb, key, obeyed -> {
            going.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
            if (!going.containsKey(key) && cleared.containsKey(key)) {
                cleared.remove(key).complete(null);
            }
        });
    }

    // Views.

    void enter(View view) {
        if (!stopped && view.number() > announced) {
            announced = view.number();
            views.add(view);
            enterNext();
        }
    }

    private void enterNext() {
        if (transfers > 0) {
            return;
        }
        View now = balancers.electorate().view();
        View wanted = views.peek();
        if (wanted == null) {
            return;
        }
        View next = conditions.nodes == 1 ? stepTowards(wanted.members()) : wanted;
        if (next == null || next.number() <= now.number()) {
            views.remove();
            enterNext();
            return;
        }
        agenda.note(() -> this + " enters " + next);
        Disruption disruption = new Disruption(balancers, oracle);
        List<TransferTable> tables = balancers.change(next);
        disruption.check();
        tables.forEach(table -> table.associations().forEach(this::transfer));
        List<Association> due = new ArrayList<>(ahead);
        ahead.clear();
        due.forEach(this::stored);
        if (conditions.nodes > 1) {
            recover();
        }
        entered();
    }

    /** A node that is alone goes one ILB at a time, so that there is always one who knows a connection and can tell. */
    private View stepTowards(Set<IlbId> wanted) {
        Set<IlbId> members = new TreeSet<>(balancers.electorate().view().members());
        Optional<IlbId> joins =
                wanted.stream().filter(ilb -> !members.contains(ilb)).findFirst();
        Optional<IlbId> leaves =
                members.stream().filter(ilb -> !wanted.contains(ilb)).findFirst();
        if (joins.isPresent()) {
            members.add(joins.get());
        } else if (leaves.isPresent()) {
            members.remove(leaves.get());
        } else {
            return null;
        }
        return fleet.viewOf(members);
    }

    /**
     * Where owner and backup of a connection went in one view, or a node that should tell was not there, only the store knows
     * it.
     */
    private void recover() {
        agenda.errand(chance.mostlyShort(conditions.storeDelay), store::step);
        store.all().thenAccept(associations -> event(() -> associations.forEach(this::stored)));
    }

    private void transfer(Association association) {
        agenda.note(association.key(), () -> this + " transfers " + association);
        transfers++;
        agenda.errand(chance.mostlyShort(conditions.messageDelay), () -> {
            if (!stopped) {
                balancers.transferred(association);
                ask(store.replace(association), done -> {});
                transfers--;
                entered();
            }
        });
    }

    private void entered() {
        if (transfers == 0) {
            rules.forEach((ilb, table) ->
                    List.copyOf(table.keySet()).forEach(key -> repoint(ilb, key, way -> way.owner != null)));
            enterNext();
        }
    }

    // The life of a connection.

    void copied(Ending ending) {
        Electorate electorate = balancers.electorate();
        IlbId owner = electorate.member(Electorate.owner(electorate.elect(ending.key())));
        if (!stopped && ready && owner != null) {
            message(fleet.masterOf(owner), node -> node.ending(owner, ending));
        }
    }

    private void ending(IlbId owner, Ending ending) {
        Association association = balancers.of(owner).ltoc().get(ending.key());
        agenda.note(ending.key(), () -> ending + " is heard of at ILB " + owner + ", which has " + association);
        if (association != null && ending.belongsTo(association.initialSequence())) {
            if (lifeOf(association).lifetime.ending(ending, nanos())) {
                Association closing = association.in(AssociationState.CLOSING);
                for (Controller each : fleet.nodes()) {
                    message(each, node -> node.balancers.update(closing));
                }
            }
        }
    }

    /** The client has answered, or has not heard the answer: a segment that no rule counted. */
    private void heardFrom(Association association, Segment segment) {
        for (Controller node : fleet.nodes()) {
            Life life = node.lives.get(association.key());
            if (!node.stopped && life != null && life.association.isSameEpoch(association)) {
                if (segment.isSyn()) {
                    life.lifetime.again(nanos());
                } else {
                    life.lifetime.answered();
                    life.punted++;
                }
            }
        }
    }

    private Life lifeOf(Association association) {
        Life life = lives.get(association.key());
        if (life == null || !life.association.isSameEpoch(association)) {
            Lifetime lifetime = Lifetime.established(nanos());
            life = new Life(association, lifetime, 0);
            lives.put(association.key(), life);
        }
        return life;
    }

    private void poll() {
        if (stopped) {
            return;
        }
        connections().forEach(association -> judge(association, lifeOf(association)));
        lives.entrySet()
                .removeIf(life -> !creations.containsKey(life.getKey())
                        && knownHere(life.getKey())
                                .filter(known -> known.isSameEpoch(life.getValue().association))
                                .isEmpty());
        tombstones.values().removeIf(tombstone -> agenda.now() - tombstone.since > REMEMBERED);
        rules.forEach((ilb, table) -> List.copyOf(table.keySet()).forEach(key -> {
            if (!table.get(key).settingUp
                    && mayGo(key)
                    && network.unusedFor(ilb, key) >= settings.ruleIdle().toMillis()) {
                drop(ilb, key);
            }
        }));
        agenda.plan(Conditions.POLL, this::poll);
    }

    private void judge(Association association, Life life) {
        FlowKey key = association.key();
        long count = network.counted(key) + life.punted - life.before;
        long sampledAt = nanos();
        boolean ruled = isRuled(key) && mayGo(key);
        if (ruled || count != life.count) {
            life.idleSince = Long.MAX_VALUE;
        } else if (life.idleSince == Long.MAX_VALUE) {
            life.idleSince = agenda.now();
        }
        life.count = count;
        agenda.errand(chance.mostlyShort(conditions.copyDelay), () -> {
            if (stopped || lives.get(key) != life) {
                return;
            }
            boolean expired = life.idleSince != Long.MAX_VALUE
                    && agenda.now() - life.idleSince
                            >= settings.associationIdle().toMillis();
            // Where SYNs do not come up, another connection may have the port by now.
            boolean says = keeper == null || !keeper.hidesSyns(key);
            if (says && life.lifetime.judge(count, sampledAt, settings) != Lifetime.Fate.LIVES || expired) {
                end(life.association);
            }
        });
    }

    private boolean isRuled(FlowKey key) {
        for (Controller node : fleet.nodes()) {
            for (Map<FlowKey, ExactRule> table : node.rules.values()) {
                if (table.containsKey(key)) {
                    return true;
                }
            }
        }
        return false;
    }

    void end(Association association) {
        forget(association, true);
        agenda.errand(chance.mostlyShort(conditions.storeDelay), store::step);
        // What is heard after this was put after it.
        store.remove(association)
                .thenAccept(removed ->
                        event(() -> tombstones.replace(epochOf(association), new Tombstone(agenda.now(), false))));
    }

    /** An association ended, here or elsewhere: whatever this node has of it goes. */
    private void forget(Association association, boolean mine) {
        FlowKey key = association.key();
        agenda.note(key, () -> this + " forgets " + association);
        balancers.ended(association);
        ahead.removeIf(association::isSameEpoch);
        tombstones.put(epochOf(association), new Tombstone(agenda.now(), mine));
        Life life = lives.get(key);
        if (life != null && life.association.isSameEpoch(association)) {
            lives.remove(key);
        }
        if (!creations.containsKey(key)) {
            clear(association);
        }
    }

    /** Whether an association ended not long ago: whatever is still under way of it must not bring it back. */
    private boolean hasEnded(Association association) {
        return tombstones.containsKey(epochOf(association));
    }

    private static List<Object> epochOf(Association association) {
        return List.of(association.key(), association.initialSequence());
    }

    /** An association that ended exists again: its client sent its SYN once more. */
    private void begins(Association association) {
        tombstones.remove(epochOf(association));
    }

    /** Removes the rules of a connection; completes when no switch has one any more, also of those removed before. */
    private CompletableFuture<Void> clear(Association association) {
        FlowKey key = association.key();
        rules.forEach((ilb, table) -> {
            if (table.containsKey(key)) {
                drop(ilb, key);
            }
        });
        return going.containsKey(key) ? cleared.computeIfAbsent(key, k -> new CompletableFuture<>()) : DONE;
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(agenda.now());
    }

    @Override
    public String toString() {
        return "node " + number;
    }

    /** An owner's proposal on its way to the store. */
    private static final class Creation {
        private final Association proposal;
        private final CompletableFuture<Association> stands = new CompletableFuture<>();
        /** Completes when no switch has a rule of the former association any more. */
        private final CompletableFuture<Void> cleared;
        /** Whether a SYN went to the proposed server, as the store took too long to say otherwise. */
        private boolean released;

        Creation(Association proposal, CompletableFuture<Void> cleared) {
            this.proposal = proposal;
            this.cleared = cleared;
        }
    }

    /** When an epoch ended, and whether this node ended it. */
    private static final class Tombstone {
        private final long since;
        private final boolean mine;

        Tombstone(long since, boolean mine) {
            this.since = since;
            this.mine = mine;
        }
    }

    /** One epoch of a connection, watched by its owner's node. */
    private static final class Life {
        private final Association association;
        private final Lifetime lifetime;
        /** What rules had counted before this epoch began. */
        private final long before;

        private long punted;
        private long count;
        private long idleSince = Long.MAX_VALUE;

        Life(Association association, Lifetime lifetime, long before) {
            this.association = association;
            this.lifetime = lifetime;
            this.before = before;
        }
    }
}
