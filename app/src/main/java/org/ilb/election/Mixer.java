package org.ilb.election;

/**
 * The 64-bit finaliser of MurmurHash3: a bijection of 64-bit words in which every bit of the input moves every bit of the
 * output. Stateless and thread-safe.
 */
public final class Mixer {

    private static final int SHIFT = 33;
    private static final long FIRST = 0xff51afd7ed558ccdL;
    private static final long SECOND = 0xc4ceb9fe1a85ec53L;

    private Mixer() {}

    /**
     * Mixes a word.
     *
     * @param word any word
     * @return another for every other
     */
    public static long mix(long word) {
        return end(middle(begin(word)));
    }

    /** The first step; {@code begin(a ^ b) == begin(a) ^ b} for every {@code b} of less than 33 bits. */
    static long begin(long word) {
        return word ^ word >>> SHIFT;
    }

    /** The steps in the middle, after which the uppermost 33 bits are those of the whole. */
    static long middle(long begun) {
        long mixed = begun * FIRST;
        return (mixed ^ mixed >>> SHIFT) * SECOND;
    }

    /** The last step. */
    static long end(long word) {
        return word ^ word >>> SHIFT;
    }
}
