package org.ilb.election;

/**
 * The 64-bit finaliser of MurmurHash3: a bijection of 64-bit words in which every bit of the input moves every bit of the
 * output.
 */
final class Mixer {

    private static final int SHIFT = 33;
    private static final long FIRST = 0xff51afd7ed558ccdL;
    private static final long SECOND = 0xc4ceb9fe1a85ec53L;

    private Mixer() {}

    static long mix(long word) {
        long mixed = (word ^ word >>> SHIFT) * FIRST;
        mixed = (mixed ^ mixed >>> SHIFT) * SECOND;
        return mixed ^ mixed >>> SHIFT;
    }
}
