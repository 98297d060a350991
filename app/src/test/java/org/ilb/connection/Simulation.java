package org.ilb.connection;

import static org.ilb.connection.Scenery.electorate;
import static org.ilb.connection.Scenery.ilbs;
import static org.ilb.connection.Scenery.key;
import static org.ilb.connection.Scenery.manyServers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.UnknownConnection;
import org.ilb.View;
import org.ilb.association.LocalAssociationStore;
import org.ilb.membership.Membership;
import org.ilb.membership.TransferTable;

/**
 * A front-end function with its clients in one thread, in which chance, from a seed, decides what happens next.
 *
 * <p>Messages between ILBs are delayed, reordered, duplicated and lost; the store answers when it likes; each segment comes
 * in wherever ECMP lets it; SYNs are retransmitted; ILBs join and leave, and each hears of that at another time. Whatever
 * happens, no segment of a connection may ever reach another server than its first did, and all must get through in the end.
 */
final class Simulation {

    private static final int ILBS = 5;
    private static final int CACHE = 8;
    private static final int CONNECTIONS = 40;
    private static final int SEGMENTS = 6;
    private static final int STEPS = 200_000;
    private static final int SENDING_STEPS = 3;
    private static final double LOSS = 0.1;
    private static final double DUPLICATION = 0.05;
    private static final double REHASH = 0.2;
    private static final double VIEW_CHANGE = 0.002;

    private final Random random;
    private final Map<IlbId, LoadBalancer> ilbs = new LinkedHashMap<>();
    private final LocalAssociationStore store = new LocalAssociationStore();
    private final List<Runnable> underWay = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private View view = new View(1, ilbs(ILBS - 1));

    Simulation(long seed) {
        random = new Random(seed);
        for (IlbId id : ilbs(ILBS)) {
            ilbs.put(id, new LoadBalancer(id, electorate(1, view.members()), CACHE, manyServers(random)));
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(new Connection(i));
        }
        store.hold(true);
    }

    /** Runs until every connection got all its segments through. */
    void run() {
        for (int step = 0; step < STEPS; step++) {
            List<Connection> busy = new ArrayList<>(connections);
            busy.removeIf(Connection::isDone);
            if (busy.isEmpty()) {
                return;
            }
            int chance = random.nextInt(10);
            if (chance < SENDING_STEPS) {
                busy.get(random.nextInt(busy.size())).send();
            } else if (chance < 2 * SENDING_STEPS) {
                store.step();
            } else if (!underWay.isEmpty()) {
                underWay.remove(random.nextInt(underWay.size())).run();
            }
            if (random.nextDouble() < VIEW_CHANGE) {
                changeView();
            }
        }
        throw new AssertionError("after " + STEPS + " steps some connection is still not through");
    }

    private void changeView() {
        Set<IlbId> members = new TreeSet<>(view.members());
        IlbId one = anyIlb();
        if (!members.remove(one) || members.size() < 2) {
            members.add(one);
        }
        view = Membership.next(view, members);
        View next = view;
        for (LoadBalancer ilb : ilbs.values()) {
            underWay.add(() -> enter(ilb, next));
        }
    }

    private void enter(LoadBalancer ilb, View next) {
        if (ilb.view().number() < next.number()) {
            TransferTable table = ilb.change(electorate(next.number(), next.members()));
            for (IlbId recipient : table.recipients()) {
                table.associations()
                        .forEach(association -> send(() -> ilbs.get(recipient).transferred(association)));
            }
        }
    }

    private IlbId anyIlb() {
        return ilbs(ILBS).get(random.nextInt(ILBS));
    }

    /** Sends a message that may be lost or duplicated. */
    private void send(Runnable message) {
        if (random.nextDouble() >= LOSS) {
            underWay.add(message);
        }
        if (random.nextDouble() < DUPLICATION) {
            underWay.add(message);
        }
    }

    /** A client's connection: its SYN, sent until it got through, then a number of other segments. */
    private final class Connection {

        private final FlowKey key;
        private final int initialSequence;
        private IlbId path = anyIlb();
        private Endpoint server;
        private int arrived;

        Connection(int number) {
            this.key = key(number);
            this.initialSequence = random.nextInt();
        }

        boolean isDone() {
            return arrived >= SEGMENTS;
        }

        void send() {
            if (random.nextDouble() < REHASH) {
                path = anyIlb();
            }
            // A SYN that was thought lost may well come again long after the connection was made.
            boolean syn = server == null || random.nextInt(10) == 0;
            new Segment(this, ilbs.get(path), syn).arrive();
        }

        void reach(Endpoint reached) {
            if (server != null && !server.equals(reached)) {
                throw new AssertionError(key + " went to " + server + " and then to " + reached);
            }
            server = reached;
            arrived++;
        }

        void reset() {
            throw new AssertionError(key + " was reset although " + server + " has it");
        }
    }

    /** One segment on its way through the function; it does what verdicts say, at whichever ILB gave them. */
    private final class Segment {

        private final Connection connection;
        private final LoadBalancer receiver;
        private final boolean syn;

        Segment(Connection connection, LoadBalancer receiver, boolean syn) {
            this.connection = connection;
            this.receiver = receiver;
            this.syn = syn;
        }

        void arrive() {
            FlowKey key = connection.key;
            carryOut(syn ? receiver.syn(key, connection.initialSequence) : receiver.segment(key), receiver);
        }

        private void carryOut(Verdict verdict, LoadBalancer decider) {
            verdict.match(new Verdict.Cases<Void>() {
                @Override
                public Void forward(Association association) {
                    if (decider == receiver) {
                        connection.reach(association.server());
                    } else {
                        Simulation.this.send(() -> {
                            receiver.learnt(association);
                            connection.reach(association.server());
                        });
                    }
                    return null;
                }

                @Override
                public Void handOff(IlbId owner, long inView) {
                    HandedOff message = syn
                            ? HandedOff.syn(connection.key, connection.initialSequence, inView)
                            : HandedOff.segment(connection.key, inView);
                    LoadBalancer asked = ilbs.get(owner);
                    Simulation.this.send(() -> carryOut(asked.handedOff(message), asked));
                    return null;
                }

                @Override
                public Void electAgain(long inView) {
                    Simulation.this.send(Segment.this::arrive);
                    return null;
                }

                @Override
                public Void create(Association proposal, Optional<Association> former) {
                    store.putIfAbsent(proposal).thenAccept(standing -> {
                        for (LoadBalancer ilb : ilbs.values()) {
                            Simulation.this.send(() -> ilb.heard(standing));
                        }
                        carryOut(decider.decided(standing), decider);
                    });
                    return null;
                }

                @Override
                public Void askStore() {
                    store.get(connection.key)
                            .thenAccept(answer -> carryOut(
                                    decider.stored(
                                            connection.key,
                                            answer,
                                            true,
                                            UnknownConnection.RESET,
                                            key -> Optional.empty()),
                                    decider));
                    return null;
                }

                @Override
                public Void askFormer(List<IlbId> former) {
                    Association known = former.stream()
                            .map(id -> ilbs.get(id).known(connection.key))
                            .filter(association -> association != null)
                            .findFirst()
                            .orElse(null);
                    carryOut(
                            decider.formerly(
                                    connection.key,
                                    Optional.ofNullable(known),
                                    true,
                                    UnknownConnection.RESET,
                                    key -> Optional.empty()),
                            decider);
                    return null;
                }

                @Override
                public Void reset() {
                    connection.reset();
                    return null;
                }

                @Override
                public Void drop(Verdict.Reason reason) {
                    return null;
                }
            });
        }
    }
}
