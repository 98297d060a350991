package org.ilb.simulation;

import org.ilb.Endpoint;
import org.ilb.IlbId;

/** Where an exact rule sends a connection: to its server, or to its owner, which knows the server. */
final class Way {

    final Endpoint server;
    final IlbId owner;

    private Way(Endpoint server, IlbId owner) {
        this.server = server;
        this.owner = owner;
    }

    static Way to(Endpoint server) {
        return new Way(server, null);
    }

    static Way toOwner(IlbId owner) {
        return new Way(null, owner);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Way && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return owner == null ? "server " + server : "owner " + owner;
    }
}
