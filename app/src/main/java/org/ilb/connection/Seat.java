package org.ilb.connection;

import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.election.Electorate;

/**
 * The place of one ILB in one view: the electorate as that ILB sees it, and the hand-offs to the others, made once.
 *
 * <p>Immutable and thread-safe.
 */
final class Seat {

    private final Electorate electorate;
    private final IlbId self;
    private final int index;
    private final Verdict[] handOffs;

    Seat(IlbId self, Electorate electorate) {
        this.electorate = electorate;
        this.self = self;
        this.index = electorate.indexOf(self);
        this.handOffs = new Verdict[electorate.size()];
        for (int i = 0; i < handOffs.length; i++) {
            handOffs[i] = Verdict.handOff(electorate.member(i), view());
        }
    }

    Electorate electorate() {
        return electorate;
    }

    long view() {
        return electorate.view().number();
    }

    boolean isOwner(long elected) {
        return index != Electorate.NOBODY && Electorate.owner(elected) == index;
    }

    boolean isBackup(long elected) {
        return index != Electorate.NOBODY && Electorate.backup(elected) == index;
    }

    /** Whether the ILB owns a connection or backs it up. */
    boolean isMine(FlowKey key) {
        long elected = electorate.elect(key);
        return isOwner(elected) || isBackup(elected);
    }

    IlbId owner(long elected) {
        return electorate.member(Electorate.owner(elected));
    }

    IlbId backup(long elected) {
        return electorate.member(Electorate.backup(elected));
    }

    /** Hands off to the owner, or drops where there is nobody to own. */
    Verdict handOff(long elected) {
        int owner = Electorate.owner(elected);
        return owner == Electorate.NOBODY ? Verdict.drop(Verdict.Reason.NO_ILB) : handOffs[owner];
    }

    boolean concerns(Association association) {
        return index != Electorate.NOBODY && association.concerns(self);
    }

    @Override
    public String toString() {
        return self + " in " + electorate;
    }
}
