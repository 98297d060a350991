package org.ilb.association;

import static org.ilb.AssociationState.CLOSING;
import static org.ilb.association.Associations.ONE;
import static org.ilb.association.Associations.OTHER_SERVER;
import static org.ilb.association.Associations.SERVER;
import static org.ilb.association.Associations.THREE;
import static org.ilb.association.Associations.TWO;
import static org.ilb.association.Associations.association;
import static org.ilb.association.Associations.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.junit.jupiter.api.Test;

class LtocTest {

    @Test
    void countsWhatIsOwnedAndWhatIsBackedUpThroughAnySequenceOfChanges() {
        Random random = new Random(1);
        Ltoc ltoc = new Ltoc(ONE);
        Map<FlowKey, Association> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            Association association = association(random.nextInt(50));
            Association mine = random.nextBoolean() ? association : association.elected(TWO, ONE, 2);
            Association known = model.get(mine.key());
            switch (random.nextInt(4)) {
                case 0:
                    assertEquals(mine.equals(known), ltoc.remove(mine));
                    model.remove(mine.key(), mine);
                    break;
                case 1:
                    assertEquals(association.equals(known), ltoc.replace(association, mine));
                    model.replace(mine.key(), association, mine);
                    break;
                case 2:
                    assertEquals(model.remove(mine.key()), ltoc.remove(mine.key()));
                    break;
                default:
                    ltoc.put(mine);
                    model.put(mine.key(), mine);
            }
            assertEquals(model.get(mine.key()), ltoc.get(mine.key()));
        }
        Set<Association> few = new HashSet<>(ltoc.select(key -> key.sourcePort() < 20));
        assertEquals(
                model.values().stream()
                        .filter(association -> association.key().sourcePort() < 20)
                        .collect(Collectors.toSet()),
                few);
        assertFalse(few.isEmpty());
        long owned = model.values().stream().filter(a -> a.owner().equals(ONE)).count();
        assertEquals(owned, ltoc.owned());
        assertEquals(model.size() - owned, ltoc.backedUp());
        assertTrue(owned > 0 && owned < model.size());
        ltoc.forEach(association -> assertEquals(model.remove(association.key()), association));
        assertTrue(model.isEmpty());
    }

    @Test
    void holdsOnlyWhatItsIlbOwnsOrBacksUp() {
        Ltoc ltoc = new Ltoc(THREE);
        assertThrows(IllegalArgumentException.class, () -> ltoc.put(association(1)));
        assertNull(ltoc.get(key(1)));
    }

    @Test
    void newsOfTheSameEpochIsTakenInButNothingGetsEarlier() {
        Ltoc ltoc = new Ltoc(ONE);
        assertEquals(association(1), ltoc.hear(association(1)));
        ltoc.put(association(1).in(CLOSING).receivedBy(THREE));
        Association moved = association(1).elected(TWO, ONE, 2);
        assertEquals(moved.in(CLOSING).receivedBy(THREE), ltoc.hear(moved));
        assertEquals(moved.in(CLOSING).receivedBy(TWO), ltoc.hear(moved.receivedBy(TWO)));
        assertEquals(moved.in(CLOSING).receivedBy(TWO), ltoc.get(key(1)));
        assertEquals(0, ltoc.owned());
        assertEquals(1, ltoc.backedUp());
    }

    @Test
    void ofTwoEpochsItBelievesNeither() {
        Ltoc ltoc = new Ltoc(ONE);
        ltoc.hear(association(1));
        assertNull(ltoc.hear(association(1, OTHER_SERVER, 8)));
        assertNull(ltoc.get(key(1)));
        assertEquals(0, ltoc.owned());
        assertEquals(0, ltoc.backedUp());
    }

    /** Whoever saw the end knew the connection as an earlier view had elected it; the view may change at that very moment. */
    @Test
    void theEndIsTheConnectionsWhoeverOwnsItNowAndNoOtherEpochs() {
        Ltoc ltoc = new Ltoc(ONE);
        Association seen = association(1);
        ltoc.put(seen.elected(TWO, ONE, 2).in(CLOSING).receivedBy(THREE));
        assertFalse(ltoc.end(association(1, OTHER_SERVER, 8)));
        assertEquals(1, ltoc.backedUp());
        assertTrue(ltoc.end(seen));
        assertNull(ltoc.get(key(1)));
        assertEquals(0, ltoc.owned());
        assertEquals(0, ltoc.backedUp());
        assertFalse(ltoc.end(seen));
        ltoc.put(seen);
        assertTrue(ltoc.end(seen.elected(TWO, ONE, 2)));
        assertEquals(0, ltoc.owned());
    }

    @Test
    void namesServerAndBackup() {
        Ltoc ltoc = new Ltoc(ONE);
        ltoc.put(association(1));
        assertEquals(SERVER, ltoc.get(key(1)).server());
        assertEquals(TWO, ltoc.get(key(1)).backup().get());
        assertFalse(ltoc.remove(association(1, OTHER_SERVER, 7)));
    }
}
