package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Ints;
import com.google.common.primitives.UnsignedBytes;
import java.util.Arrays;
import org.onlab.packet.IpAddress;

/**
 * What is scored for an individual load balancer: its IP address (claim 5) or an index that is unique in the front-end
 * function (claim 6).
 *
 * <p>Ids order by their bytes, unsigned, which is how ties between scores break. Immutable and thread-safe.
 */
public final class IlbId implements Comparable<IlbId> {

    private final byte[] bytes;
    private final boolean index;

    private IlbId(byte[] bytes, boolean index) {
        this.bytes = bytes;
        this.index = index;
    }

    /**
     * Returns the id of an ILB that is named by its address (claim 5).
     *
     * @param address the ILB's address
     * @return the id, 4 or 16 bytes in network order
     */
    public static IlbId of(IpAddress address) {
        return new IlbId(address.toOctets(), false);
    }

    /**
     * Returns the id of an ILB that is named by an index (claim 6).
     *
     * @param index the index, 0 or more
     * @return the id, the index as 4 bytes big-endian
     * @throws IllegalArgumentException if the index is negative
     */
    public static IlbId ofIndex(int index) {
        checkArgument(index >= 0, "index %s is negative", index);
        return new IlbId(Ints.toByteArray(index), true);
    }

    /**
     * Parses an address or a decimal index.
     *
     * @param text what {@link #toString()} wrote
     * @return the id
     * @throws IllegalArgumentException if the text is neither
     */
    public static IlbId parse(String text) {
        Integer number = Ints.tryParse(text);
        try {
            return number == null ? of(IpAddress.valueOf(text)) : ofIndex(number);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is neither an address nor an index of 0 or more", e);
        }
    }

    /**
     * Tells whether this id is an index rather than an address.
     *
     * @return true for an index
     */
    public boolean isIndex() {
        return index;
    }

    /**
     * Returns the bytes that are scored.
     *
     * @return a copy, in network order
     */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(IlbId other) {
        int byBytes = UnsignedBytes.lexicographicalComparator().compare(bytes, other.bytes);
        return byBytes != 0 ? byBytes : Boolean.compare(index, other.index);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IlbId && index == ((IlbId) other).index && Arrays.equals(bytes, ((IlbId) other).bytes);
    }

    @Override
    public String toString() {
        if (index) {
            return Integer.toString(Ints.fromByteArray(bytes));
        }
        IpAddress.Version version =
                bytes.length == IpAddress.INET_BYTE_LENGTH ? IpAddress.Version.INET : IpAddress.Version.INET6;
        return IpAddress.valueOf(version, bytes).toString();
    }
}
