package org.ilb.dataplane.rule;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Ints;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;

/**
 * The MAC addresses that the front-end function answers with: {@code 02:49} and four bytes.
 *
 * <p>02 says "locally administered, one station". The four bytes are the IPv4 address that is answered for; for an ILB
 * without an address they are its index with the four highest bits set, which lies in 240.0.0.0/4, where no host lives. So
 * addresses are unique and need no table, and one masked match tells a segment that has met a rule of ours already.
 */
public final class FabricMac {

    /** What all of them have in common. */
    public static final MacAddress PREFIX = MacAddress.valueOf("02:49:00:00:00:00");

    /** Which bits all of them have in common. */
    public static final MacAddress MASK = MacAddress.valueOf("ff:ff:00:00:00:00");

    /** The largest index that an ILB without an address can have. */
    public static final int MAX_INDEX = 0x0fff_ffff;

    private static final long PREFIX_BITS = PREFIX.toLong();
    private static final long WORD = 0xffff_ffffL;
    private static final int INDEX_BITS = 0xf000_0000;

    private FabricMac() {}

    /**
     * Returns the MAC address of an IPv4 address.
     *
     * @param address an address that the function answers for
     * @return its MAC address
     * @throws IllegalArgumentException if it is not IPv4
     */
    public static MacAddress of(IpAddress address) {
        checkArgument(address.isIp4(), "address %s is not IPv4", address);
        return ofWord(address.getIp4Address().toInt());
    }

    /**
     * Returns the MAC address of an ILB.
     *
     * @param ilb the ILB
     * @return the MAC of its address, else of its id
     * @throws IllegalArgumentException if its address is not IPv4 or its index too large
     */
    public static MacAddress of(Ilb ilb) {
        return ilb.address().map(FabricMac::of).orElseGet(() -> ofId(ilb.id()));
    }

    private static MacAddress ofId(IlbId id) {
        byte[] bytes = id.toBytes();
        checkArgument(bytes.length == Ints.BYTES, "ILB id %s has no MAC address", id);
        int word = Ints.fromByteArray(bytes);
        if (id.isIndex()) {
            checkArgument(word <= MAX_INDEX, "ILB index %s is larger than %s", word, MAX_INDEX);
            word |= INDEX_BITS;
        }
        return ofWord(word);
    }

    private static MacAddress ofWord(int word) {
        return MacAddress.valueOf(PREFIX_BITS | word & WORD);
    }

    /**
     * Tells whether an address is one of ours.
     *
     * @param mac any MAC address
     * @return true for {@code 02:49:*}
     */
    public static boolean isOurs(MacAddress mac) {
        return (mac.toLong() & ~WORD) == PREFIX_BITS;
    }
}
