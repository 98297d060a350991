package org.ilb.server;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Server;
import org.ilb.election.Mixer;

/**
 * A client's address says which server takes its connections, by weighted rendezvous: every owner selects the same, with nothing
 * to agree about. A server that leaves gives its clients to the others by weight, one that joins takes its share from all,
 * and no other client changes its server.
 *
 * <p>For each client every server draws a number, exponentially distributed with its weight for a rate; the smallest wins, which
 * is a server's with the probability of its share of the weights.
 *
 * <p>Immutable and thread-safe.
 */
public final class SourceHash implements SelectionPolicy {

    /** The name by which services ask for this policy. */
    public static final String NAME = "source-hash";

    private static final int DOUBLE_BITS = 53;
    private static final double HALF = 0.5;

    private final Endpoint[] servers;
    private final long[] hashes;
    private final double[] weights;

    /**
     * Creates the policy, the same for every owner.
     *
     * @param pool the servers and their weights
     */
    public SourceHash(List<Server> pool) {
        Server[] taking = pool.stream().filter(server -> server.weight() > 0).toArray(Server[]::new);
        servers = new Endpoint[taking.length];
        hashes = new long[taking.length];
        weights = new double[taking.length];
        for (int i = 0; i < taking.length; i++) {
            servers[i] = taking[i].endpoint();
            weights[i] = taking[i].weight();
            hashes[i] = Hashing.murmur3_128()
                    .hashString(servers[i].toString(), StandardCharsets.US_ASCII)
                    .asLong();
        }
    }

    @Override
    public Optional<Endpoint> select(FlowKey key) {
        long client = Mixer.mix(key.sourceAddress());
        int best = -1;
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < servers.length; i++) {
            double drawn = -StrictMath.log(fraction(Mixer.mix(hashes[i] ^ client))) / weights[i];
            if (drawn < smallest) {
                smallest = drawn;
                best = i;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(servers[best]);
    }

    /** Returns a number between 0 and 1, neither of the two. */
    private static double fraction(long random) {
        return ((random >>> Long.SIZE - DOUBLE_BITS + 1) + HALF) / (1L << DOUBLE_BITS - 1);
    }
}
