package org.ilb.association;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Interner;
import com.google.common.collect.Interners;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.onlab.packet.IpAddress;

/**
 * Associations as the replicated map holds them: the key as a string, the rest in a few dozen bytes.
 *
 * <pre>
 * key    the 12 bytes of the flow key, base64
 * value  format (1)  writer (4)  view (8)  initial sequence number (4)
 *        server: length (1) address (4 or 16) port (2)
 *        owner, backup, receiver: kind (1: 0 none, 1 index, 4 or 16 address) id (0, 4 or 16)
 *        next server: length (1: 0 none, else as server)
 * </pre>
 *
 * <p>This is format 3. Still read are format 2, which has no next server, and format 1, which has no receiver either. The state is not stored: whoever reads an association
 * did not see it begin, and takes it for established.
 *
 * <p>The writer names the store that wrote the value, so that it knows its own writes when it hears of them. Servers and ILB
 * ids that are read share their objects: there are few of them and many associations.
 *
 * <p>Thread-safe.
 */
final class AssociationCodec {

    private static final byte FORMAT = 3;
    private static final byte FORMAT_WITH_RECEIVER = 2;
    private static final byte OLDEST_FORMAT = 1;
    private static final byte NONE = 0;
    private static final byte INDEX = 1;
    private static final int LONGEST = 1 + Integer.BYTES + Long.BYTES + Integer.BYTES + 5 * 17 + 2 * Short.BYTES;
    private static final int WRITER_AT = 1;

    private final Interner<Endpoint> servers = Interners.newWeakInterner();
    private final Interner<IlbId> ids = Interners.newWeakInterner();

    String key(FlowKey key) {
        return Base64.getEncoder().encodeToString(key.toBytes());
    }

    FlowKey key(String text) {
        return FlowKey.fromBytes(Base64.getDecoder().decode(text));
    }

    byte[] value(Association association, int writer) {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST);
        buffer.put(FORMAT);
        buffer.putInt(writer);
        buffer.putLong(association.view());
        buffer.putInt(association.initialSequence());
        putServer(buffer, association.server());
        putId(buffer, association.owner());
        putId(buffer, association.backup().orElse(null));
        putId(buffer, association.receiver().orElse(null));
        if (association.next().isPresent()) {
            putServer(buffer, association.next().get());
        } else {
            buffer.put(NONE);
        }
        byte[] value = new byte[buffer.position()];
        buffer.flip();
        buffer.get(value);
        return value;
    }

    private static void putServer(ByteBuffer buffer, Endpoint server) {
        byte[] address = server.address().toOctets();
        buffer.put((byte) address.length);
        buffer.put(address);
        buffer.putShort((short) server.port());
    }

    private static void putId(ByteBuffer buffer, IlbId id) {
        if (id == null) {
            buffer.put(NONE);
            return;
        }
        byte[] bytes = id.toBytes();
        buffer.put(id.isIndex() ? INDEX : (byte) bytes.length);
        buffer.put(bytes);
    }

    static int writer(byte[] value) {
        return ByteBuffer.wrap(value).getInt(WRITER_AT);
    }

    /** Reads an association; an IllegalArgumentException or BufferUnderflowException says that it is none of ours. */
    Association association(String key, byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        byte format = buffer.get();
        checkArgument(
                format >= OLDEST_FORMAT && format <= FORMAT, "an association in format %s, not %s", format, FORMAT);
        buffer.getInt();
        long view = buffer.getLong();
        int initialSequence = buffer.getInt();
        Endpoint server = server(buffer, buffer.get());
        IlbId owner = id(buffer);
        IlbId backup = id(buffer);
        IlbId receiver = format >= FORMAT_WITH_RECEIVER ? id(buffer) : null;
        byte nextLength = format >= FORMAT ? buffer.get() : NONE;
        Association read = nextLength == NONE
                ? new Association(key(key), server, owner, backup, view, initialSequence)
                        .in(AssociationState.ESTABLISHED)
                // What has a next server was bound to it, in an epoch of its own.
                : new Association(key(key), server, owner, backup, view, initialSequence - 1)
                        .bound(server, Optional.of(server(buffer, nextLength)));
        return receiver == null ? read : read.receivedBy(receiver);
    }

    private Endpoint server(ByteBuffer buffer, int length) {
        IpAddress address = address(buffer, length);
        return servers.intern(Endpoint.of(address, Short.toUnsignedInt(buffer.getShort())));
    }

    private IlbId id(ByteBuffer buffer) {
        byte kind = buffer.get();
        switch (kind) {
            case NONE:
                return null;
            case INDEX:
                return ids.intern(IlbId.ofIndex(buffer.getInt()));
            default:
                return ids.intern(IlbId.of(address(buffer, kind)));
        }
    }

    private static IpAddress address(ByteBuffer buffer, int length) {
        checkArgument(
                length == IpAddress.INET_BYTE_LENGTH || length == IpAddress.INET6_BYTE_LENGTH,
                "an address of %s bytes",
                length);
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return IpAddress.valueOf(
                length == IpAddress.INET_BYTE_LENGTH ? IpAddress.Version.INET : IpAddress.Version.INET6, bytes);
    }
}
