package org.ilb.dataplane.packet;

import com.google.common.primitives.Ints;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.onlab.packet.IpAddress;

/**
 * An ICMP echo request (RFC 792), which somebody sends to see whether an address is there.
 *
 * <p>Immutable and thread-safe.
 */
public final class EchoRequest {

    private static final int REQUEST = 8;
    private static final int REPLY = 0;

    private final IcmpHeader header;

    private EchoRequest(IcmpHeader header) {
        this.header = header;
    }

    /**
     * Reads a frame.
     *
     * @param bytes the frame from its first to its last byte; copied, its position stays where it is
     * @return the request; empty if the frame is anything but one whole echo request (a fragment, for example)
     */
    public static Optional<EchoRequest> parse(ByteBuffer bytes) {
        return IcmpHeader.parse(bytes)
                .filter(header -> header.type() == REQUEST && header.frame()[header.icmp() + 1] == 0)
                .map(EchoRequest::new);
    }

    /**
     * Returns the address that is asked.
     *
     * @return the IP destination
     */
    public IpAddress destination() {
        return header.destination();
    }

    /**
     * Returns the answer: the same message, back to who sent it. A wrong checksum stays wrong.
     *
     * @return a frame to be sent back to where the request came from, ready to read
     */
    public ByteBuffer answer() {
        byte[] asked = header.frame();
        byte[] answer = asked.clone();
        System.arraycopy(asked, 0, answer, 6, 6);
        System.arraycopy(asked, 6, answer, 0, 6);
        // The sum of the header stays the same.
        System.arraycopy(asked, Segment.IP_SOURCE_AT, answer, Segment.IP_DESTINATION_AT, Ints.BYTES);
        System.arraycopy(asked, Segment.IP_DESTINATION_AT, answer, Segment.IP_SOURCE_AT, Ints.BYTES);
        answer[header.icmp()] = REPLY;
        IcmpHeader.correct(asked, answer, header.icmp() + 2, header.icmp(), header.icmp() + 2);
        return ByteBuffer.wrap(answer);
    }
}
