package org.ilb.storebench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void asManyAsAskedForAreUnderWayAndEachIsRunOnce(int inFlight) throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Set<Integer> seen = ConcurrentHashMap.newKeySet();
        Latencies latencies = Load.run(1000, 200, inFlight, number -> {
            assertTrue(seen.add(number));
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            return new CompletableFuture<Integer>()
                    .completeOnTimeout(number, 2, TimeUnit.MILLISECONDS)
                    .thenAccept(done -> running.decrementAndGet());
        });
        assertEquals(200, seen.size());
        assertTrue(seen.contains(1000) && seen.contains(1199));
        assertTrue(most.get() <= inFlight, most + " in flight");
        assertEquals(0, running.get());
        assertTrue(latencies.percentile(0) >= 1, "none ends before its time");
    }

    @Test
    void aFailureIsAFailureOfTheWhole() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> Load.run(
                        0,
                        10,
                        2,
                        number -> number == 5
                                ? CompletableFuture.failedFuture(new IllegalArgumentException("five"))
                                : CompletableFuture.completedFuture(number)));
        assertEquals("five", e.getCause().getMessage());
    }
}
