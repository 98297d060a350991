package org.ilb.association;

import static org.ilb.association.Associations.OTHER_SERVER;
import static org.ilb.association.Associations.SERVER;
import static org.ilb.association.Associations.association;
import static org.ilb.association.Associations.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.junit.jupiter.api.Test;

class CacheTest {

    @Test
    void forgetsTheLeastRecentlyUsedThroughAnySequenceOfUses() {
        int capacity = 8;
        Random random = new Random(1);
        Cache cache = new Cache(capacity);
        List<FlowKey> byUse = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Association association = association(random.nextInt(20));
            FlowKey key = association.key();
            boolean known = byUse.contains(key);
            switch (random.nextInt(8)) {
                case 0:
                    cache.remove(key);
                    byUse.remove(key);
                    break;
                case 1:
                    cache.correct(association);
                    break;
                case 2:
                case 3:
                case 4:
                    byUse.remove(key);
                    byUse.add(key);
                    Association evicted = cache.put(association);
                    assertEquals(
                            byUse.size() > capacity ? byUse.remove(0) : null, evicted == null ? null : evicted.key());
                    break;
                default:
                    assertEquals(known ? association : null, cache.get(key));
                    if (byUse.remove(key)) {
                        byUse.add(key);
                    }
            }
            assertEquals(byUse.size(), cache.size());
        }
        List<FlowKey> dropped = new ArrayList<>();
        cache.removeIf(association -> true).forEach(association -> dropped.add(association.key()));
        assertEquals(byUse, dropped);
    }

    @Test
    void whoeverPeeksUsesNothing() {
        Cache cache = new Cache(2);
        cache.put(association(1));
        cache.put(association(2));
        assertEquals(association(1), cache.peek(key(1)));
        assertNull(cache.peek(key(3)));
        assertEquals(association(1), cache.put(association(3)));
    }

    @Test
    void ofTwoEpochsItBelievesNeither() {
        Cache cache = new Cache(2);
        cache.put(association(1, SERVER, 7));
        cache.put(association(1, OTHER_SERVER, 8));
        assertNull(cache.get(key(1)));
        cache.put(association(1, SERVER, 7));
        cache.correct(association(1, OTHER_SERVER, 8));
        assertNull(cache.get(key(1)));
        assertEquals(0, cache.size());
    }

    @Test
    void ofSizeZeroIsNoCache() {
        Cache none = new Cache(0);
        assertNull(none.put(association(1)));
        assertNull(none.peek(key(1)));
        none.correct(association(1));
        none.remove(association(1));
        none.remove(key(1));
        assertNull(none.get(key(1)));
        assertEquals(0, none.size());
    }

    @Test
    void correctsWhatItHasAndNothingElse() {
        Cache cache = new Cache(2);
        cache.put(association(1));
        cache.correct(association(1, OTHER_SERVER, 7));
        cache.correct(association(2, OTHER_SERVER, 7));
        assertEquals(OTHER_SERVER, cache.get(key(1)).server());
        assertNull(cache.get(key(2)));
    }

    @Test
    void theEndOfAnOlderEpochDropsNothing() {
        Cache cache = new Cache(2);
        cache.put(association(1, SERVER, 8));
        cache.remove(association(1, SERVER, 7));
        assertNotNull(cache.get(key(1)));
        cache.remove(association(1, SERVER, 8));
        assertNull(cache.get(key(1)));
    }

    @Test
    void dropsOnlyWhatTheConditionHoldsFor() {
        Cache cache = new Cache(10);
        for (int i = 0; i < 10; i++) {
            cache.put(association(i, SERVER, i));
        }
        assertEquals(
                5,
                cache.removeIf(association -> association.initialSequence() % 2 == 0)
                        .size());
        assertEquals(5, cache.size());
        assertTrue(cache.removeIf(association -> association.initialSequence() % 2 == 0)
                .isEmpty());
    }
}
