package org.ilb.association;

import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;

/** Associations for tests. */
final class Associations {

    static final IlbId ONE = IlbId.ofIndex(1);
    static final IlbId TWO = IlbId.ofIndex(2);
    static final IlbId THREE = IlbId.ofIndex(3);
    static final Endpoint SERVER = Endpoint.parse("10.0.0.1:8080");
    static final Endpoint OTHER_SERVER = Endpoint.parse("10.0.0.2:8080");

    private Associations() {}

    static FlowKey key(int number) {
        return FlowKey.of(0x0a640001, 80, 0x0a010001, number);
    }

    /** Connection {@code number}, established, owned by 1, backed up by 2. */
    static Association association(int number) {
        return association(number, SERVER, 7);
    }

    static Association association(int number, Endpoint server, int initialSequence) {
        return new Association(key(number), server, ONE, TWO, 1, initialSequence).in(AssociationState.ESTABLISHED);
    }
}
