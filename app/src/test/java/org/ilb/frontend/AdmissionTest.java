package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.junit.jupiter.api.Test;
import org.onlab.packet.IpAddress;

/** Who gets a rule at a full flow table. */
class AdmissionTest {

    private static final IlbId ILB = IlbId.of(IpAddress.valueOf("10.10.1.1"));
    private static final IlbId OTHER = IlbId.of(IpAddress.valueOf("10.10.2.1"));

    private long now = -TimeUnit.DAYS.toNanos(1);
    private final Admission admission = new Admission(() -> now);

    @Test
    void whoSpeaksOnceInAWhileIsNeverAdmitted() {
        for (int frame = 0; frame < 100; frame++) {
            pass(5_000);
            assertFalse(admission.admits(ILB, key(1), false, 150), "the segment");
            pass(40);
            assertFalse(admission.admits(ILB, key(1), false, 150), "the acknowledgement of its answer");
        }
    }

    @Test
    void whoComesAgainSoonIsAdmittedAndThatIsRememberedForAWhile() {
        assertFalse(admission.admits(ILB, key(1), false, 150));
        pass(40);
        assertFalse(admission.admits(ILB, key(1), false, 150));
        pass(460);
        assertTrue(admission.admits(ILB, key(1), false, 150));
        pass(500);
        assertTrue(admission.admits(ILB, key(1), false, 150), "it was evicted, and is busy all the same");
        pass(5_000);
        assertFalse(admission.admits(ILB, key(1), false, 150), "that is long ago");
    }

    @Test
    void whoIsClosingIsAdmittedOnlyIfThatDoesNotEnd() {
        for (int segment = 0; segment < 8; segment++) {
            assertFalse(admission.admits(ILB, key(1), true, 150));
        }
        assertTrue(admission.admits(ILB, key(1), true, 150), "it was somebody else's reset");
    }

    /** However many are busy: in no five seconds is more than about half a table replaced, at any ILB. */
    @Test
    void tablesAreNotReplacedFasterThanUseIsTold() {
        for (int bound : new int[] {1, 10, 150, 2000}) {
            for (int seed = 0; seed < 5; seed++) {
                Random random = new Random(seed);
                for (IlbId ilb : new IlbId[] {ILB, OTHER}) {
                    pass(60_000);
                    int admitted = 0;
                    Deque<Long> lately = new ArrayDeque<>();
                    for (int i = 0; i < 20_000; i++) {
                        pass(random.nextInt(3));
                        if (admission.admits(ilb, key(random.nextInt(50)), false, bound)) {
                            admitted++;
                            lately.add(now);
                            while (now - lately.peek() >= TimeUnit.SECONDS.toNanos(5)) {
                                lately.remove();
                            }
                            assertTrue(lately.size() <= bound * 0.6 + 2, lately.size() + " of " + bound);
                        }
                    }
                    assertTrue(admitted > 0.8 * Math.min(bound * 2, 15_000), admitted + " of " + bound);
                }
            }
        }
    }

    @Test
    void whatIsRememberedIsBounded() {
        for (int i = 0; i < 100_000; i++) {
            assertFalse(admission.admits(ILB, key(i), false, 150));
        }
        int remembered = 0;
        for (int i = 0; i < 100_000; i++) {
            admission.admits(ILB, key(i), false, 1_000_000);
            remembered += admission.admits(ILB, key(i), false, 1_000_000) ? 1 : 0;
        }
        assertTrue(remembered <= 20_000, remembered + " remembered");
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static FlowKey key(int number) {
        return FlowKey.of(
                Endpoint.parse("10.100.0.1:80"),
                Endpoint.parse("198.51." + number / 10_000 + ".1:" + (40_000 + number % 10_000)));
    }
}
