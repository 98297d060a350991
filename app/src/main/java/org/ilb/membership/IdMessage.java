package org.ilb.membership;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.primitives.Ints;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.ilb.IlbId;
import org.onlab.packet.IpAddress;

/**
 * An ILB's sign of life, as one other ILB hears it (claim 16).
 *
 * <p>On the wire, in network order: version (1 byte), the sender's id, the hearer's id, boot epoch, sequence number and view
 * (8 bytes each), authenticator ({@link Authenticator#TAG_BYTES}). An id is one byte that says what it is ({@code 0} index,
 * {@code 4} IPv4 address, {@code 6} IPv6 address) and its bytes. With IPv4 ids that is 51 bytes.
 *
 * <p>A message names its hearer, so that one that was captured on its way to one ILB says nothing to another. Immutable and
 * thread-safe.
 */
public final class IdMessage {

    private static final byte VERSION = 1;
    private static final byte INDEX = 0;
    private static final byte ADDRESS4 = 4;
    private static final byte ADDRESS6 = 6;

    private final IlbId sender;
    private final IlbId hearer;
    private final long epoch;
    private final long sequence;
    private final long view;

    /**
     * Creates a message.
     *
     * @param sender who is alive
     * @param hearer who is to hear it
     * @param epoch when the sender began to send, larger for a later beginning
     * @param sequence larger for each message of the sender to the hearer within the epoch
     * @param view the number of the view that the sender knows
     */
    public IdMessage(IlbId sender, IlbId hearer, long epoch, long sequence, long view) {
        this.sender = checkNotNull(sender);
        this.hearer = checkNotNull(hearer);
        this.epoch = epoch;
        this.sequence = sequence;
        this.view = view;
    }

    /**
     * Returns who is alive.
     *
     * @return the sender
     */
    public IlbId sender() {
        return sender;
    }

    /**
     * Returns who is to hear it.
     *
     * @return the hearer
     */
    public IlbId hearer() {
        return hearer;
    }

    /**
     * Returns the boot epoch.
     *
     * @return when the sender began to send
     */
    public long epoch() {
        return epoch;
    }

    /**
     * Returns the sequence number within the epoch.
     *
     * @return larger for a later message to the same hearer
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Returns the number of the view that the sender knows.
     *
     * @return the view's number
     */
    public long view() {
        return view;
    }

    /**
     * Writes the message as it goes into a frame.
     *
     * @param authenticator seals it
     * @return the payload of the frame
     */
    public byte[] sealed(Authenticator authenticator) {
        byte[] from = sender.toBytes();
        byte[] to = hearer.toBytes();
        int fields = 1 + 1 + from.length + 1 + to.length + 3 * Long.BYTES;
        ByteBuffer buffer = ByteBuffer.allocate(fields + Authenticator.TAG_BYTES);
        buffer.put(VERSION);
        buffer.put(kind(sender)).put(from);
        buffer.put(kind(hearer)).put(to);
        buffer.putLong(epoch).putLong(sequence).putLong(view);
        buffer.put(authenticator.tag(buffer.array(), fields));
        return buffer.array();
    }

    /**
     * Reads a message, whoever may have sealed it.
     *
     * @param payload all that follows a frame's ethertype
     * @return the message, empty if the payload is not exactly one
     */
    public static Optional<IdMessage> parse(byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        if (!buffer.hasRemaining() || buffer.get() != VERSION) {
            return Optional.empty();
        }
        IlbId sender = readId(buffer);
        IlbId hearer = sender == null ? null : readId(buffer);
        if (hearer == null || buffer.remaining() != 3 * Long.BYTES + Authenticator.TAG_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new IdMessage(sender, hearer, buffer.getLong(), buffer.getLong(), buffer.getLong()));
    }

    private static byte kind(IlbId id) {
        if (id.isIndex()) {
            return INDEX;
        }
        return id.toBytes().length == IpAddress.INET_BYTE_LENGTH ? ADDRESS4 : ADDRESS6;
    }

    private static IlbId readId(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            return null;
        }
        switch (buffer.get()) {
            case INDEX:
                byte[] index = bytes(buffer, Ints.BYTES);
                return index == null || index[0] < 0 ? null : IlbId.ofIndex(Ints.fromByteArray(index));
            case ADDRESS4:
                return address(IpAddress.Version.INET, bytes(buffer, IpAddress.INET_BYTE_LENGTH));
            case ADDRESS6:
                return address(IpAddress.Version.INET6, bytes(buffer, IpAddress.INET6_BYTE_LENGTH));
            default:
                return null;
        }
    }

    private static IlbId address(IpAddress.Version version, byte[] bytes) {
        return bytes == null ? null : IlbId.of(IpAddress.valueOf(version, bytes));
    }

    private static byte[] bytes(ByteBuffer buffer, int count) {
        if (buffer.remaining() < count) {
            return null;
        }
        byte[] bytes = new byte[count];
        buffer.get(bytes);
        return bytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(sender, hearer, epoch, sequence, view);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof IdMessage)) {
            return false;
        }
        IdMessage that = (IdMessage) other;
        return sender.equals(that.sender)
                && hearer.equals(that.hearer)
                && epoch == that.epoch
                && sequence == that.sequence
                && view == that.view;
    }

    @Override
    public String toString() {
        return "ID message " + epoch + "/" + sequence + " from " + sender + " to " + hearer + " in view " + view;
    }
}
