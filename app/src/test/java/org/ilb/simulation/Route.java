package org.ilb.simulation;

import java.util.List;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.IlbId;
import org.ilb.connection.Verdict;

/** The way of an exact rule that does as a verdict says; where the verdict names none, the way that it was before. */
final class Route implements Verdict.Cases<Way> {

    private final Way otherwise;

    Route(Way otherwise) {
        this.otherwise = otherwise;
    }

    @Override
    public Way forward(Association association) {
        return Way.to(association.server());
    }

    @Override
    public Way handOff(IlbId owner, long view) {
        return Way.toOwner(owner);
    }

    @Override
    public Way electAgain(long view) {
        return otherwise;
    }

    @Override
    public Way create(Association proposal, Optional<Association> former) {
        return otherwise;
    }

    @Override
    public Way askStore() {
        return otherwise;
    }

    @Override
    public Way askFormer(List<IlbId> former) {
        return otherwise;
    }

    @Override
    public Way reset() {
        return otherwise;
    }

    @Override
    public Way drop(Verdict.Reason reason) {
        return otherwise;
    }
}
