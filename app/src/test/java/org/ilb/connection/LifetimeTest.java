package org.ilb.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ilb.AssociationState;
import org.ilb.FlowKey;
import org.ilb.Settings;
import org.ilb.connection.Lifetime.Fate;
import org.junit.jupiter.api.Test;

/** The end of a connection: what is said in {@link Lifetime}, and that it holds whenever the samples come. */
class LifetimeTest {

    private static final FlowKey KEY = FlowKey.of(0x0a640001, 80, 0x0a010101, 40000);
    private static final Settings SETTINGS = Settings.builder(1)
            .embryonic(Duration.ofSeconds(10))
            .linger(Duration.ofSeconds(10))
            .build();
    private static final Ending CLIENT_FIN = Ending.ofClient(KEY, false, 100);
    private static final Ending SERVER_FIN = Ending.ofServer(KEY, false, true, 100);
    private static final Ending CLIENT_RST = Ending.ofClient(KEY, true, 100);

    private static long at(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void aSynThatIsNeverFollowedByAnythingGoes() {
        Lifetime life = Lifetime.embryonic(at(0));
        assertEquals(Fate.LIVES, life.judge(0, at(9.9), SETTINGS));
        assertEquals(Fate.UNANSWERED, life.judge(0, at(10), SETTINGS));
    }

    @Test
    void aRepeatedSynGetsItsTimeAnew() {
        Lifetime life = Lifetime.embryonic(at(0));
        life.again(at(7));
        assertEquals(Fate.LIVES, life.judge(0, at(15), SETTINGS));
        assertEquals(Fate.UNANSWERED, life.judge(0, at(17), SETTINGS));
    }

    @Test
    void anAnsweredConnectionIsEstablishedHoweverSilent() {
        Lifetime counted = Lifetime.embryonic(at(0));
        assertEquals(Fate.LIVES, counted.judge(1, at(20), SETTINGS));
        Lifetime seen = Lifetime.embryonic(at(0));
        seen.answered();
        for (Lifetime life : new Lifetime[] {counted, seen}) {
            assertEquals(AssociationState.ESTABLISHED, life.state());
            assertEquals(Fate.LIVES, life.judge(1, at(100_000), SETTINGS));
        }
    }

    @Test
    void aHalfClosedConnectionLivesOn() {
        for (Ending half : new Ending[] {CLIENT_FIN, SERVER_FIN}) {
            Lifetime life = Lifetime.established(at(0));
            assertFalse(life.ending(half, at(1)));
            assertFalse(life.ending(half, at(2)), "a FIN that is sent again is still one side's");
            assertEquals(AssociationState.ESTABLISHED, life.state());
            assertEquals(Fate.LIVES, life.judge(5, at(100), SETTINGS));
            assertEquals(Fate.LIVES, life.judge(5, at(1000), SETTINGS));
        }
    }

    @Test
    void bothFinsOrAResetCloseIt() {
        Lifetime orderly = Lifetime.established(at(0));
        assertFalse(orderly.ending(SERVER_FIN, at(1)));
        assertTrue(orderly.ending(CLIENT_FIN, at(2)));
        Lifetime abrupt = Lifetime.embryonic(at(0));
        assertTrue(abrupt.ending(CLIENT_RST, at(2)));
        for (Lifetime life : new Lifetime[] {orderly, abrupt}) {
            assertEquals(AssociationState.CLOSING, life.state());
            assertEquals(Fate.LIVES, life.judge(5, at(1.5), SETTINGS), "a sample from before proves nothing");
            assertEquals(Fate.LIVES, life.judge(5, at(5), SETTINGS));
            assertEquals(Fate.LIVES, life.judge(5, at(14.9), SETTINGS));
            assertEquals(Fate.ENDED, life.judge(5, at(15), SETTINGS));
        }
    }

    @Test
    void whatIsStillCountedLingersOn() {
        Lifetime life = Lifetime.established(at(0));
        life.ending(CLIENT_RST, at(0));
        for (int second = 5; second < 500; second += 5) {
            assertEquals(Fate.LIVES, life.judge(second, at(second), SETTINGS), "a blind reset ends nothing");
        }
        assertEquals(Fate.LIVES, life.judge(495, at(500), SETTINGS));
        assertEquals(Fate.ENDED, life.judge(495, at(505), SETTINGS));
    }

    @Test
    void whatNoRuleCountedLingersOn() {
        Lifetime life = Lifetime.established(at(0));
        life.uncounted(at(0.5));
        assertTrue(life.ending(CLIENT_RST, at(1)));
        assertEquals(Fate.LIVES, life.judge(0, at(2), SETTINGS));
        life.uncounted(at(9));
        assertEquals(Fate.LIVES, life.judge(0, at(18.9), SETTINGS));
        assertEquals(Fate.ENDED, life.judge(0, at(19), SETTINGS));
    }

    @Test
    void anEndOfAnOlderEpochIsTold() {
        assertTrue(Ending.ofClient(KEY, false, 1000).belongsTo(1000));
        assertFalse(Ending.ofClient(KEY, false, 999).belongsTo(1000));
        assertTrue(Ending.ofClient(KEY, false, 5).belongsTo(-5), "sequence numbers wrap round");
        assertFalse(Ending.ofServer(KEY, true, true, 999).belongsTo(1000));
        assertTrue(Ending.ofServer(KEY, true, false, 0).belongsTo(1000), "it does not say what it acknowledges");
    }

    /** Whatever happens when: a connection ends only after a linger's time in which no sample showed anything new. */
    @Test
    void neverEndsBeforeItHasBeenSilentForLongEnough() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            Lifetime life = random.nextBoolean() ? Lifetime.embryonic(0) : Lifetime.established(0);
            long lastNews = 0;
            long packets = 0;
            for (long now = at(0.5); now < at(200); now += at(0.1 + random.nextDouble() * 6)) {
                if (random.nextInt(6) == 0) {
                    packets++;
                    lastNews = now;
                }
                if (random.nextInt(10) == 0) {
                    boolean closes = life.ending(random.nextBoolean() ? CLIENT_FIN : SERVER_FIN, now);
                    lastNews = closes ? now : lastNews;
                }
                Fate fate = life.judge(packets, now, SETTINGS);
                if (fate != Fate.LIVES) {
                    long patience = fate == Fate.ENDED ? at(10) : at(9);
                    assertTrue(now - lastNews >= patience, "seed " + seed + ": " + fate + " at " + now);
                    assertTrue(fate == Fate.UNANSWERED ? packets == 0 : life.state() == AssociationState.CLOSING);
                    break;
                }
                assertTrue(life.judgeAgainAt(now, Duration.ofSeconds(5), SETTINGS) > now);
            }
        }
    }
}
