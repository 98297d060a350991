package org.ilb.simulation;

import org.junit.jupiter.api.Test;

/**
 * The four promises, agreement with an election from scratch, and empty tables at the end, whatever happens.
 *
 * <p>{@code -Dilb.sim.seeds=100000} runs more seeds; {@code -Dilb.sim.seed=4711} runs one alone, and
 * {@code -Dilb.sim.trace=10.1.0.0:1024} with it prints each step of one client's connections.
 */
class SimulationTest {

    private static final int SEEDS = 2_000;
    private static final int MANY = 100_000;
    private static final long BETWEEN_ARRIVALS = 10;

    @Test
    void everyPromiseIsKeptWhateverHappens() {
        Long only = Long.getLong("ilb.sim.seed");
        long first = only == null ? 0 : only;
        long last = only == null ? Long.getLong("ilb.sim.seeds", SEEDS) : only + 1;
        for (long seed = first; seed < last; seed++) {
            Simulation simulation = new Simulation(seed);
            try {
                simulation.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", alone with -Dilb.sim.seed=" + seed + ": " + simulation, e);
            }
        }
    }

    @Test
    void aHundredThousandConnectionsLaterNothingIsLeft() {
        Simulation simulation = new Simulation(1, new Chance(1), Conditions.ofMany(MANY), BETWEEN_ARRIVALS * MANY);
        simulation.run();
        simulation.checkEvenness();
    }
}
