package org.ilb.association;

import static org.ilb.association.Associations.association;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.io.BaseEncoding;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.FlowMask;
import org.junit.jupiter.api.Test;

/** What nodes of different versions read of each other, byte by byte. */
class AssociationCodecTest {

    private static final String WRITER_VIEW_SEQUENCE = "01020304" + "0000000000000001" + "00000007";
    private static final String SERVER_OWNER_BACKUP = "04" + "0a000001" + "1f90" + "0100000001" + "0100000002";
    private static final int WRITER = 0x01020304;

    private final AssociationCodec codec = new AssociationCodec();
    private final Association plain = association(1);
    private final String key = codec.key(plain.key());

    private static byte[] bytes(String hex) {
        return BaseEncoding.base16().lowerCase().decode(hex);
    }

    @Test
    void writesFormatThree() {
        assertArrayEquals(
                bytes("03" + WRITER_VIEW_SEQUENCE + SERVER_OWNER_BACKUP + "00" + "00"), codec.value(plain, WRITER));
        Association moving = association(1, Associations.SERVER, 6)
                .bound(Associations.SERVER, Optional.of(Associations.OTHER_SERVER));
        byte[] value = bytes("03" + WRITER_VIEW_SEQUENCE + SERVER_OWNER_BACKUP + "00" + "04" + "0a000002" + "1f90");
        assertArrayEquals(value, codec.value(moving, WRITER));
        assertEquals(moving, codec.association(key, value));
    }

    @Test
    void readsEveryFormatUntilThree() {
        assertEquals(plain, codec.association(key, bytes("01" + WRITER_VIEW_SEQUENCE + SERVER_OWNER_BACKUP)));
        assertEquals(
                plain.receivedBy(Associations.THREE),
                codec.association(key, bytes("02" + WRITER_VIEW_SEQUENCE + SERVER_OWNER_BACKUP + "0100000003")));
        assertThrows(
                IllegalArgumentException.class,
                () -> codec.association(key, bytes("04" + WRITER_VIEW_SEQUENCE + SERVER_OWNER_BACKUP + "0000")));
    }

    @Test
    void keepsTheKeysOfBuckets() {
        assertEquals(
                FlowMask.bucket(0x7e).key(plain.key()),
                codec.key(codec.key(FlowMask.bucket(0x7e).key(plain.key()))));
    }
}
