package org.ilb.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.connection.Ending;

/**
 * What switches do: those that are ILBs match the clients' segments, those at the servers' edge copy what ends a connection.
 *
 * <p>A switch takes its commands in order and answers each. One that is down has forgotten its rules and answers nothing.
 */
final class Network {

    private static final long BARRIER_PATIENCE = 2_000;

    private final Agenda agenda;
    private final Chance chance;
    private final Conditions conditions;
    private final Map<IlbId, Switch> switches = new LinkedHashMap<>();
    /** What rules have ever counted, by connection. */
    private final Map<FlowKey, Long> counts = new LinkedHashMap<>();

    private final Punts punts;

    /** Where a switch sends what it cannot decide, and what it copies. */
    interface Punts {
        void punted(Segment segment, IlbId at);

        void copied(Ending ending, IlbId at);

        void delivered(Segment segment, Endpoint server);
    }

    Network(Agenda agenda, Chance chance, Conditions conditions, Punts punts) {
        this.agenda = agenda;
        this.chance = chance;
        this.conditions = conditions;
        this.punts = punts;
        conditions.ilbs.forEach(id -> switches.put(id, new Switch()));
    }

    boolean isUp(IlbId ilb) {
        return switches.get(ilb).up;
    }

    /** Takes a switch's power, and its rules with it. */
    void down(IlbId ilb) {
        agenda.note(() -> "ILB " + ilb + " goes down");
        Switch it = switches.get(ilb);
        it.up = false;
        it.incarnation++;
        it.rules.clear();
        it.wildcards.clear();
    }

    /** Gives a switch its power back, and perhaps the rules that it would have by now: ONOS remembers them. */
    void up(IlbId ilb, boolean refilled) {
        agenda.note(() -> "ILB " + ilb + " comes up");
        Switch it = switches.get(ilb);
        it.up = true;
        if (refilled) {
            it.remembered.forEach((key, way) -> it.rules.put(key, new Rule(way, agenda.now())));
            it.wildcards.putAll(it.rememberedWildcards);
        }
    }

    /** A segment enters by an ILB. */
    void enter(Segment segment, IlbId ilb) {
        Switch it = switches.get(ilb);
        agenda.note(segment.key, () -> segment + " at ILB " + ilb + (it.up ? "" : ", which is down"));
        if (!it.up || chance.happens(conditions.segmentLoss)) {
            return;
        }
        Wildcard wildcard = wildcard(it, segment.key);
        if (wildcard.through
                && conditions.flags
                && (segment.kind == Segment.Kind.FIN || segment.kind == Segment.Kind.RST)) {
            copy(Ending.ofClient(segment.key, segment.kind == Segment.Kind.RST, segment.sequence), ilb);
        }
        boolean matches = wildcard.through && !(segment.isSyn() && wildcard.synsUp);
        Rule rule = matches ? it.rules.get(segment.key) : null;
        if (rule == null && wildcard.fallback != null && !(segment.isSyn() && wildcard.synsUp)) {
            deliver(segment, wildcard.fallback);
        } else if (rule == null || rule.way.owner != null && segment.isRelayed()) {
            agenda.errand(delay(conditions.copyDelay), () -> punts.punted(segment, ilb));
        } else {
            rule.usedAt = agenda.now();
            counts.merge(segment.key, 1L, Long::sum);
            if (rule.way.owner != null) {
                Segment relayed = segment.relayed();
                agenda.errand(delay(conditions.segmentDelay), () -> enter(relayed, rule.way.owner));
            } else {
                deliver(segment, rule.way.server);
            }
        }
    }

    /** A segment goes on to a server, by a rule or out of the controller. */
    void deliver(Segment segment, Endpoint server) {
        agenda.errand(delay(conditions.segmentDelay), () -> punts.delivered(segment, server));
    }

    /** A server's FIN or RST passes the edge. */
    void leave(Ending ending) {
        IlbId edge = chance.oneOf(new ArrayList<>(conditions.ilbs));
        if (wildcard(switches.get(edge), ending.key()).through && conditions.flags) {
            copy(ending, edge);
        }
    }

    private Wildcard wildcard(Switch it, FlowKey connection) {
        return conditions.buckets == null
                ? Wildcard.CONNECTIONS
                : it.wildcards.getOrDefault(conditions.buckets.index(connection.sourcePort()), Wildcard.UNBOUND);
    }

    private void copy(Ending ending, IlbId at) {
        if (!chance.happens(conditions.copyLoss)) {
            agenda.errand(delay(conditions.copyDelay), () -> punts.copied(ending, at));
        }
        if (chance.happens(conditions.copyDuplication)) {
            agenda.errand(delay(conditions.copyDelay), () -> punts.copied(ending, at));
        }
    }

    /** Commands a switch to have a rule; answers whether it has. */
    void put(IlbId ilb, FlowKey key, Way way, Consumer<Boolean> answer) {
        switches.get(ilb).remembered.put(key, way);
        agenda.note(key, () -> "rule for ILB " + ilb + ": " + way);
        command(ilb, it -> it.rules.put(key, new Rule(way, agenda.now())), answer);
    }

    /** Commands a switch to have the wildcard of a bucket; answers whether it has. */
    void put(IlbId ilb, int bucket, Wildcard wildcard, Consumer<Boolean> answer) {
        Switch it = switches.get(ilb);
        it.rememberedWildcards.put(bucket, wildcard);
        long sentTo = it.incarnation;
        agenda.note(() -> "bucket " + bucket + " at ILB " + ilb + ": " + wildcard);
        command(
                ilb,
                at -> {
                    // What was sent before it lost its power is lost with it.
                    if (at.incarnation == sentTo) {
                        at.wildcards.put(bucket, wildcard);
                    }
                },
                answer);
    }

    /** Commands a switch to have no rule; answers whether it obeyed. */
    void remove(IlbId ilb, FlowKey key, Consumer<Boolean> answer) {
        switches.get(ilb).remembered.remove(key);
        agenda.note(key, () -> "no rule for ILB " + ilb);
        command(ilb, it -> it.rules.remove(key), answer);
    }

    /** Commands a switch to have no rules at all. */
    void wipe(IlbId ilb) {
        switches.get(ilb).remembered.clear();
        switches.get(ilb).rememberedWildcards.clear();
        command(
                ilb,
                it -> {
                    it.rules.clear();
                    it.wildcards.clear();
                },
                done -> {});
    }

    private void command(IlbId ilb, Consumer<Switch> command, Consumer<Boolean> answer) {
        Switch it = switches.get(ilb);
        it.busyUntil = Math.max(it.busyUntil, agenda.now() + delay(conditions.commandDelay));
        agenda.errand(it.busyUntil - agenda.now(), () -> {
            if (it.up) {
                command.accept(it);
                agenda.errand(delay(conditions.commandDelay), () -> answer.accept(true));
            } else {
                agenda.errand(BARRIER_PATIENCE, () -> answer.accept(false));
            }
        });
    }

    /** How many segments of a connection rules have counted until now. */
    long counted(FlowKey key) {
        return counts.getOrDefault(key, 0L);
    }

    /** For how long a switch's rule has matched nothing; for ever if it has none. */
    long unusedFor(IlbId ilb, FlowKey key) {
        Rule rule = switches.get(ilb).rules.get(key);
        return rule == null ? Long.MAX_VALUE : agenda.now() - rule.usedAt;
    }

    /** Where a switch's rule sends a connection, or null. */
    Way way(IlbId ilb, FlowKey key) {
        Rule rule = switches.get(ilb).rules.get(key);
        return rule == null ? null : rule.way;
    }

    List<FlowKey> rules(IlbId ilb) {
        List<FlowKey> keys = new ArrayList<>(switches.get(ilb).rules.keySet());
        keys.sort(Comparator.comparing(FlowKey::toString));
        return keys;
    }

    int rules() {
        return switches.values().stream().mapToInt(it -> it.rules.size()).sum();
    }

    private long delay(long longest) {
        return chance.mostlyShort(longest);
    }

    private static final class Switch {
        private final Map<FlowKey, Rule> rules = new LinkedHashMap<>();
        /** What ONOS thinks it has. */
        private final Map<FlowKey, Way> remembered = new LinkedHashMap<>();

        /** By the index of the bucket. */
        private final Map<Integer, Wildcard> wildcards = new LinkedHashMap<>();

        private final Map<Integer, Wildcard> rememberedWildcards = new LinkedHashMap<>();
        /** How often it lost its power. */
        private long incarnation;

        private boolean up = true;
        private long busyUntil;
    }

    private static final class Rule {
        private final Way way;
        private long usedAt;

        Rule(Way way, long now) {
            this.way = way;
            this.usedAt = now;
        }
    }
}
