package org.ilb.election;

import java.util.zip.CRC32;
import org.ilb.FlowKey;
import org.ilb.IlbId;

/**
 * The CRC-32 of {@code id ‖ connection} (claim 9) as a term of the id XOR a term of the connection.
 *
 * <p>CRC is affine: {@code crc(id ‖ c) = crc(id ‖ 0) ⊕ crc(c) ⊕ crc(0)}, zero being as long as {@code c}. The first is
 * the {@linkplain #ofId term of the id}; the rest, the {@linkplain #ofConnection term of the connection}, is linear, so
 * that it is the XOR of what each byte contributes alone: twelve look-ups that do not wait for one another.
 */
final class Crc {

    private static final int BYTE_VALUES = 256;

    /** At {@code 256 * position + value} what a byte of that value contributes at that position of a connection id. */
    private static final int[] CONTRIBUTIONS = contributions();

    private Crc() {}

    /**
     * Returns the term of an ILB id.
     *
     * @param id the id, of any length
     * @return the CRC of the id followed by twelve zeros
     */
    static int ofId(IlbId id) {
        CRC32 crc = new CRC32();
        crc.update(id.toBytes());
        crc.update(new byte[FlowKey.LENGTH]);
        return (int) crc.getValue();
    }

    /**
     * Returns the term of a flow key.
     *
     * @param key the key
     * @return the CRC of its twelve bytes, XOR that of twelve zeros
     */
    static int ofConnection(FlowKey key) {
        int[] table = CONTRIBUTIONS;
        int destinationPort = key.destinationPort();
        int destination = key.destinationAddress();
        int sourcePort = key.sourcePort();
        int source = key.sourceAddress();
        return table[destinationPort >>> 8 & 0xff]
                ^ table[0x100 + (destinationPort & 0xff)]
                ^ table[0x200 + (destination >>> 24)]
                ^ table[0x300 + (destination >>> 16 & 0xff)]
                ^ table[0x400 + (destination >>> 8 & 0xff)]
                ^ table[0x500 + (destination & 0xff)]
                ^ table[0x600 + (sourcePort >>> 8 & 0xff)]
                ^ table[0x700 + (sourcePort & 0xff)]
                ^ table[0x800 + (source >>> 24)]
                ^ table[0x900 + (source >>> 16 & 0xff)]
                ^ table[0xa00 + (source >>> 8 & 0xff)]
                ^ table[0xb00 + (source & 0xff)];
    }

    private static int[] contributions() {
        int[] table = new int[FlowKey.LENGTH * BYTE_VALUES];
        CRC32 crc = new CRC32();
        byte[] connection = new byte[FlowKey.LENGTH];
        crc.update(connection);
        int ofZeros = (int) crc.getValue();
        for (int position = 0; position < FlowKey.LENGTH; position++) {
            for (int value = 0; value < BYTE_VALUES; value++) {
                connection[position] = (byte) value;
                crc.reset();
                crc.update(connection);
                table[BYTE_VALUES * position + value] = (int) crc.getValue() ^ ofZeros;
            }
            connection[position] = 0;
        }
        return table;
    }
}
