package org.ilb.simulation;

import java.util.List;
import java.util.Random;

/** All the chance of one run, from one seed. */
final class Chance {

    private final Random random;

    Chance(long seed) {
        // Neighbouring seeds of Random begin alike; the multiplier is that of the golden ratio.
        this.random = new Random(seed * 0x9e3779b97f4a7c15L);
    }

    boolean happens(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** A number from 0 up to, and not including, a bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** A number from a least to a greatest, both included. */
    long between(long least, long greatest) {
        return least + (long) (random.nextDouble() * (greatest - least + 1));
    }

    /** Mostly short, now and then up to the longest: most of what varies in networks does so by orders of magnitude. */
    long mostlyShort(long longest) {
        double exponent = random.nextDouble();
        return (long) Math.pow(longest, exponent * exponent);
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    int any() {
        return random.nextInt();
    }
}
