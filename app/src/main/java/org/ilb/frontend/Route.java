package org.ilb.frontend;

import java.util.Objects;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.IlbId;

/** Where an ILB's exact rule sends a connection: straight to its server, or by relay to its owner. Immutable. */
final class Route {

    private final Endpoint server;
    private final IlbId owner;

    private Route(Endpoint server, IlbId owner) {
        this.server = server;
        this.owner = owner;
    }

    static Route toServer(Endpoint server) {
        return new Route(server, null);
    }

    /** Through the fabric to the owner, whose own rule sends it to the server. */
    static Route byOwner(IlbId owner, Endpoint server) {
        return new Route(server, owner);
    }

    /** The server that the connection reaches in the end. */
    Endpoint server() {
        return server;
    }

    /** The owner that relays, empty if the rule leads straight to the server. */
    Optional<IlbId> owner() {
        return Optional.ofNullable(owner);
    }

    @Override
    public int hashCode() {
        return Objects.hash(server, owner);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Route
                && server.equals(((Route) other).server)
                && Objects.equals(owner, ((Route) other).owner);
    }

    @Override
    public String toString() {
        return owner == null ? "to " + server : "by " + owner + " to " + server;
    }
}
