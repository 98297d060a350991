package org.ilb.simulation;

import org.junit.jupiter.api.Test;

/**
 * The four promises, agreement with an election from scratch, and empty tables at the end, whatever happens.
 *
 * <p>{@code -Dilb.sim.seeds=100000} runs more seeds; {@code -Dilb.sim.seed=4711} runs one alone, and
 * {@code -Dilb.sim.trace=10.1.0.0:1024} with it prints each step of one client's connections. The runs with buckets have seeds
 * of their own: {@code ilb.sim.bucketSeeds} and {@code ilb.sim.bucketSeed}.
 *
 * <p>Broken on purpose, each in the product's code, to see it caught; how many of the first 400 seeds failed (300 or 600 where it
 * says so), and by which assertion:
 *
 * <ul>
 *   <li>any SYN with another sequence number chooses a server: 225, promise 1, another server
 *   <li>a SYN with a later one does not begin an epoch: 12 of 600, promise 1, another server or a reset
 *   <li>an end of an older epoch belongs to any: 2 of 600, promise 1, a reset
 *   <li>a FIN of one side closes: 129, promise 1, another server or a reset
 *   <li>the linger is a tenth: 139; it does not look at counts: 69; both promise 1, a reset
 *   <li>embryonic whatever is counted: 145 of 600, promise 1, a reset
 *   <li>a closing connection's successor is put as if there were no former: no end, caught by the bound on what may happen
 *   <li>a view change takes every association in hand: 241 of 300, promise 2
 *   <li>scores are not mixed: 242 of 300, the oracle
 *   <li>the store puts whether absent or not: 3 of 600, promise 4
 *   <li>on a join the former owner tells nobody: 218; on a leave the backup tells nobody: 187; a join moves nothing: 323; what is
 *       told is not taken: 232; the LTOC drops what it should take over: 230; all by the oracle, LTOCs lack something or have too much
 *   <li>a leave flushes no cache: 303, claim 18; a cache holds five more than it may: 14 of 300, its size
 *   <li>an end leaves the LTOC as it is: all, the oracle; the cache: 120, caches know what the store does not
 *   <li>an end leaves the store as it is: all, the oracle
 * </ul>
 *
 * <p>Of buckets, and the first seed of theirs that failed, with promise 1, another server: no rule must stand everywhere, 36; when a
 * bucket leaves its server none must, 13; nobody waits for the idle time, 2; for the switches, 0; who is unknown goes to the next
 * server, 0. That a question to the store may be overtaken by a SYN was found here, by 366.
 *
 * <p>Not caught, and rightly: an owner decides about hand-offs of another view, for put-if-absent makes one server of two views
 * (promise 4). Not caught here: tables that believe what they hear of another epoch, and ends that do not look at theirs; both need
 * ports that are used again while several nodes decide, and have their own tests in {@code LoadBalancerTest} and {@code LtocTest}.
 */
class SimulationTest {

    private static final int SEEDS = 2_000;
    private static final int BUCKET_SEEDS = 400;
    private static final long BUCKET_ARRIVALS = 120_000;
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
    void everyPromiseIsKeptWhileBucketsMove() {
        Long only = Long.getLong("ilb.sim.bucketSeed");
        long first = only == null ? 0 : only;
        long last = only == null ? Long.getLong("ilb.sim.bucketSeeds", BUCKET_SEEDS) : only + 1;
        for (long seed = first; seed < last; seed++) {
            Chance chance = new Chance(seed);
            Simulation simulation = new Simulation(seed, chance, Conditions.ofBuckets(chance), BUCKET_ARRIVALS);
            try {
                simulation.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ", alone with -Dilb.sim.bucketSeed=" + seed + ": " + simulation, e);
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
