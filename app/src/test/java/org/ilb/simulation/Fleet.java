package org.ilb.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.ilb.IlbId;
import org.ilb.View;
import org.ilb.membership.Membership;

/** All ILBs and the nodes that are their masters: who is there, who is in, and who upstream thinks is there. */
final class Fleet {

    private static final long DETECTION_MOST = 1_500;
    private static final long RETURN_MOST = 20_000;
    private static final long REBOOT_MOST = 5_000;

    private final Agenda agenda;
    private final Chance chance;
    private final Conditions conditions;
    private final Network network;
    private final IntFunction<Controller> booted;
    private final List<Controller> nodes = new ArrayList<>();
    private final Map<IlbId, Integer> masters = new LinkedHashMap<>();
    /** ILBs that are alive as far as anybody has noticed. */
    private final Set<IlbId> alive;

    private final Set<IlbId> paths;
    private final Set<IlbId> upset = new TreeSet<>();
    private final Set<Integer> rebooting = new TreeSet<>();
    private View view;
    private long number = 1;
    private boolean quiet;

    Fleet(Agenda agenda, Chance chance, Conditions conditions, Network network, IntFunction<Controller> booted) {
        this.agenda = agenda;
        this.chance = chance;
        this.conditions = conditions;
        this.network = network;
        this.booted = booted;
        this.alive = new TreeSet<>(conditions.ilbs);
        this.paths = new TreeSet<>(conditions.ilbs);
        this.view = new View(1, conditions.ilbs);
        int number = 0;
        for (IlbId ilb : conditions.ilbs) {
            masters.put(ilb, number++ % conditions.nodes);
        }
    }

    void boot() {
        for (int i = 0; i < conditions.nodes; i++) {
            nodes.add(booted.apply(i));
        }
        if (conditions.upsets > 0) {
            agenda.plan(chance.between(1, conditions.upsets), this::happen);
        }
    }

    View view() {
        return view;
    }

    /** The view that a node begins with. */
    View bootView() {
        return conditions.nodes == 1 ? viewOf(view.members()) : view;
    }

    /** The next view, of a node that decides alone. */
    View viewOf(Set<IlbId> members) {
        return new View(++number, members);
    }

    List<Controller> nodes() {
        return nodes;
    }

    Controller masterOf(IlbId ilb) {
        return nodes.get(masters.get(ilb));
    }

    Set<IlbId> ilbsOf(int node) {
        Set<IlbId> ilbs = new TreeSet<>();
        masters.forEach((ilb, master) -> {
            if (master == node) {
                ilbs.add(ilb);
            }
        });
        return ilbs;
    }

    /** An ILB that upstream would send a segment to. */
    IlbId anyPath() {
        return chance.oneOf(new ArrayList<>(paths));
    }

    boolean isPath(IlbId ilb) {
        return paths.contains(ilb);
    }

    /** No more upsets; all that is amiss is mended in time. */
    void quiet() {
        quiet = true;
    }

    private void happen() {
        if (quiet) {
            return;
        }
        switch (chance.below(10)) {
            case 0:
            case 1:
            case 2:
            case 3:
                someIlb(this::die);
                break;
            case 4:
            case 5:
            case 6:
                someIlb(this::mute);
                break;
            case 7:
                reboot(chance.below(nodes.size()));
                break;
            default:
                rehash();
        }
        agenda.plan(chance.between(1, conditions.upsets), this::happen);
    }

    private void leavePath(IlbId ilb) {
        paths.remove(ilb);
        if (paths.isEmpty()) {
            paths.addAll(conditions.ilbs);
            paths.removeAll(upset);
        }
    }

    private void someIlb(Consumer<IlbId> mishap) {
        List<IlbId> well = new ArrayList<>(conditions.ilbs);
        well.removeAll(upset);
        // Somebody is always well: a function of no ILB promises nothing.
        if (well.size() > 1) {
            IlbId ilb = chance.oneOf(well);
            upset.add(ilb);
            mishap.accept(ilb);
        }
    }

    /** A switch loses its power; upstream notices, the controller notices, and in time it is back, empty or refilled. */
    private void die(IlbId ilb) {
        network.down(ilb);
        agenda.plan(chance.between(1, DETECTION_MOST), () -> leavePath(ilb));
        agenda.plan(chance.between(1, DETECTION_MOST), () -> {
            alive.remove(ilb);
            elect();
        });
        agenda.plan(DETECTION_MOST + chance.mostlyShort(RETURN_MOST), () -> {
            boolean refilled = chance.happens(0.5);
            network.up(ilb, refilled);
            if (!refilled) {
                masterOf(ilb).returned(ilb);
            }
            paths.add(ilb);
            agenda.plan(chance.between(1, DETECTION_MOST), () -> recover(ilb));
        });
    }

    /** An ILB's messages stop, but it goes on forwarding, and punting. */
    private void mute(IlbId ilb) {
        alive.remove(ilb);
        elect();
        agenda.plan(chance.mostlyShort(RETURN_MOST), () -> recover(ilb));
    }

    private void recover(IlbId ilb) {
        upset.remove(ilb);
        alive.add(ilb);
        elect();
    }

    /** Upstream hashes otherwise: some paths are not used for now. */
    private void rehash() {
        for (IlbId ilb : conditions.ilbs) {
            if (paths.size() > 1 && !upset.contains(ilb) && chance.happens(0.5)) {
                leavePath(ilb);
                agenda.plan(chance.mostlyShort(RETURN_MOST), () -> paths.add(ilb));
            }
        }
    }

    /** A node stops; another in its place knows what the store knows. Its ILBs are out meanwhile, if anybody is left to say so. */
    private void reboot(int node) {
        boolean last = conditions.nodes > 1 && rebooting.size() == conditions.nodes - 1;
        if (last || !rebooting.add(node)) {
            return;
        }
        nodes.get(node).stop();
        Set<IlbId> mine = ilbsOf(node);
        boolean others = conditions.nodes > 1;
        if (others) {
            agenda.plan(chance.between(1, DETECTION_MOST), () -> {
                if (rebooting.contains(node)) {
                    elect();
                }
            });
        }
        agenda.plan(chance.between(1, REBOOT_MOST), () -> {
            rebooting.remove(node);
            nodes.set(node, booted.apply(node));
            mine.forEach(network::wipe);
            elect();
        });
    }

    private void elect() {
        Set<IlbId> in = new TreeSet<>(alive);
        if (conditions.nodes > 1) {
            rebooting.forEach(node -> in.removeAll(ilbsOf(node)));
        }
        View next = Membership.next(view, in);
        if (next != view) {
            view = next;
            for (Controller node : nodes) {
                agenda.errand(chance.mostlyShort(conditions.messageDelay), () -> node.enter(next));
            }
        }
    }
}
