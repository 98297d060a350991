package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RuleBookTest {

    @Test
    void cachesAreGivenMoreTimeTheMoreRulesThereAreAndNoMoreThanASynTakesToComeAgain() {
        assertEquals(50, RuleBook.cachesMillis(0));
        assertEquals(450, RuleBook.cachesMillis(4_000));
        assertEquals(1_000, RuleBook.cachesMillis(Integer.MAX_VALUE));
        for (int rules = 0; rules < 20_000; rules += 7) {
            assertTrue(RuleBook.cachesMillis(rules) <= RuleBook.cachesMillis(rules + 7), rules + " rules");
        }
    }
}
