package org.ilb.bucket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.ilb.Buckets;
import org.ilb.Endpoint;

/**
 * One bucket at several ILBs whose tables lag behind, clients whose segments come in anywhere, and everything that can happen to
 * the bucket, in random order. A connection that meets two servers throws.
 */
final class MovingWorld {

    private static final int ILBS = 3;
    private static final int SERVERS = 5;
    private static final int SYN_AFTER = 3;
    private static final int PIN_AFTER = 8;
    private static final int IDLE = 12;

    private final Random random;
    private final Timing timing;
    private final List<Move> tables = new ArrayList<>();
    private final List<Map<Integer, Endpoint>> rules = new ArrayList<>();
    private final Map<Integer, Endpoint> known = new HashMap<>();
    private final Map<Integer, Connection> connections = new LinkedHashMap<>();
    private final Set<Endpoint> failed = new HashSet<>();
    private Endpoint storedServer = Servers.A;
    private Optional<Endpoint> storedNext = Optional.empty();
    private Move move;
    private long now;
    private int begun;

    /** What was seen, so that a run that proves nothing is noticed. */
    private final Map<String, Integer> seen = new HashMap<>();

    MovingWorld(long seed, boolean flags) {
        random = new Random(seed);
        Buckets buckets =
                new Buckets(0x1e, Buckets.Binding.AHEAD, Duration.ofNanos(SYN_AFTER), Duration.ofNanos(PIN_AFTER), 1);
        timing = new Timing(buckets, Duration.ofNanos(IDLE), flags);
        move = Move.settled(Servers.A, timing);
        for (int i = 0; i < ILBS; i++) {
            tables.add(move);
            rules.add(new HashMap<>());
        }
    }

    Map<String, Integer> run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
        return seen;
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0:
            case 1:
                syn(begun++);
                break;
            case 2:
            case 3:
            case 4:
                speak();
                break;
            case 5:
            case 6:
                now += random.nextInt(3);
                connections.values().removeIf(connection -> now - connection.spoke >= IDLE);
                change(move.tick(now));
                break;
            case 7:
            case 8:
            case 9:
                install();
                break;
            case 10:
                leave();
                break;
            default:
                disturb();
        }
    }

    /** One ILB's tables get to say what they should; when all do, the move hears of it. */
    private void install() {
        tables.set(random.nextInt(ILBS), move);
        if (tables.stream().allMatch(move::saysTheSameAs)) {
            change(move.stood(move, now));
        }
        change(move.pins((int) known.values().stream()
                .filter(server -> !server.equals(move.server()))
                .count()));
    }

    private void leave() {
        if (move.isLeaving()) {
            known.forEach((connection, server) -> {
                if (move.mustStand(server)) {
                    rules.forEach(rule -> rule.put(connection, server));
                }
            });
            storedServer = move.target();
            storedNext = Optional.empty();
            if (random.nextInt(4) == 0) {
                restart();
            } else {
                change(move.left());
            }
        }
    }

    private void restart() {
        int pins = (int) known.values().stream()
                .filter(server -> !server.equals(storedServer))
                .count();
        count("restarted " + move.state());
        change(Move.resumed(storedServer, storedNext, pins, timing));
    }

    private void disturb() {
        Endpoint other = anyServer();
        switch (random.nextInt(8)) {
            case 0:
                if (failed.size() < SERVERS - 1 && random.nextInt(8) == 0) {
                    fail(other);
                }
                break;
            case 1:
                restart();
                break;
            case 2:
                change(move.crowded());
                break;
            case 3:
                if (move.mayTurn() && !failed.contains(other)) {
                    change(move.turned(other));
                }
                break;
            case 4:
                evict();
                break;
            case 5:
                end();
                break;
            default:
                if (!move.isMoving() && !failed.contains(other) && !other.equals(move.server())) {
                    change(move.begin(other));
                }
        }
        mend();
    }

    private Endpoint anyServer() {
        return Servers.endpoint(1 + random.nextInt(SERVERS));
    }

    private void fail(Endpoint server) {
        failed.add(server);
        connections.values().removeIf(connection -> connection.server.equals(server));
        known.values().removeIf(server::equals);
        rules.forEach(rule -> rule.values().removeIf(server::equals));
        count("failed in " + move.state());
        change(move.failed(server));
    }

    /** Does what a plan says about failed servers; after a restart the move has to be told of them. */
    private void mend() {
        if (!move.isMoving() && failed.contains(move.server())) {
            change(move.flipped(alive()));
        } else if (move.mayTurn() && failed.contains(move.target())) {
            Endpoint alive = alive();
            change(alive.equals(move.server()) && failed.contains(alive) ? move : move.turned(alive));
        } else if (failed.contains(move.server())) {
            change(move.failed(move.server()));
        }
    }

    private Endpoint alive() {
        Endpoint server = anyServer();
        while (failed.contains(server)) {
            server = anyServer();
        }
        return server;
    }

    private void evict() {
        Map<Integer, Endpoint> some = rules.get(random.nextInt(ILBS));
        some.values().removeIf(server -> !move.mustStand(server));
    }

    private void end() {
        if (!connections.isEmpty()) {
            int number = anyConnection();
            connections.remove(number);
            known.remove(number);
            rules.forEach(rule -> rule.remove(number));
        }
    }

    private int anyConnection() {
        List<Integer> numbers = new ArrayList<>(connections.keySet());
        return numbers.get(random.nextInt(numbers.size()));
    }

    private void speak() {
        if (connections.isEmpty()) {
            return;
        }
        int number = anyConnection();
        Connection connection = connections.get(number);
        if (now - connection.began < SYN_AFTER && random.nextBoolean()) {
            syn(number);
            return;
        }
        Endpoint server = route(number, false);
        if (server == null) {
            boolean isNews = !known.containsKey(number);
            server = decide(number, move.forOther());
            if (isNews) {
                change(move.pinned(now));
                count("pinned in " + move.state());
            }
        }
        arrive(number, server);
    }

    private void syn(int number) {
        Endpoint server = route(number, true);
        if (server == null) {
            count("began in " + move.state());
            server = decide(number, move.forSyn());
        }
        arrive(number, server);
    }

    /** What the rules of some ILB do with a segment; null if it comes up. */
    private Endpoint route(int number, boolean syn) {
        int ilb = random.nextInt(ILBS);
        Move says = tables.get(ilb);
        if (syn && says.synsUp()) {
            return null;
        }
        Endpoint rule = says.direct() ? null : rules.get(ilb).get(number);
        return rule != null ? rule : says.fallback().orElse(null);
    }

    private Endpoint decide(int number, Endpoint unknown) {
        Endpoint server = known.computeIfAbsent(number, n -> unknown);
        if (move.mustStand(server)) {
            rules.forEach(rule -> rule.put(number, server));
        } else {
            rules.get(random.nextInt(ILBS)).put(number, server);
        }
        return server;
    }

    private void arrive(int number, Endpoint server) {
        if (failed.contains(server)) {
            // Nobody answers, and whoever sent it sends it again.
            if (!connections.containsKey(number)) {
                known.remove(number);
                rules.forEach(rule -> rule.remove(number));
            }
            return;
        }
        Connection connection = connections.computeIfAbsent(number, n -> new Connection(server, now));
        connection.spoke = now;
        if (!connection.server.equals(server)) {
            throw new AssertionError("connection " + number + " of " + connection.server + " met " + server + " at "
                    + now + ": " + move + ", tables " + tables);
        }
    }

    private void change(Move next) {
        if (next.state() != move.state()) {
            count("to " + next.state());
        }
        move = next;
        // A store that says what is wanted before the tables do; what leaves says it itself.
        if (move.isMoving()) {
            storedServer = move.server();
            storedNext = move.next();
        } else {
            storedServer = move.server();
            storedNext = Optional.empty();
        }
    }

    private void count(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    /** A client's connection and the server that its segments must meet. */
    private static final class Connection {

        private final Endpoint server;
        private final long began;
        private long spoke;

        Connection(Endpoint server, long began) {
            this.server = server;
            this.began = began;
        }
    }
}
