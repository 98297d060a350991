package org.ilb.connection;

import org.junit.jupiter.api.Test;

/**
 * Promise 1, per-connection consistency, whatever chance does to messages, paths and views.
 *
 * <p>Broken on purpose, to see it caught: an owner that forwards by its own proposal instead of what stands in the store
 * fails with 284 of 400 seeds, one that remembers its proposal before the store confirmed it with 15. An owner that decides
 * about hand-offs of another view does not fail, and rightly: put-if-absent makes one server of two views (promise 4).
 */
class SimulationTest {

    private static final int SEEDS = 400;

    @Test
    void noSegmentOfAConnectionEverReachesAnotherServer() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Simulation(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
