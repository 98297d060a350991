package org.ilb.membership;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.ilb.IlbId;
import org.junit.jupiter.api.Test;

/** A message changes something once. */
class ReplayGuardTest {

    private static final IlbId ONE = IlbId.ofIndex(1);
    private static final IlbId TWO = IlbId.ofIndex(2);
    private static final IlbId THREE = IlbId.ofIndex(3);

    private final ReplayGuard guard = new ReplayGuard();

    ReplayGuardTest() {
        guard.configure(Set.of(ONE, TWO));
    }

    private boolean accept(long epoch, long sequence) {
        return guard.accept(new IdMessage(ONE, TWO, epoch, sequence, 1));
    }

    @Test
    void noMessageIsNewTwiceWhateverTheOrder() {
        Random random = new Random(1);
        List<Long> accepted = new ArrayList<>();
        for (int trial = 0; trial < 100_000; trial++) {
            long epoch = 1 + trial / 10_000 - random.nextInt(2);
            long sequence = random.nextInt(500);
            if (accept(epoch, sequence)) {
                long order = epoch * 1_000 + sequence;
                assertTrue(accepted.isEmpty() || accepted.get(accepted.size() - 1) < order);
                accepted.add(order);
            }
        }
    }

    @Test
    void anEpochThatIsOverDoesNotComeBack() {
        assertTrue(accept(5, 100));
        assertTrue(accept(6, 1));
        assertFalse(accept(5, 101));
        assertTrue(accept(6, 2));
    }

    @Test
    void whatWasSentBeforeAnIlbBeganDoesNotCount() {
        guard.begins(ONE, 7);
        assertFalse(accept(6, 1));
        assertTrue(accept(7, 1));
    }

    @Test
    void strangersAreNotHeard() {
        assertFalse(guard.accept(new IdMessage(THREE, TWO, 1, 1, 1)));
        assertFalse(guard.accept(new IdMessage(ONE, THREE, 1, 1, 1)));
        guard.configure(Set.of(ONE, TWO, THREE));
        assertTrue(guard.accept(new IdMessage(THREE, TWO, 1, 1, 1)));
    }

    @Test
    void eachHearerCountsForItself() {
        guard.configure(Set.of(ONE, TWO, THREE));
        assertTrue(accept(1, 9));
        assertTrue(guard.accept(new IdMessage(ONE, THREE, 1, 8, 1)));
    }
}
