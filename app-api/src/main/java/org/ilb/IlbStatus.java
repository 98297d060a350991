package org.ilb;

import java.util.Optional;

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
    private final Absence absence;

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
        this(in, connected, owned, backedUp, cached, rules, null);
    }

    private IlbStatus(boolean in, boolean connected, int owned, int backedUp, int cached, int rules, Absence absence) {
        this.in = in;
        this.connected = connected;
        this.owned = owned;
        this.backedUp = backedUp;
        this.cached = cached;
        this.rules = rules;
        this.absence = absence;
    }

    /**
     * Returns this status, of an ILB that gives no sign of life.
     *
     * @param why why it is out, or null if it is not
     * @return the status
     */
    public IlbStatus absent(Absence why) {
        return new IlbStatus(in, connected, owned, backedUp, cached, rules, why);
    }

    /**
     * Returns why the ILB is out.
     *
     * @return empty if it gives signs of life, be it in or drained
     */
    public Optional<Absence> absence() {
        return Optional.ofNullable(absence);
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
