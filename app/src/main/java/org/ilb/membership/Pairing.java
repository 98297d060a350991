package org.ilb.membership;

import org.ilb.IlbId;

/** Who is heard, and by whom. Immutable and thread-safe. */
final class Pairing {

    private final IlbId sender;
    private final IlbId hearer;

    Pairing(IlbId sender, IlbId hearer) {
        this.sender = sender;
        this.hearer = hearer;
    }

    IlbId sender() {
        return sender;
    }

    IlbId hearer() {
        return hearer;
    }

    @Override
    public int hashCode() {
        return 31 * sender.hashCode() + hearer.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pairing
                && sender.equals(((Pairing) other).sender)
                && hearer.equals(((Pairing) other).hearer);
    }

    @Override
    public String toString() {
        return sender + " heard by " + hearer;
    }
}
