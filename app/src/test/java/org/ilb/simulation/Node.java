package org.ilb.simulation;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.ilb.IlbId;
import org.ilb.ScoreKind;
import org.ilb.Settings;
import org.ilb.association.LocalAssociationStore;
import org.ilb.connection.Balancers;
import org.ilb.election.Electorate;
import org.ilb.server.Affinities;

/**
 * What the parts of one controller node share: its ILBs, its surroundings, and how long it takes until it hears of what happens
 * elsewhere. What has stopped hears nothing.
 */
final class Node {

    final Agenda agenda;
    final Chance chance;
    final Conditions conditions;
    final Settings settings;
    final Network network;
    final Fleet fleet;
    final LocalAssociationStore store;
    final Set<IlbId> ilbs;
    final Balancers balancers;

    private final int number;
    private long eventAt;
    private boolean ready;
    private boolean stopped;

    Node(
            int number,
            Agenda agenda,
            Chance chance,
            Conditions conditions,
            Settings settings,
            Network network,
            Fleet fleet,
            LocalAssociationStore store) {
        this.number = number;
        this.agenda = agenda;
        this.chance = chance;
        this.conditions = conditions;
        this.settings = settings;
        this.network = network;
        this.fleet = fleet;
        this.store = store;
        this.ilbs = fleet.ilbsOf(number);
        this.balancers = new Balancers(
                Electorate.of(fleet.bootView(), ScoreKind.CRC32_MIXED, settings.seed()),
                settings.cacheSize(),
                new Affinities(() -> 0));
        balancers.configured(ilbs, List.of(conditions.service()));
    }

    /** It has taken up what the store has. */
    void ready() {
        ready = true;
    }

    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    boolean isRunning() {
        return ready && !stopped;
    }

    long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(agenda.now());
    }

    /** Has something done with what the store answers. */
    <T> void ask(CompletableFuture<T> answer, Consumer<T> then) {
        stepStore();
        answer.thenAccept(result -> agenda.errand(chance.mostlyShort(conditions.storeDelay), () -> {
            if (!stopped) {
                then.accept(result);
            }
        }));
    }

    /** Has the store do, in a while, what it has been asked. */
    void stepStore() {
        agenda.errand(chance.mostlyShort(conditions.storeDelay), store::step);
    }

    /** Events reach a node in the order in which the store took what they tell of. */
    void event(Runnable event) {
        eventAt = Math.max(eventAt, agenda.now() + chance.mostlyShort(conditions.messageDelay));
        agenda.errand(eventAt - agenda.now(), () -> {
            if (!stopped) {
                event.run();
            }
        });
    }

    /** Has something done at another node, or here; a message to another may be late, lost or doubled. */
    void message(Node to, Runnable what) {
        if (to == this) {
            what.run();
            return;
        }
        int copies = (chance.happens(conditions.messageLoss) ? 0 : 1)
                + (chance.happens(conditions.messageDuplication) ? 1 : 0);
        for (int i = 0; i < copies; i++) {
            agenda.errand(chance.mostlyShort(conditions.messageDelay), () -> {
                if (to.isRunning()) {
                    what.run();
                }
            });
        }
    }

    @Override
    public String toString() {
        return "node " + number;
    }
}
