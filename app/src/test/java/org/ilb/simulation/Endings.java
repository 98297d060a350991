package org.ilb.simulation;

import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.connection.Ending;
import org.ilb.connection.Lifetime;
import org.ilb.election.Electorate;

/** How connections end at a node: by their segments, by what rules have counted, or because somebody says so. */
final class Endings {

    private final Node node;
    private final KnownConnections known;
    private final Lives lives;
    private final Tombstones tombstones;
    private final RuleTables rules;
    private final Views views;
    /** Keeps the buckets of the service, null if it has none. */
    private final Keeper keeper;

    Endings(
            Node node,
            KnownConnections known,
            Lives lives,
            Tombstones tombstones,
            RuleTables rules,
            Views views,
            Keeper keeper) {
        this.node = node;
        this.known = known;
        this.lives = lives;
        this.tombstones = tombstones;
        this.rules = rules;
        this.views = views;
        this.keeper = keeper;
    }

    /** A switch copied a FIN or an RST: the owner is told. */
    void copied(Ending ending) {
        Electorate electorate = node.balancers.electorate();
        IlbId owner = electorate.member(Electorate.owner(electorate.elect(ending.key())));
        if (node.isRunning() && owner != null) {
            Controller master = node.fleet.masterOf(owner);
            node.message(master.node(), () -> master.endings().heard(owner, ending));
        }
    }

    private void heard(IlbId owner, Ending ending) {
        Association association = node.balancers.of(owner).ltoc().get(ending.key());
        node.agenda.note(ending.key(), () -> ending + " is heard of at ILB " + owner + ", which has " + association);
        if (association != null
                && ending.belongsTo(association.initialSequence())
                && lives.of(association).lifetime.ending(ending, node.nanos())) {
            Association closing = association.in(AssociationState.CLOSING);
            for (Controller each : node.fleet.nodes()) {
                node.message(each.node(), () -> each.node().balancers.update(closing));
            }
        }
    }

    /** Looks, from now on, at what rules have counted. */
    void poll() {
        if (node.isStopped()) {
            return;
        }
        known.all().forEach(association -> judge(association, lives.of(association)));
        lives.endIf(association -> !known.isBeingCreated(association.key())
                && known.association(association.key())
                        .filter(association::isSameEpoch)
                        .isEmpty());
        tombstones.forgetOld();
        rules.forEach((ilb, key) -> {
            if (!rules.get(ilb, key).settingUp
                    && mayGo(key)
                    && node.network.unusedFor(ilb, key)
                            >= node.settings.ruleIdle().toMillis()) {
                rules.drop(ilb, key);
            }
        });
        node.agenda.plan(Conditions.POLL, this::poll);
    }

    /** Whether the rule of a connection may go: then its segments come up, and somebody knows it. */
    private boolean mayGo(FlowKey key) {
        return keeper == null
                || !known.association(key).filter(keeper::mustStand).isPresent();
    }

    private void judge(Association association, Life life) {
        FlowKey key = association.key();
        long count = node.network.counted(key) + life.punted - life.before;
        long sampledAt = node.nanos();
        boolean ruled = node.fleet.nodes().stream().anyMatch(each -> each.hasRule(key)) && mayGo(key);
        if (ruled || count != life.count) {
            life.idleSince = Long.MAX_VALUE;
        } else if (life.idleSince == Long.MAX_VALUE) {
            life.idleSince = node.agenda.now();
        }
        life.count = count;
        node.agenda.errand(node.chance.mostlyShort(node.conditions.copyDelay), () -> {
            if (node.isStopped() || !lives.has(life)) {
                return;
            }
            boolean expired = life.idleSince != Long.MAX_VALUE
                    && node.agenda.now() - life.idleSince
                            >= node.settings.associationIdle().toMillis();
            // Where SYNs do not come up, another connection may have the port by now.
            boolean says = keeper == null || !keeper.hidesSyns(key);
            if (says && life.lifetime.judge(count, sampledAt, node.settings) != Lifetime.Fate.LIVES || expired) {
                end(life.association);
            }
        });
    }

    /** Ends a connection, here and in the store. */
    void end(Association association) {
        forget(association, true);
        node.stepStore();
        // What is heard after this was put after it.
        node.store.remove(association).thenAccept(removed -> node.event(() -> tombstones.passed(association)));
    }

    /** An association ended, here or elsewhere: whatever this node has of it goes. */
    void forget(Association association, boolean mine) {
        FlowKey key = association.key();
        node.agenda.note(key, () -> node + " forgets " + association);
        node.balancers.ended(association);
        views.ended(association);
        tombstones.put(association, mine);
        lives.end(association);
        if (!known.isBeingCreated(key)) {
            rules.clear(key);
        }
    }
}
