package org.ilb.bucket;

import static org.ilb.bucket.Servers.A;
import static org.ilb.bucket.Servers.B;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.junit.jupiter.api.Test;

class RegroupingTest {

    private final Random random = new Random(3);

    private static Buckets of(int mask) {
        return new Buckets(mask, Buckets.Binding.AHEAD, Duration.ZERO, Duration.ZERO, 1);
    }

    private Buckets any() {
        List<Integer> bits = new ArrayList<>();
        for (int bit = 1; bit < 16; bit++) {
            bits.add(bit);
        }
        Collections.shuffle(bits, random);
        return of(bits.subList(0, 4 + random.nextInt(7)).stream()
                .mapToInt(bit -> 1 << bit)
                .sum());
    }

    @Test
    void noPortChangesItsServerOnceItsBucketsAreUnited() {
        for (int trial = 0; trial < 300; trial++) {
            Buckets before = any();
            Buckets after = any();
            Regrouping regrouping = new Regrouping(before, after);
            List<Optional<Endpoint>> united = regrouping.united(Servers.randomBindings(random, before.count()));
            assertTrue(regrouping.isUnited(united));
            List<Optional<Endpoint>> inherited = regrouping.inherited(united);
            assertEquals(after.count(), inherited.size());
            for (int port = 0; port <= Endpoint.MAX_PORT; port++) {
                assertEquals(united.get(before.index(port)), inherited.get(after.index(port)));
            }
        }
    }

    @Test
    void childrenInheritAndNothingMoves() {
        List<Optional<Endpoint>> present = Servers.randomBindings(random, 16);
        Regrouping regrouping = new Regrouping(of(0x1e), of(0x3e));
        assertTrue(regrouping.isUnited(present));
        List<Optional<Endpoint>> children = regrouping.inherited(present);
        assertEquals(present, children.subList(0, 16));
        assertEquals(present, children.subList(16, 32));
    }

    @Test
    void siblingsMoveToTheServerThatMostOfThemHave() {
        List<Optional<Endpoint>> present = new ArrayList<>(Collections.nCopies(64, Optional.of(A)));
        present.set(16, Optional.of(B));
        present.set(1, Optional.of(B));
        present.set(17, Optional.of(B));
        present.set(33, Optional.of(B));
        Regrouping regrouping = new Regrouping(of(0x7e), of(0x1e));
        assertFalse(regrouping.isUnited(present));
        assertThrows(IllegalArgumentException.class, () -> regrouping.inherited(present));
        List<Optional<Endpoint>> united = regrouping.united(present);
        assertEquals(Optional.of(A), united.get(16));
        assertEquals(Optional.of(B), united.get(49));
        assertEquals(Optional.of(B), regrouping.inherited(united).get(1));
    }
}
