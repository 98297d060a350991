package org.ilb.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.ilb.HealthCheck;
import org.ilb.HealthState;
import org.junit.jupiter.api.Test;

class JudgementTest {

    private static final Instant NOW = Instant.parse("2030-01-31T18:00:00Z");
    private static final HealthCheck CHECK = check(2, 3);

    private static HealthCheck check(int rise, int fall) {
        return HealthCheck.of(HealthCheck.Kind.TCP, Duration.ofSeconds(2), Duration.ofSeconds(1), rise, fall);
    }

    private static Judgement after(Judgement judgement, String findings) {
        Judgement now = judgement;
        for (char finding : findings.toCharArray()) {
            now = now.after(finding == '+' ? Finding.good("yes") : Finding.bad("no"), NOW);
        }
        return now;
    }

    private static HealthState state(String findings) {
        return after(Judgement.none(CHECK), findings).state();
    }

    @Test
    void risesAndFallsAfterSoManyInARow() {
        assertEquals(HealthState.UNKNOWN, state(""));
        assertEquals(HealthState.UNKNOWN, state("+-+-+--"));
        assertEquals(HealthState.UP, state("++"));
        assertEquals(HealthState.DOWN, state("---"));
        assertEquals(HealthState.UP, state("++--+--"));
        assertEquals(HealthState.DOWN, state("++---"));
        assertEquals(HealthState.DOWN, state("++---+-+"));
        assertEquals(HealthState.UP, state("++---++"));
    }

    @Test
    void whoFlapsHasToBeGoodForTwiceAsLongEachTime() {
        Judgement judgement = after(Judgement.none(CHECK), "++---++---");
        for (int needed = 4; needed <= 64; needed *= 2) {
            judgement = after(judgement, "+".repeat(needed - 1));
            assertEquals(HealthState.DOWN, judgement.state());
            judgement = after(judgement, "+");
            assertEquals(HealthState.UP, judgement.state(), "after " + needed);
            judgement = after(judgement, "---");
        }
        judgement = after(judgement, "+".repeat(64));
        assertEquals(HealthState.UP, judgement.state(), "no more doublings");
        judgement = after(judgement, "+".repeat(Judgement.STEADY) + "---++");
        assertEquals(HealthState.UP, judgement.state(), "forgotten");
    }

    @Test
    void whatIsShownSaysSinceWhenAndWhy() {
        Judgement up = after(Judgement.none(CHECK), "+++");
        assertEquals(NOW, up.health().since().get());
        Judgement worried = up.after(Finding.bad("status 503"), NOW.plusSeconds(2));
        assertEquals(HealthState.UP, worried.health().state());
        assertEquals(NOW, worried.health().since().get());
        assertEquals("status 503", worried.health().reason().get());
    }

    @Test
    void anotherCheckTakesTheStateOver() {
        Judgement up = after(Judgement.none(CHECK), "++--");
        assertEquals(HealthState.UP, after(up.under(check(2, 3)), "").state());
        assertEquals(HealthState.DOWN, after(up.under(check(2, 3)), "-").state());
        assertEquals(HealthState.UP, after(up.under(check(5, 2)), "-").state(), "what was found before does not count");
        assertEquals(HealthState.DOWN, after(up.under(check(5, 2)), "--").state());
    }

    @Test
    void neverUpWithoutARiseNorDownWithoutAFall() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            int rise = 1 + random.nextInt(4);
            int fall = 1 + random.nextInt(4);
            Judgement judgement = Judgement.none(check(rise, fall));
            StringBuilder history = new StringBuilder();
            for (int step = 0; step < 200; step++) {
                HealthState before = judgement.state();
                String finding = random.nextInt(3) == 0 ? "-" : "+";
                history.append(finding);
                judgement = after(judgement, finding);
                if (before != judgement.state()) {
                    boolean up = judgement.state() == HealthState.UP;
                    String run = up ? "+".repeat(rise) : "-".repeat(fall);
                    assertEquals(true, history.toString().endsWith(run), () -> history + " is " + up);
                }
            }
        }
    }
}
