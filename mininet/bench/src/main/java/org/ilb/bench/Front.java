package org.ilb.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.HandOff;
import org.ilb.IlbId;
import org.ilb.ScoreKind;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.UnknownConnection;
import org.ilb.View;
import org.ilb.connection.Balancers;
import org.ilb.connection.HandedOff;
import org.ilb.connection.LoadBalancer;
import org.ilb.connection.Verdict;
import org.ilb.election.Electorate;
import org.ilb.server.Affinities;
import org.ilb.server.WeightedRoundRobin;

/**
 * A front-end function of eight ILBs on one node, driven as the application drives it, with a store that always agrees at
 * once: what is left is the pure core.
 */
final class Front {

    static final int ILBS = 8;

    private static final int SERVERS = 16;
    private static final int CACHE = 10_000;

    private final List<IlbId> ids = Population.ilbs(ILBS);
    private final LoadBalancer[] ilbs = new LoadBalancer[ILBS];
    private final Balancers balancers;

    Front() {
        balancers = new Balancers(
                Electorate.of(new View(1, ids), ScoreKind.CRC32_MIXED, Population.SEED),
                CACHE,
                new Affinities(System::nanoTime));
        List<Server> servers = new ArrayList<>();
        for (int i = 1; i <= SERVERS; i++) {
            servers.add(new Server(Endpoint.parse("10.20.0." + i + ":8080"), 1 + i % 4, null, null));
        }
        balancers.configured(
                new HashSet<>(ids),
                List.of(new Service(
                        "web",
                        Population.SERVICE,
                        WeightedRoundRobin.NAME,
                        HandOff.DIRECT,
                        UnknownConnection.RESET,
                        List.of(),
                        servers)));
        for (int i = 0; i < ILBS; i++) {
            ilbs[i] = balancers.of(ids.get(i));
        }
    }

    /** The ILB that an upstream router sends a connection to: any, but always the same. */
    static int receiver(int connection) {
        return connection * 0x9e3779b9 >>> Integer.SIZE - 3;
    }

    /** A SYN arrives at an ILB: everything until all that must know its association do. */
    Association syn(int receiver, FlowKey key, int initialSequence) {
        LoadBalancer receiving = ilbs[receiver];
        Verdict first = receiving.syn(key, initialSequence);
        return first.match(new Driver(receiving, receiving, key, true, initialSequence));
    }

    /** Another segment arrives at an ILB: everything until its server is known. */
    Association segment(int receiver, FlowKey key) {
        LoadBalancer receiving = ilbs[receiver];
        return receiving.segment(key).match(new Driver(receiving, receiving, key, false, 0));
    }

    LoadBalancer ilb(int number) {
        return ilbs[number];
    }

    LoadBalancer owner(FlowKey key) {
        Electorate electorate = balancers.electorate();
        return ilbs[Electorate.owner(electorate.elect(key))];
    }

    void end(Association association) {
        balancers.ended(association);
    }

    /** Does what verdicts say, as the application does. */
    private final class Driver implements Verdict.Cases<Association> {

        private final LoadBalancer receiving;
        private final LoadBalancer deciding;
        private final FlowKey key;
        private final boolean syn;
        private final int initialSequence;

        Driver(LoadBalancer receiving, LoadBalancer deciding, FlowKey key, boolean syn, int initialSequence) {
            this.receiving = receiving;
            this.deciding = deciding;
            this.key = key;
            this.syn = syn;
            this.initialSequence = initialSequence;
        }

        @Override
        public Association forward(Association association) {
            if (deciding != receiving) {
                receiving.learnt(association);
            }
            return association;
        }

        @Override
        public Association handOff(IlbId owner, long view) {
            LoadBalancer asked = balancers.of(owner);
            HandedOff message = syn ? HandedOff.syn(key, initialSequence, view) : HandedOff.segment(key, view);
            return asked.handedOff(message).match(new Driver(receiving, asked, key, syn, initialSequence));
        }

        @Override
        public Association create(Association proposal, Optional<Association> former) {
            balancers.publish(proposal);
            return forward(proposal);
        }

        @Override
        public Association electAgain(long view) {
            throw new IllegalStateException("there is one view only");
        }

        @Override
        public Association askStore() {
            throw new IllegalStateException("the store knows nothing that owners do not");
        }

        @Override
        public Association askFormer(List<IlbId> former) {
            throw new IllegalStateException("there is one view only");
        }

        @Override
        public Association reset() {
            throw new IllegalStateException("every connection is known");
        }

        @Override
        public Association drop(Verdict.Reason reason) {
            throw new IllegalStateException("dropped: " + reason);
        }
    }
}
