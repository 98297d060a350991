package org.ilb.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.ilb.Association;
import org.ilb.IlbId;
import org.ilb.View;
import org.ilb.membership.TransferTable;

/** The views that a node enters, one after the other, and what it hears of associations: in its view, or ahead of it. */
final class Views {

    private final Node node;
    private final Tombstones tombstones;
    private final Ways ways;
    private final Oracle oracle;
    private final Queue<View> views = new ArrayDeque<>();
    private final List<Association> ahead = new ArrayList<>();
    private long announced;
    private int transfers;

    Views(Node node, Tombstones tombstones, Ways ways) {
        this.node = node;
        this.tombstones = tombstones;
        this.ways = ways;
        this.oracle = new Oracle(node.settings.seed());
    }

    /** Whether all who are concerned have been told of the view. */
    boolean isSettled() {
        return transfers == 0;
    }

    boolean isIdle() {
        return views.isEmpty() && ahead.isEmpty();
    }

    /** The store has taken an association, or has it still. */
    void stored(Association association) {
        node.agenda.note(association.key(), () -> node + " hears of " + association);
        if (tombstones.isMine(association)) {
            // Events come in the store's order, but for what this node did itself, of which it hears nothing.
            return;
        }
        tombstones.remove(association);
        if (association.view() > node.balancers.electorate().view().number()) {
            // Elected in a view that this node is yet to enter.
            ahead.add(association);
        } else {
            node.balancers.publish(association);
            ways.repoint(association.key());
        }
    }

    /** An association has ended. */
    void ended(Association association) {
        ahead.removeIf(association::isSameEpoch);
    }

    void enter(View view) {
        if (!node.isStopped() && view.number() > announced) {
            announced = view.number();
            views.add(view);
            enterNext();
        }
    }

    private void enterNext() {
        if (transfers > 0) {
            return;
        }
        View now = node.balancers.electorate().view();
        View wanted = views.peek();
        if (wanted == null) {
            return;
        }
        View next = node.conditions.nodes == 1 ? stepTowards(wanted.members()) : wanted;
        if (next == null || next.number() <= now.number()) {
            views.remove();
            enterNext();
            return;
        }
        node.agenda.note(() -> node + " enters " + next);
        Disruption disruption = new Disruption(node.balancers, oracle);
        List<TransferTable> tables = node.balancers.change(next);
        disruption.check();
        tables.forEach(table -> table.associations().forEach(this::transfer));
        List<Association> due = new ArrayList<>(ahead);
        ahead.clear();
        due.forEach(this::stored);
        if (node.conditions.nodes > 1) {
            recover();
        }
        entered();
    }

    /** A node that is alone goes one ILB at a time, so that there is always one who knows a connection and can tell. */
    private View stepTowards(Set<IlbId> wanted) {
        Set<IlbId> members = new TreeSet<>(node.balancers.electorate().view().members());
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
        return node.fleet.viewOf(members);
    }

    /**
     * Where owner and backup of a connection went in one view, or a node that should tell was not there, only the store knows
     * it.
     */
    private void recover() {
        node.stepStore();
        node.store.all().thenAccept(associations -> node.event(() -> associations.forEach(this::stored)));
    }

    private void transfer(Association association) {
        node.agenda.note(association.key(), () -> node + " transfers " + association);
        transfers++;
        node.agenda.errand(node.chance.mostlyShort(node.conditions.messageDelay), () -> {
            if (!node.isStopped()) {
                node.balancers.transferred(association);
                node.ask(node.store.replace(association), done -> {});
                transfers--;
                entered();
            }
        });
    }

    private void entered() {
        if (transfers == 0) {
            ways.repointAll();
            enterNext();
        }
    }
}
