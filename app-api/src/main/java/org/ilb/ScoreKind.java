package org.ilb;

/** How the scores of claim 9 are computed. */
public enum ScoreKind {
    /** The claim's CRC-32 over ILB id and connection id, then a keyed bijective mixer: even, and not to be foreseen. */
    CRC32_MIXED,
    /** The claim to the letter: CRC-32 alone, which ranks unevenly (see docs). */
    CRC32
}
