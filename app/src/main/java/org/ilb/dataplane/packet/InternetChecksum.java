package org.ilb.dataplane.packet;

/** The Internet checksum of RFC 1071, and its incremental update of RFC 1624. Stateless and thread-safe. */
final class InternetChecksum {

    private InternetChecksum() {}

    /**
     * Adds the 16-bit words of a range; an odd last byte is padded with zero.
     *
     * @param bytes where the range is
     * @param from its first byte
     * @param to the byte after its last
     * @param sum what was added before
     * @return the sum, not yet folded
     */
    static long add(byte[] bytes, int from, int to, long sum) {
        long total = sum;
        for (int i = from; i < to; i += 2) {
            int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
            total += (bytes[i] & 0xff) << 8 | low;
        }
        return total;
    }

    /**
     * Folds a sum into the checksum.
     *
     * @param sum the sum of 16-bit words
     * @return its one's complement, 16 bits
     */
    static int finish(long sum) {
        return (int) ~fold(sum) & 0xffff;
    }

    /**
     * Updates a checksum for words that changed: {@code HC' = ~(~HC + ~m + m')}.
     *
     * @param checksum the checksum before
     * @param before the sum of the words before
     * @param after the sum of the words after
     * @return the checksum after
     */
    static int update(int checksum, long before, long after) {
        return finish((~checksum & 0xffff) + (~fold(before) & 0xffff) + fold(after));
    }

    private static long fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return folded;
    }
}
