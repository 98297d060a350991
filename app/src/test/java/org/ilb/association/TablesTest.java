package org.ilb.association;

import static org.ilb.association.Associations.ONE;
import static org.ilb.association.Associations.SERVER;
import static org.ilb.association.Associations.TWO;
import static org.ilb.association.Associations.association;
import static org.ilb.association.Associations.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables beneath LTOC and cache agree with Java's maps, however badly keys collide. */
class TablesTest {

    private static final int STEPS = 30_000;
    private static final int KEYS = 200;

    /** From all keys in one place to all keys apart. */
    private static ToIntFunction<FlowKey> hash(int places) {
        return key -> 2 * Math.floorMod(FlowTable.hash(key), places) + 1;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 1 << 20})
    void aFlowTableIsAMap(int places) {
        ToIntFunction<FlowKey> hash = hash(places);
        Random random = new Random(places);
        FlowTable table = new FlowTable();
        Map<FlowKey, Association> model = new HashMap<>();
        for (int i = 0; i < STEPS; i++) {
            Association association = association(random.nextInt(KEYS), SERVER, i);
            FlowKey key = association.key();
            // Growing and shrinking in turns.
            if (random.nextInt(10) < (i / 1_000 % 2 == 0 ? 7 : 2)) {
                assertEquals(model.put(key, association), table.put(association, hash.applyAsInt(key)));
            } else {
                assertEquals(model.remove(key), table.remove(key, hash.applyAsInt(key)));
            }
            FlowKey other = key(random.nextInt(KEYS));
            assertEquals(model.get(other), table.get(other, hash.applyAsInt(other)));
            assertEquals(model.size(), table.size());
        }
        assertEquals(new HashSet<>(model.values()), new HashSet<>(Arrays.asList(table.toArray())));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 1 << 20})
    void aRecentTableIsAMapInTheOrderOfUse(int places) {
        ToIntFunction<FlowKey> hash = hash(places);
        Random random = new Random(places);
        for (int capacity : new int[] {1, 2, 15, 16, 17, 100}) {
            RecentTable table = new RecentTable(capacity);
            Map<FlowKey, Association> model = new LinkedHashMap<>(16, 0.75f, true);
            for (int i = 0; i < STEPS / 4; i++) {
                Association association = association(random.nextInt(KEYS)).receivedBy(IlbId.ofIndex(i));
                FlowKey key = association.key();
                int hashed = hash.applyAsInt(key);
                switch (random.nextInt(4)) {
                    case 0:
                        assertEquals(model.remove(key), table.remove(key, hashed));
                        break;
                    case 1:
                        table.use(key, hashed);
                        assertEquals(model.get(key), table.get(key, hashed));
                        break;
                    default:
                        table.hear(association, hashed);
                        model.put(key, association);
                        if (model.size() > capacity) {
                            model.remove(model.keySet().iterator().next());
                        }
                }
                assertEquals(model.size(), table.size());
            }
            assertEquals(Arrays.asList(model.values().toArray()), Arrays.asList(table.toArray()));
        }
    }

    /** Whoever reads while others write finds the right association or, of those that come and go, none. */
    @Test
    void readersSeeNothingTorn() throws InterruptedException {
        Ltoc ltoc = new Ltoc(ONE);
        Cache cache = new Cache(400);
        for (int i = 0; i < 200; i++) {
            ltoc.put(association(i, SERVER, i));
            cache.put(association(i, SERVER, i));
        }
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            Random random = new Random(1);
            while (!stop.get()) {
                int comesAndGoes = 200 + random.nextInt(200);
                Association association = association(comesAndGoes, SERVER, comesAndGoes);
                ltoc.put(association);
                cache.put(association);
                int goes = 200 + random.nextInt(200);
                ltoc.remove(key(goes));
                cache.remove(key(goes));
                ltoc.put(association(random.nextInt(200), SERVER, 0).elected(TWO, ONE, 2));
                ltoc.put(restored(random.nextInt(200)));
                started.countDown();
            }
        });
        writer.start();
        started.await();
        try {
            for (int i = 0; i < 300_000; i++) {
                int number = i % 400;
                Association owned = ltoc.get(key(number));
                Association cached = cache.get(key(number));
                assertTrue(number >= 200 || owned != null && cached != null, "an association that stays was not found");
                assertTrue(owned == null || owned.key().equals(key(number)), "another's association was found");
                assertTrue(cached == null || cached.key().equals(key(number)), "another's association was found");
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    private static Association restored(int number) {
        return association(number, SERVER, number);
    }
}
