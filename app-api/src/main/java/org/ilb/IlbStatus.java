package org.ilb;

/**
 * What is known of an ILB at a moment.
 *
 * <p>An immutable snapshot.
 */
public final class IlbStatus {

    private final boolean in;
    private final boolean connected;
    private final int owned;
    private final int backedUp;
    private final int cached;
    private final int rules;

    /**
     * Creates a status.
     *
     * @param in whether the view in force has it
     * @param connected whether its switch is connected to a controller
     * @param owned how many associations it owns
     * @param backedUp how many associations it backs up
     * @param cached how many associations of others it caches
     * @param rules how many exact rules it has
     */
    public IlbStatus(boolean in, boolean connected, int owned, int backedUp, int cached, int rules) {
        this.in = in;
        this.connected = connected;
        this.owned = owned;
        this.backedUp = backedUp;
        this.cached = cached;
        this.rules = rules;
    }

    /**
     * Tells whether the ILB is in.
     *
     * @return true when the view in force has it
     */
    public boolean in() {
        return in;
    }

    /**
     * Tells whether its switch is connected.
     *
     * @return true when a controller has it
     */
    public boolean connected() {
        return connected;
    }

    /**
     * Returns how many associations the ILB owns.
     *
     * @return the number
     */
    public int owned() {
        return owned;
    }

    /**
     * Returns how many associations the ILB backs up.
     *
     * @return the number
     */
    public int backedUp() {
        return backedUp;
    }

    /**
     * Returns how many associations of others the ILB caches.
     *
     * @return the number
     */
    public int cached() {
        return cached;
    }

    /**
     * Returns how many exact rules the ILB has.
     *
     * @return the number of connections that it received and that are not idle
     */
    public int rules() {
        return rules;
    }
}
