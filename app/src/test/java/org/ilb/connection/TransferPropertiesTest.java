package org.ilb.connection;

import static org.ilb.connection.Scenery.electorate;
import static org.ilb.connection.Scenery.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.View;
import org.ilb.election.Electorate;
import org.ilb.membership.TransferTable;
import org.ilb.server.Affinities;

/**
 * Claims 17 and 18, and promise 2: whichever ILBs join and leave, the LTOCs come to hold what an election from scratch would put
 * there, and what need not move is not even touched.
 */
class TransferPropertiesTest {

    private static final int ILBS = 32;
    private static final int CONNECTIONS = 200;
    private static final int CACHE = 50;

    private final Balancers balancers = new Balancers(electorate(1, Set.of()), CACHE, new Affinities(() -> 0));
    /** What the store has. */
    private final Map<FlowKey, Association> live = new HashMap<>();

    private void begin(Set<IlbId> members) {
        balancers.configured(new TreeSet<>(Scenery.ilbs(ILBS)), List.of());
        balancers.change(new View(2, members));
        for (int i = 0; i < CONNECTIONS; i++) {
            Association association = Scenery.association(balancers.electorate(), key(i))
                    .in(AssociationState.values()[i % 3])
                    .receivedBy(IlbId.ofIndex(1 + i % ILBS));
            balancers.publish(association);
            balancers.of(association.receiver().get()).learnt(association);
            live.put(association.key(), association);
        }
    }

    private static Set<IlbId> members(Set<Integer> indices) {
        Set<IlbId> members = new TreeSet<>();
        indices.forEach(index -> members.add(IlbId.ofIndex(index)));
        return members;
    }

    @Property(tries = 150)
    void everyStepComesToAnElectionFromScratchAndTouchesNothingElse(
            @ForAll @Size(min = 2, max = 6)
                    List<@Size(min = 1, max = 16) Set<@IntRange(min = 1, max = ILBS) Integer>> views) {
        begin(members(views.get(0)));
        for (Set<Integer> next : views.subList(1, views.size())) {
            step(members(next));
        }
    }

    /** One at a time, as the application does it. */
    @Property(tries = 100)
    void soDoesEachJoinAndEachLeave(
            @ForAll @Size(min = 2, max = 16) Set<@IntRange(min = 1, max = ILBS) Integer> first,
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = ILBS) Integer> comesOrGoes) {
        Set<IlbId> members = members(first);
        begin(members);
        for (int index : comesOrGoes) {
            IlbId one = IlbId.ofIndex(index);
            if (!members.remove(one)) {
                members.add(one);
            } else if (members.isEmpty()) {
                return;
            }
            step(members);
        }
    }

    private void step(Set<IlbId> members) {
        Electorate before = balancers.electorate();
        Map<IlbId, Map<FlowKey, Association>> tables = tables();
        if (members.equals(before.view().members())) {
            return;
        }
        List<TransferTable> transfers = balancers.change(new View(before.view().number() + 1, members));
        Set<FlowKey> told = new HashSet<>();
        for (TransferTable table : transfers) {
            assertTrue(members.contains(table.sender()), "who left tells nobody");
            for (Association association : table.associations()) {
                told.add(association.key());
                balancers.transferred(association);
                assertFalse(balancers.transferred(association), "whoever is told twice learns nothing");
            }
        }
        Set<IlbId> gone = Sets.difference(before.view().members(), members);
        for (Association former : new ArrayList<>(live.values())) {
            settle(former, gone, told.contains(former.key()), tables);
        }
    }

    private void settle(
            Association former, Set<IlbId> gone, boolean told, Map<IlbId, Map<FlowKey, Association>> tables) {
        Electorate after = balancers.electorate();
        Association elected = Scenery.association(after, former.key());
        boolean moves =
                !elected.owner().equals(former.owner()) || !elected.backup().equals(former.backup());
        boolean lost = !elected.concerns(former.owner())
                && !former.backup().filter(elected::concerns).isPresent();
        assertTrue(lost || moves == told, "what moves and only that is in a table");
        Association standing = moves
                ? former.elected(
                        elected.owner(),
                        elected.backup().orElse(null),
                        after.view().number())
                : former;
        if (lost) {
            // Neither who knew it owns it or backs it up now: the store tells.
            balancers.publish(former);
        }
        for (LoadBalancer ilb : balancers.all()) {
            Association known = ilb.ltoc().get(former.key());
            assertEquals(elected.concerns(ilb.id()) ? standing : null, known);
            if (!moves && known != null) {
                assertSame(tables.get(ilb.id()).get(former.key()), known, "not even touched");
            }
            assertTrue(!isGone(former, gone) || ilb.cache().peek(former.key()) == null, "caches flush it");
        }
        live.put(former.key(), standing);
    }

    private static boolean isGone(Association association, Set<IlbId> gone) {
        return gone.contains(association.owner())
                || association.backup().filter(gone::contains).isPresent();
    }

    private Map<IlbId, Map<FlowKey, Association>> tables() {
        Map<IlbId, Map<FlowKey, Association>> tables = new HashMap<>();
        for (LoadBalancer ilb : balancers.all()) {
            Map<FlowKey, Association> table = new HashMap<>();
            ilb.ltoc().forEach(association -> table.put(association.key(), association));
            tables.put(ilb.id(), table);
        }
        return tables;
    }
}
