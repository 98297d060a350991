package org.ilb.simulation;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.connection.Ending;

/**
 * One end point of a client, which connects once or several times: both ends of each connection, as far as they show.
 *
 * <p>What it says it says again until it is answered, and then says the next. It closes in one of the ways that clients and
 * servers do, may send something late, and may use its port again.
 *
 * <p>It is the witness of promise 1: each epoch's segments reach one server, and none is answered by a reset.
 */
final class Client {

    private static final long SYN_AGAIN = 1_000;
    private static final long AGAIN = 250;
    private static final long LONGEST_AGAIN = 4_000;
    private static final long LATE_MOST = 8_000;
    private static final long LONG_PAUSE_LEAST = 11_000;
    private static final long LONG_PAUSE_MOST = 30_000;
    private static final double LONG_PAUSES = 0.03;
    /** A closing connection's key is free for any SYN; a stray one is to be heard before. */
    private static final long UNTIL_HEARD = 5_000;

    private static final double DOUBLED = 0.03;
    private static final int STRAYS = 50;
    private static final long REUSE_MOST = 5_000;
    private static final int STEP_OF_SEQUENCE = 1_000_000;
    /** How long a segment may be under way before it counts as sent too late for the linger. */
    private static final long UNDER_WAY = 1_000;

    /** How a connection ends. */
    private enum Manner {
        CLIENT_FIRST,
        HALF_CLOSED,
        SERVER_FIRST,
        CLIENT_RESETS,
        SERVER_RESETS,
        VANISHES,
        NEVER_ANSWERS
    }

    private final FlowKey key;
    private final Agenda agenda;
    private final Chance chance;
    private final Conditions conditions;
    private final Network network;
    private final Fleet fleet;
    private final Runnable whenDone;
    private final Queue<Step> script = new ArrayDeque<>();

    private int epoch;
    private int initialSequence;
    private int sequence;
    private int turn;
    /** Counts what the client waited for: who gives a connection up waits for nothing of it. */
    private int scene;

    private IlbId path;
    private boolean established;
    private boolean closed;
    /** Whether each side has said that it ends: from then on the function may know that the connection is closing. */
    private boolean clientFinished;

    private boolean serverFinished;
    private boolean gone;
    /** Whether its server failed: what is still under way of the connection goes anywhere. */
    private boolean bereft;

    private Endpoint server;
    private long passedAt;
    /** Whether anything but a SYN passed: if nothing does for long enough, the connection counts as never answered. */
    private boolean confirmed;

    Client(
            FlowKey key,
            Agenda agenda,
            Chance chance,
            Conditions conditions,
            Network network,
            Fleet fleet,
            Runnable whenDone) {
        this.key = key;
        this.agenda = agenda;
        this.chance = chance;
        this.conditions = conditions;
        this.network = network;
        this.fleet = fleet;
        this.whenDone = whenDone;
        this.initialSequence = chance.any();
        this.sequence = initialSequence;
    }

    FlowKey key() {
        return key;
    }

    /** Whether this client has an open connection that the function has to know. */
    boolean isOpen() {
        return established && !closed && !gone;
    }

    void connect() {
        epoch++;
        turn++;
        initialSequence = sequence + 1 + chance.below(STEP_OF_SEQUENCE);
        sequence = initialSequence;
        established = false;
        confirmed = false;
        closed = false;
        clientFinished = false;
        serverFinished = false;
        gone = false;
        bereft = false;
        server = null;
        path = fleet.anyPath();
        write();
        next();
    }

    private void write() {
        script.clear();
        Manner manner = chance.oneOf(List.of(Manner.values()));
        script.add(this::syn);
        if (manner == Manner.NEVER_ANSWERS) {
            script.add(this::vanish);
            return;
        }
        script.add(() -> say(Segment.Kind.OTHER));
        data(chance.below(conditions.segments + 1));
        switch (manner) {
            case CLIENT_FIRST:
                script.add(() -> say(Segment.Kind.FIN));
                script.add(this::serverFin);
                break;
            case HALF_CLOSED:
                script.add(() -> say(Segment.Kind.FIN));
                data(chance.below(conditions.segments + 1));
                script.add(this::serverFin);
                break;
            case SERVER_FIRST:
                script.add(this::serverFin);
                data(chance.below(conditions.segments + 1));
                script.add(() -> say(Segment.Kind.FIN));
                break;
            case CLIENT_RESETS:
                script.add(() -> once(Segment.Kind.RST));
                break;
            case SERVER_RESETS:
                script.add(() -> {
                    // One that acknowledges nothing might be of any epoch; it is not followed by another.
                    boolean acknowledges = epoch < conditions.epochs || chance.happens(0.5);
                    network.leave(Ending.ofServer(key, true, acknowledges, sequence));
                    nextIn(1);
                });
                break;
            case VANISHES:
            default:
                script.add(this::vanish);
                return;
        }
        script.add(() -> {
            closed = true;
            next();
        });
        for (int late = chance.below(4); late > 0; late--) {
            script.add(() -> nextIn(chance.between(1, LATE_MOST)));
            script.add(() -> once(Segment.Kind.OTHER));
        }
    }

    private void data(int segments) {
        for (int i = 0; i < segments; i++) {
            if (conditions.nodes == 1 && conditions.buckets == null && chance.below(STRAYS) == 0) {
                script.add(() -> {
                    stray();
                    nextIn(UNTIL_HEARD);
                });
            }
            script.add(() -> pause(conditions.pause));
            script.add(() -> say(Segment.Kind.OTHER));
        }
    }

    private void next() {
        Step step = script.poll();
        if (step != null) {
            step.take();
        } else if (epoch < conditions.epochs) {
            script.add(this::connect);
            nextIn(chance.mostlyShort(REUSE_MOST));
        } else {
            gone = true;
            whenDone.run();
        }
    }

    private void nextIn(long delay) {
        int awaited = ++scene;
        agenda.plan(delay, () -> {
            if (awaited == scene) {
                next();
            }
        });
    }

    /** Says nothing for a while, sometimes for longer than closing connections linger. */
    private void pause(long longest) {
        nextIn(
                chance.happens(LONG_PAUSES)
                        ? chance.between(LONG_PAUSE_LEAST, LONG_PAUSE_MOST)
                        : chance.mostlyShort(longest));
    }

    /** Somebody sends a SYN in the name of this client: a late duplicate of an older one, or an attack. */
    private void stray() {
        Segment segment = new Segment(this, Segment.Kind.SYN, 0, chance.any(), chance.any(), 0, agenda.now());
        network.enter(segment, fleet.anyPath());
    }

    private void vanish() {
        gone = true;
        turn++;
        scene++;
        next();
    }

    private void syn() {
        turn++;
        repeat(turn, Segment.Kind.SYN, SYN_AGAIN);
    }

    private void say(Segment.Kind kind) {
        turn++;
        sequence += 1 + chance.below(1_000);
        repeat(turn, kind, AGAIN);
    }

    private void serverFin() {
        serverFinished = true;
        turn++;
        finAgain(turn, AGAIN);
    }

    /** The server's FIN, and the client's acknowledgement of it. */
    private void finAgain(int asked, long wait) {
        if (asked == turn) {
            network.leave(Ending.ofServer(key, false, true, sequence));
            agenda.plan(chance.mostlyShort(conditions.segmentDelay), () -> {
                if (asked == turn) {
                    send(Segment.Kind.OTHER);
                }
            });
            agenda.plan(wait, () -> finAgain(asked, Math.min(2 * wait, LONGEST_AGAIN)));
        }
    }

    private void repeat(int asked, Segment.Kind kind, long wait) {
        if (asked == turn) {
            send(kind);
            agenda.plan(wait, () -> repeat(asked, kind, Math.min(2 * wait, LONGEST_AGAIN)));
        }
    }

    private void once(Segment.Kind kind) {
        send(kind);
        // An answer would not be one to what is said next.
        turn++;
        nextIn(1);
    }

    private void send(Segment.Kind kind) {
        clientFinished |= kind == Segment.Kind.FIN;
        if (chance.happens(conditions.rehash) || !fleet.isPath(path)) {
            path = fleet.anyPath();
        }
        Segment segment = new Segment(this, kind, epoch, initialSequence, sequence, turn, agenda.now());
        IlbId entry = path;
        agenda.errand(chance.mostlyShort(conditions.segmentDelay), () -> network.enter(segment, entry));
        if (chance.happens(DOUBLED)) {
            IlbId other = fleet.anyPath();
            agenda.errand(chance.mostlyShort(conditions.segmentDelay), () -> network.enter(segment, other));
        }
    }

    /** One of this client's segments arrives at a server, which answers. */
    void arrived(Segment segment, Endpoint at) {
        agenda.note(key, () -> segment + " arrives at " + at);
        if (segment.epoch != epoch || bereft) {
            return;
        }
        if (conditions.buckets != null && server != null && !server.equals(at) && (isLate(segment) || isUnanswered())) {
            // It ended, as far as anybody can know, and the bucket's server answers with a reset.
            return;
        }
        boolean forgotten = segment.isSyn() && !established && isUnanswered();
        if (server != null && !server.equals(at) && !forgotten) {
            throw new AssertionError("promise 1: " + segment + " went to " + at + ", those before it to " + server);
        }
        server = at;
        passedAt = agenda.now();
        confirmed |= !segment.isSyn();
        if (!chance.happens(conditions.segmentLoss)) {
            agenda.errand(chance.mostlyShort(conditions.segmentDelay), () -> answered(segment));
        }
    }

    private void answered(Segment segment) {
        if (segment.turn == turn && segment.epoch == epoch) {
            turn++;
            established = true;
            // The client goes on when it likes, also while everything else rests.
            nextIn(0);
        }
    }

    /** A server fails, and the connections to it with it; who has not heard from it yet may find another. */
    void lost(Endpoint failed) {
        if (failed.equals(server) && !gone) {
            if (established) {
                bereft = true;
                script.clear();
                vanish();
            } else {
                server = null;
            }
        }
    }

    /** One of this client's segments is answered by a reset, as nobody knows its connection. */
    void reset(Segment segment) {
        agenda.note(key, () -> segment + " is answered by a reset");
        if (segment.epoch != epoch || gone) {
            return;
        }
        if (!isLate(segment) && !isUnanswered()) {
            throw new AssertionError(
                    "promise 1: " + segment + " was answered by a reset, though " + server + " has it");
        }
        script.clear();
        vanish();
    }

    private boolean isLate(Segment segment) {
        long linger = conditions.settings(0).linger().toMillis();
        return (closed || clientFinished && serverFinished) && segment.sentAt + UNDER_WAY - passedAt >= linger;
    }

    /** Whether the network kept so much from the function that it may have taken this connection for one never answered. */
    private boolean isUnanswered() {
        return !confirmed
                && agenda.now() - passedAt >= conditions.settings(0).embryonic().toMillis() - UNDER_WAY;
    }

    @Override
    public String toString() {
        return "client " + key + " in epoch " + epoch + (established ? ", established" : "")
                + (closed ? ", closed" : "") + (gone ? ", gone" : "") + ", by " + path + " to " + server;
    }

    /** What a client does next. */
    private interface Step {
        void take();
    }
}
