package org.ilb.frontend;

import com.google.common.hash.HashCode;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.primitives.UnsignedBytes;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.server.SelectionPolicy;

/**
 * Selects the server of a connection that nobody knows, by rendezvous: everyone who adopts it selects the same server, and a
 * server that joins or leaves the pool takes nothing from the others.
 *
 * <p>Immutable and thread-safe.
 */
final class Adoption implements SelectionPolicy {

    private static final HashFunction HASH = Hashing.murmur3_128();

    private final Service service;

    /** Selects among the servers of a service, as it is in force, that take connections. */
    Adoption(Service service) {
        this.service = service;
    }

    @Override
    public Optional<Endpoint> select(FlowKey key) {
        byte[] connection = key.toBytes();
        return service.servers().stream()
                .filter(server -> server.weight() > 0)
                .map(Server::endpoint)
                .max(Comparator.comparing(
                        server -> score(server, connection).asBytes(), UnsignedBytes.lexicographicalComparator()));
    }

    private static HashCode score(Endpoint server, byte[] connection) {
        return HASH.newHasher()
                .putString(server.toString(), StandardCharsets.US_ASCII)
                .putBytes(connection)
                .hash();
    }
}
