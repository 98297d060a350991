package org.ilb.dataplane.packet;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The reset that answers a segment of a connection that does not exist (RFC 9293, 3.10.7.1). Stateless and thread-safe.
 */
public final class Reset {

    private static final byte[] NOTHING = {};

    private Reset() {}

    /**
     * Writes the answer to a segment.
     *
     * @param segment a segment of an unknown connection
     * @return the frame to send back to where it came from; empty for a reset, which is never answered
     */
    public static Optional<ByteBuffer> answering(Segment segment) {
        if (segment.isReset()) {
            return Optional.empty();
        }
        TcpFrame answer = new TcpFrame(
                segment.destinationMac(),
                segment.sourceMac(),
                segment.key().destination(),
                segment.key().source());
        return Optional.of(
                (segment.flags() & Segment.ACK) != 0
                        ? answer.write(Segment.RST, segment.acknowledgement(), 0, 0, NOTHING)
                        : answer.write(
                                Segment.RST | Segment.ACK,
                                0,
                                segment.sequence() + segment.sequenceLength(),
                                0,
                                NOTHING));
    }
}
