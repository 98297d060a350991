package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which rules make room. */
class ReceivedConnectionTest {

    private final ReceivedConnection connection = new ReceivedConnection();

    @Test
    void aRuleIsSparedWhileItIsUsedAndUntilItsSwitchHasSaidThatItIsNot() {
        assertTrue(connection.spare(sample(0, 0)), "asked for the first time");
        assertTrue(connection.spare(sample(0, 1)), "the same sample, by another clock");
        assertTrue(connection.spare(sample(4, 5_000)), "used");
        for (int again = 0; again < 10; again++) {
            assertTrue(connection.spare(sample(4, 5_000)), "however often it is asked, nobody knows");
        }
        assertFalse(connection.spare(sample(4, 10_000)), "not used");
    }

    private static RuleCount sample(long packets, long millis) {
        return new RuleCount(packets, TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
