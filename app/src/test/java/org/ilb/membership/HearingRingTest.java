package org.ilb.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ilb.IlbId;
import org.junit.jupiter.api.Test;

/** Each is heard by a few, and hears a few. */
class HearingRingTest {

    private static Set<IlbId> ilbs(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(IlbId::ofIndex).collect(Collectors.toSet());
    }

    @Test
    void eachIsHeardByAsManyAsAreAskedForAndHearsAsMany() {
        for (int count = 0; count <= 40; count++) {
            for (int hearers = 0; hearers <= 5; hearers++) {
                Set<IlbId> ilbs = ilbs(count);
                HearingRing ring = new HearingRing(ilbs, hearers);
                Map<IlbId, Integer> heard = new HashMap<>();
                int expected = Math.max(0, Math.min(hearers, count - 1));
                for (IlbId sender : ilbs) {
                    assertEquals(
                            expected, ImmutableSet.copyOf(ring.hearers(sender)).size());
                    assertFalse(ring.hearers(sender).contains(sender));
                    ring.hearers(sender).forEach(hearer -> heard.merge(hearer, 1, Integer::sum));
                }
                heard.values().forEach(number -> assertEquals(expected, number));
            }
        }
    }

    @Test
    void whoGoesChangesOnlyWhatItsNeighboursHear() {
        int hearers = 3;
        Set<IlbId> ilbs = ilbs(30);
        HearingRing before = new HearingRing(ilbs, hearers);
        ilbs.remove(IlbId.ofIndex(7));
        HearingRing after = new HearingRing(ilbs, hearers);
        long changed = ilbs.stream()
                .filter(ilb -> !before.hearers(ilb).equals(after.hearers(ilb)))
                .count();
        assertEquals(hearers, changed);
    }

    @Test
    void whoCannotHearCanBeHeard() {
        HearingRing ring = new HearingRing(ilbs(3), 2);
        assertEquals(ImmutableList.of(IlbId.ofIndex(1), IlbId.ofIndex(2)), ring.hearers(IlbId.ofIndex(9)));
        assertTrue(
                new HearingRing(ImmutableSet.of(), 3).hearers(IlbId.ofIndex(9)).isEmpty());
    }
}
