package org.ilb.health;

/**
 * A TCP segment of a probe, without the addresses and ports that the probe's server and turn decide.
 *
 * <p>Immutable, provided that nobody writes to the payload; thread-safe.
 */
public final class ProbeSegment {

    /** The flags of RFC 9293. */
    public static final int FIN = 0x01;

    /** Synchronise sequence numbers. */
    public static final int SYN = 0x02;

    /** Reset the connection. */
    public static final int RST = 0x04;

    /** Push. */
    public static final int PSH = 0x08;

    /** The acknowledgement number means something. */
    public static final int ACK = 0x10;

    static final byte[] NOTHING = {};

    private final int flags;
    private final int sequence;
    private final int acknowledgement;
    private final byte[] payload;

    /**
     * Creates a segment.
     *
     * @param flags which of the flags are set
     * @param sequence the sequence number
     * @param acknowledgement the acknowledgement number, 0 without {@link #ACK}
     * @param payload what it carries; not copied
     */
    public ProbeSegment(int flags, int sequence, int acknowledgement, byte[] payload) {
        this.flags = flags;
        this.sequence = sequence;
        this.acknowledgement = acknowledgement;
        this.payload = payload;
    }

    /**
     * Tells whether flags are set.
     *
     * @param which one or more flags
     * @return true if all of them are
     */
    public boolean has(int which) {
        return (flags & which) == which;
    }

    /**
     * Returns the flags.
     *
     * @return their bits
     */
    public int flags() {
        return flags;
    }

    /**
     * Returns the sequence number.
     *
     * @return 32 bits
     */
    public int sequence() {
        return sequence;
    }

    /**
     * Returns the acknowledgement number.
     *
     * @return 32 bits
     */
    public int acknowledgement() {
        return acknowledgement;
    }

    /**
     * Returns what it carries.
     *
     * @return the bytes, not to be written to
     */
    public byte[] payload() {
        return payload;
    }
}
