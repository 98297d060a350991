package org.ilb;

/**
 * Packets and bytes that went one way.
 *
 * <p>Immutable and thread-safe.
 */
public final class Traffic {

    /** None. */
    public static final Traffic NONE = new Traffic(0, 0);

    private final long packets;
    private final long bytes;

    /**
     * Creates an amount.
     *
     * @param packets how many packets
     * @param bytes how many bytes they have, as Ethernet frames without their checksum
     */
    public Traffic(long packets, long bytes) {
        this.packets = packets;
        this.bytes = bytes;
    }

    /**
     * Returns how many packets there were.
     *
     * @return 0 or more
     */
    public long packets() {
        return packets;
    }

    /**
     * Returns how many bytes these had.
     *
     * @return as Ethernet frames without their checksum
     */
    public long bytes() {
        return bytes;
    }

    /**
     * Returns this and more.
     *
     * @param other more
     * @return the sum
     */
    public Traffic plus(Traffic other) {
        return new Traffic(packets + other.packets, bytes + other.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(packets) + Long.hashCode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Traffic && packets == ((Traffic) other).packets && bytes == ((Traffic) other).bytes;
    }

    @Override
    public String toString() {
        return packets + " packets, " + bytes + " bytes";
    }
}
