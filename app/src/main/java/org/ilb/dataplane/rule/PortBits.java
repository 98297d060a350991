package org.ilb.dataplane.rule;

import static com.google.common.base.Preconditions.checkArgument;

import org.onlab.packet.TpPort;

/**
 * The clients' ports that make one bucket: those that have certain bits in common.
 *
 * <p>Immutable and thread-safe.
 */
public final class PortBits {

    private static final int WHOLE = 0xffff;

    private final int bits;
    private final int mask;

    private PortBits(int bits, int mask) {
        this.bits = bits;
        this.mask = mask;
    }

    /**
     * Returns the ports that have certain bits.
     *
     * @param bits the bits, none outside of the mask
     * @param mask which bits count, at least one
     * @return the ports
     */
    public static PortBits of(int bits, int mask) {
        checkArgument(mask > 0 && mask <= WHOLE, "mask %s is none of a port", mask);
        checkArgument((bits & ~mask) == 0, "bits %s are not all in mask %s", bits, mask);
        return new PortBits(bits, mask);
    }

    /**
     * Returns the bits.
     *
     * @return a number under the mask
     */
    public int bits() {
        return bits;
    }

    /**
     * Returns how many bits count.
     *
     * @return 1 to 16
     */
    public int count() {
        return Integer.bitCount(mask);
    }

    /**
     * Returns the bits as a rule matches them.
     *
     * @return a port of which only the masked bits matter
     */
    public TpPort port() {
        return TpPort.tpPort(bits);
    }

    /**
     * Returns which bits count, as a rule matches them.
     *
     * @return the mask
     */
    public TpPort mask() {
        return TpPort.tpPort(mask);
    }

    @Override
    public int hashCode() {
        return bits * 31 + mask;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PortBits && bits == ((PortBits) other).bits && mask == ((PortBits) other).mask;
    }

    @Override
    public String toString() {
        return String.format("0x%04x/0x%04x", bits, mask);
    }
}
