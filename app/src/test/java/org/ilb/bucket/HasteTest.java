package org.ilb.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HasteTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void growsWhileItIsCalm() {
        Haste haste = Haste.none(1_000, 5 * SECOND);
        assertEquals(0, haste.beyond());
        haste = haste.look(4, 1_000, 7 * SECOND);
        assertEquals(4, haste.beyond());
        haste = haste.look(4, 1_000 + 2 * Haste.CALM, 9 * SECOND);
        assertEquals(8, haste.beyond(), "as many as a controller does beside all else");
    }

    @Test
    void isGoneWhenThereIsMuchToDo() {
        Haste haste = Haste.none(0, 0).look(4, 0, 2 * SECOND);
        assertEquals(0, haste.look(4, 2 * Haste.CALM + 1, 4 * SECOND).beyond());
    }

    @Test
    void doesNotJudgeByAMoment() {
        Haste haste = Haste.none(0, 0);
        assertSame(haste, haste.look(4, 0, 2 * SECOND - 1));
        assertSame(haste, haste.look(4, 10_000, SECOND));
    }
}
