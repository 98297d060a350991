package org.ilb.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Service;
import org.ilb.bucket.Move;
import org.ilb.bucket.Plan;
import org.ilb.bucket.Spread;
import org.ilb.bucket.Timing;
import org.ilb.connection.Balancers;
import org.ilb.election.Electorate;

/**
 * The buckets of a controller node that is alone: it binds them, plans and carries out their moves, and has the switches
 * follow.
 */
final class Keeper {

    private static final long TICK = 1_000;
    private static final double CROWDED = 0.002;
    /** How many buckets more than the bound leave a drained server together. */
    private static final int BEYOND = 3;

    private final Agenda agenda;
    private final Chance chance;
    private final Conditions conditions;
    private final Network network;
    private final Farm farm;
    private final Controller controller;
    private final Service service;
    private final Timing timing;
    private final Bucket[] buckets;

    Keeper(Agenda agenda, Chance chance, Conditions conditions, Network network, Farm farm, Controller controller) {
        this.agenda = agenda;
        this.chance = chance;
        this.conditions = conditions;
        this.network = network;
        this.farm = farm;
        this.controller = controller;
        this.service = conditions.service();
        this.timing = new Timing(conditions.buckets, conditions.settings(0).associationIdle(), conditions.flags);
        this.buckets = new Bucket[conditions.buckets.count()];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new Bucket(i, service.bucket(i));
        }
    }

    /** Goes on with what a former run left in the store: first the rules that must stand, then the wildcards. */
    void start(List<Association> associations) {
        Map<FlowKey, Association> standing =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        associations.forEach(association -> standing.put(association.key(), association));
        for (Bucket bucket : buckets) {
            Association left = standing.get(bucket.key);
            if (left != null) {
                bucket.association = left;
                bucket.move = Move.resumed(left.server(), left.next(), pins(bucket, left.server()), timing);
                conditions.ilbs.forEach(bucket.unprimed::add);
                conditions.ilbs.forEach(ilb -> prime(bucket, ilb));
                changed(bucket);
            }
        }
        farm.tell(() -> {
            if (!controller.isStopped()) {
                plan();
            }
        });
        plan();
        agenda.plan(TICK, this::tick);
    }

    private Bucket of(FlowKey connection) {
        return buckets[conditions.buckets.index(connection.sourcePort())];
    }

    /** Does with a segment of an unknown connection what needs no association: returns false if it needs one. */
    boolean takes(Arrival arrival) {
        Bucket bucket = of(arrival.segment.key);
        if (bucket.move == null) {
            if (!bucket.busy) {
                wanted().get(bucket.index).ifPresent(server -> bind(bucket, server));
            }
            return true;
        }
        Optional<Endpoint> fallback = bucket.move.fallback();
        boolean straight = fallback.isPresent() && !(arrival.segment.isSyn() && bucket.move.synsUp());
        if (straight) {
            network.deliver(arrival.segment, fallback.get());
        }
        return straight;
    }

    /** The server of a connection that begins. */
    Optional<Endpoint> forSyn(FlowKey connection) {
        Move move = of(connection).move;
        if (move.forSyn().equals(move.server())) {
            // Until a moment ago its port's rule may have led a SYN to the server of the connection before.
            Optional<Association> before = controller.knownHere(connection);
            if (before.isPresent() && !farm.failed().contains(before.get().server())) {
                return Optional.of(before.get().server());
            }
        }
        return Optional.of(move.forSyn());
    }

    /** The server of a connection that lives, and that nobody knows. */
    Optional<Endpoint> forOther(FlowKey connection) {
        Bucket bucket = of(connection);
        bucket.move = bucket.move.pinned(nanos());
        return Optional.of(bucket.move.forOther());
    }

    boolean mustStand(Association association) {
        Move move = of(association.key()).move;
        return move != null && move.mustStand(association.server());
    }

    /** Whether a new connection may follow an old one with nobody noticing: signs of an end say nothing then. */
    boolean hidesSyns(FlowKey connection) {
        Move move = of(connection).move;
        return move != null && !move.synsUp();
    }

    /** A switch is back and has forgotten everything: it punts. */
    void returned(IlbId ilb) {
        for (Bucket bucket : buckets) {
            if (bucket.move != null) {
                bucket.unprimed.add(ilb);
                prime(bucket, ilb);
            }
        }
    }

    private void prime(Bucket bucket, IlbId ilb) {
        controller.pin(ilb, mustStand(bucket), obeyed -> {
            if (obeyed) {
                bucket.unprimed.remove(ilb);
                push(bucket, ilb);
            }
        });
        push(bucket, ilb);
    }

    private List<Association> mustStand(Bucket bucket) {
        List<Association> all = new ArrayList<>();
        for (Association association : controller.connections()) {
            if (of(association.key()) == bucket && bucket.move.mustStand(association.server())) {
                all.add(association);
            }
        }
        return all;
    }

    private int pins(Bucket bucket, Endpoint server) {
        return (int) controller.connections().stream()
                .filter(association ->
                        of(association.key()) == bucket && !association.server().equals(server))
                .count();
    }

    private void tick() {
        if (controller.isStopped()) {
            return;
        }
        for (Bucket bucket : buckets) {
            if (bucket.move != null && !bucket.busy) {
                advance(bucket);
            }
        }
        plan();
        agenda.plan(TICK, this::tick);
    }

    private void advance(Bucket bucket) {
        Move move = bucket.move.tick(nanos());
        if (chance.happens(CROWDED)) {
            move = move.crowded();
        }
        boolean creates = controller.creates(connection -> of(connection) == bucket);
        if (!creates) {
            move = move.pins(pins(bucket, move.server()));
        }
        put(bucket, move);
        if (move.direct()) {
            // Its wildcards say the same of them.
            for (Association association : controller.connections()) {
                if (of(association.key()) == bucket && !creates) {
                    controller.end(association);
                }
            }
        }
        if (move.isLeaving() && !creates && bucket.unprimed.isEmpty()) {
            leave(bucket, move);
        }
    }

    private void leave(Bucket bucket, Move move) {
        bucket.busy = true;
        int[] awaited = {conditions.ilbs.size()};
        for (IlbId ilb : conditions.ilbs) {
            controller.pin(ilb, mustStand(bucket), obeyed -> {
                awaited[0]--;
                if (awaited[0] == 0) {
                    rebind(bucket, move.target(), Optional.empty(), () -> put(bucket, bucket.move.left()));
                }
            });
        }
    }

    private void put(Bucket bucket, Move next) {
        Move before = bucket.move;
        bucket.move = next;
        if (next != before && !next.isStanding()) {
            agenda.note(() -> "bucket " + bucket.index + ": " + next);
            changed(bucket);
        }
    }

    private void changed(Bucket bucket) {
        bucket.generation++;
        bucket.acknowledged.clear();
        conditions.ilbs.forEach(ilb -> push(bucket, ilb));
    }

    private void push(Bucket bucket, IlbId ilb) {
        Move asked = bucket.move;
        Endpoint fallback =
                bucket.unprimed.contains(ilb) ? null : asked.fallback().orElse(null);
        Wildcard wildcard =
                asked.direct() ? Wildcard.direct(asked.server()) : Wildcard.through(fallback, asked.synsUp());
        long generation = bucket.generation;
        network.put(ilb, bucket.index, wildcard, obeyed -> {
            // One that is down has forgotten the one before, too.
            if (!controller.isStopped() && bucket.generation == generation) {
                bucket.acknowledged.add(ilb);
                if (bucket.acknowledged.size() == conditions.ilbs.size()) {
                    bucket.move = bucket.move.stood(asked, nanos());
                }
            }
        });
    }

    private List<Optional<Endpoint>> wanted() {
        List<Optional<Endpoint>> present = new ArrayList<>();
        for (Bucket bucket : buckets) {
            present.add(Optional.ofNullable(bucket.move).map(Move::target));
        }
        return Spread.of(present, farm.pool()).bindings();
    }

    private void plan() {
        List<Optional<Move>> moves = new ArrayList<>();
        for (Bucket bucket : buckets) {
            if (bucket.move != null && !bucket.busy && farm.failed().contains(bucket.move.server())) {
                put(bucket, bucket.move.failed(bucket.move.server()));
            }
            moves.add(Optional.ofNullable(bucket.move));
        }
        controller.connections().stream()
                .filter(association -> farm.failed().contains(association.server()))
                .forEach(controller::end);
        for (Plan.Step step : Plan.of(moves, wanted(), farm.failed(), conditions.buckets, BEYOND)) {
            Bucket bucket = buckets[step.bucket()];
            if (!bucket.busy) {
                take(bucket, step);
            }
        }
    }

    private void take(Bucket bucket, Plan.Step step) {
        switch (step.change()) {
            case BIND:
                bind(bucket, step.to());
                break;
            case FLIP:
                put(bucket, bucket.move.flipped(step.to()));
                rebind(bucket, step.to(), Optional.empty(), () -> {});
                break;
            case TURN:
                Move turned = bucket.move.turned(step.to());
                rebind(bucket, turned.server(), turned.next(), () -> put(bucket, bucket.move.turned(step.to())));
                break;
            default:
                rebind(
                        bucket,
                        bucket.move.server(),
                        Optional.of(step.to()),
                        () -> put(bucket, bucket.move.begin(step.to())));
        }
    }

    private void bind(Bucket bucket, Endpoint server) {
        Balancers balancers = controller.balancers();
        Electorate electorate = balancers.electorate();
        long elected = electorate.elect(bucket.key);
        Association proposal = new Association(
                bucket.key,
                server,
                electorate.member(Electorate.owner(elected)),
                electorate.member(Electorate.backup(elected)),
                electorate.view().number(),
                0);
        bucket.busy = true;
        controller.propose(Optional.empty(), proposal, standing -> {
            bucket.busy = false;
            bucket.association = standing;
            bucket.move = Move.settled(standing.server(), timing);
            changed(bucket);
        });
    }

    private void rebind(Bucket bucket, Endpoint server, Optional<Endpoint> next, Runnable then) {
        bucket.busy = true;
        controller.propose(Optional.of(bucket.association), bucket.association.bound(server, next), standing -> {
            bucket.busy = false;
            bucket.association = standing;
            then.run();
        });
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(agenda.now());
    }

    /** One bucket and how far the switches have followed it. */
    private static final class Bucket {

        private final int index;
        private final FlowKey key;
        /** ILBs whose tables say what the move does. */
        private final Set<IlbId> acknowledged = new HashSet<>();
        /** ILBs that may lack exact rules that must stand. */
        private final Set<IlbId> unprimed = new HashSet<>();

        /** How often its tables had to change. */
        private long generation;

        private Association association;
        private Move move;
        /** Whether the store is being told of its next server. */
        private boolean busy;

        Bucket(int index, FlowKey key) {
            this.index = index;
            this.key = key;
        }
    }
}
