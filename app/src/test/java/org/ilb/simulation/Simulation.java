package org.ilb.simulation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Settings;
import org.ilb.association.LocalAssociationStore;
import org.ilb.connection.Ending;
import org.ilb.election.Electorate;

/** One run: a front-end function, its network and its clients, in one thread; chance, from one seed, decides all. */
final class Simulation {

    /** By then even the unluckiest client is through. */
    private static final long TIME = 3_600_000;
    /** From the last segment until the last trace of it: idle rule, then idle association, each noticed by a poll. */
    private static final long AFTERMATH = 150_000;

    /** A bucket that moves may have a rule put again that had gone already, more than once. */
    private static final long AFTERMATH_OF_MOVES = 3 * AFTERMATH;

    /** Many times what it takes. */
    private static final long MOST_PER_CLIENT = 20_000;

    private static final long CALM_MOST = 20_000;

    private final Agenda agenda = new Agenda();
    private final Chance chance;
    private final Conditions conditions;
    private final LocalAssociationStore store = new LocalAssociationStore();
    private final Network network;
    private final Fleet fleet;
    private final Audit audit;
    private final Farm farm;
    private final List<Client> clients = new ArrayList<>();
    private int done;

    Simulation(long seed) {
        this(seed, new Chance(seed));
    }

    private Simulation(long seed, Chance chance) {
        this(seed, chance, Conditions.of(chance), 10_000);
    }

    Simulation(long seed, Chance chance, Conditions conditions, long arrivals) {
        this.chance = chance;
        this.conditions = conditions;
        Settings settings = conditions.settings(seed);
        this.network = new Network(agenda, chance, conditions, new Network.Punts() {
            @Override
            public void punted(Segment segment, IlbId at) {
                Controller master = fleet.masterOf(at);
                master.punted(new Arrival(segment, at, master));
            }

            @Override
            public void copied(Ending ending, IlbId at) {
                fleet.masterOf(at).copied(ending);
            }

            @Override
            public void delivered(Segment segment, Endpoint server) {
                if (!farm.failed().contains(server)) {
                    segment.client.arrived(segment, server);
                }
            }
        });
        this.farm = new Farm(agenda, chance, conditions, server -> clients.forEach(client -> client.lost(server)));
        this.fleet = new Fleet(agenda, chance, conditions, network, node -> {
            Controller controller =
                    new Controller(node, agenda, chance, conditions, settings, network, fleet(), farm, store.node());
            controller.start();
            return controller;
        });
        this.audit = new Audit(fleet, network, store, new Oracle(seed), conditions);
        store.addListener(new OneWriter());
        store.hold(true);
        fleet.boot();
        for (int i = 0; i < conditions.clients; i++) {
            FlowKey key = FlowKey.of(
                    Conditions.VIRTUAL.address().getIp4Address().toInt(),
                    Conditions.VIRTUAL.port(),
                    0x0a010000 + i / 1_000,
                    1_024 + i % 1_000);
            Client client = new Client(key, agenda, chance, conditions, network, fleet, () -> done++);
            clients.add(client);
            agenda.plan(chance.between(0, arrivals), client::connect);
        }
        if (conditions.upsets > 0) {
            agenda.plan(chance.between(1, CALM_MOST), this::calm);
        }
    }

    private Fleet fleet() {
        return fleet;
    }

    /** Runs until all clients are through and all traces of them gone. */
    void run() {
        long most = MOST_PER_CLIENT * clients.size();
        while (done < clients.size() && agenda.now() < TIME && agenda.step()) {
            Failure.unless(agenda.happened() < most, "there is no end of it");
        }
        for (Client client : clients) {
            Failure.unless(!client.isOpen(), "%s does not get through", client);
        }
        fleet.quiet();
        farm.quiet();
        long end = agenda.now() + (conditions.buckets == null ? AFTERMATH : AFTERMATH_OF_MOVES);
        while (agenda.now() < end && agenda.step()) {
            // Polls go on for ever.
        }
        agenda.calm();
        audit.settled();
        audit.empty();
    }

    /** Promise 3: owners, and each owner's backups, are spread evenly, over all connections that there were. */
    void checkEvenness() {
        int size = conditions.ilbs.size();
        Map<IlbId, Integer> owned = new TreeMap<>();
        Map<String, Integer> pairs = new TreeMap<>();
        for (Client client : clients) {
            Electorate electorate = fleet.nodes().get(0).balancers().electorate();
            long elected = electorate.elect(client.key());
            IlbId owner = electorate.member(Electorate.owner(elected));
            owned.merge(owner, 1, Integer::sum);
            pairs.merge(owner + " " + electorate.member(Electorate.backup(elected)), 1, Integer::sum);
        }
        even("owners", owned.values(), size);
        even("pairs of owner and backup", pairs.values(), size * (size - 1));
    }

    /** The largest share may be above the mean by six standard deviations, for chance comes so far as good as never. */
    private void even(String what, Collection<Integer> shares, int expected) {
        double mean = (double) clients.size() / expected;
        Failure.unless(
                Collections.max(shares) <= mean + 6 * Math.sqrt(mean),
                "promise 3: %s are not even, the largest share is %s of %s, the mean %s",
                what,
                Collections.max(shares),
                clients.size(),
                mean);
    }

    private void calm() {
        agenda.calm();
        audit.settled();
        if (done < clients.size()) {
            agenda.plan(chance.between(1, CALM_MOST), this::calm);
        }
    }

    @Override
    public String toString() {
        return conditions.toString();
    }
}
