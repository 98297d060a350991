package org.ilb.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Set;
import org.ilb.IlbId;
import org.ilb.View;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static final Set<IlbId> TWO = Set.of(IlbId.ofIndex(1), IlbId.ofIndex(2));
    private static final Set<IlbId> THREE = Set.of(IlbId.ofIndex(1), IlbId.ofIndex(2), IlbId.ofIndex(3));

    @Test
    void eachChangeIsTheNextView() {
        View first = Membership.next(Membership.NOBODY, TWO);
        assertEquals(new View(1, TWO), first);
        assertEquals(new View(2, THREE), Membership.next(first, THREE));
        assertEquals(new View(3, TWO), Membership.next(new View(2, THREE), TWO));
    }

    @Test
    void aViewStaysWhenNothingChanges() {
        View view = new View(7, TWO);
        assertSame(view, Membership.next(view, TWO));
    }

    @Test
    void theLastMembersAreNeverExpelled() {
        View view = new View(7, TWO);
        assertSame(view, Membership.next(view, Set.of()));
        assertSame(Membership.NOBODY, Membership.next(Membership.NOBODY, Set.of()));
    }
}
