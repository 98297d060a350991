package org.ilb.membership;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.BaseEncoding;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.ilb.IlbId;
import org.junit.jupiter.api.Test;

/** ID messages on the wire: what was written is read, and nothing else is taken for genuine. */
class IdMessageTest {

    private static final IlbId ONE = IlbId.parse("10.10.1.1");
    private static final IlbId TWO = IlbId.parse("10.10.2.1");

    private final Random random = new Random(1);
    private final Authenticator authenticator = new Authenticator(0x0123456789abcdefL);

    private IlbId randomId() {
        switch (random.nextInt(3)) {
            case 0:
                return IlbId.ofIndex(random.nextInt() >>> 1);
            case 1:
                return IlbId.parse("10.0." + random.nextInt(256) + '.' + random.nextInt(256));
            default:
                return IlbId.parse("2001:db8::" + Integer.toHexString(random.nextInt(65_536)));
        }
    }

    private IdMessage randomMessage() {
        return new IdMessage(randomId(), randomId(), random.nextLong(), random.nextLong(), random.nextLong());
    }

    @Test
    void whatWasWrittenIsRead() {
        for (int trial = 0; trial < 1_000; trial++) {
            IdMessage message = randomMessage();
            byte[] payload = message.sealed(authenticator);
            assertEquals(Optional.of(message), IdMessage.parse(payload));
            assertTrue(authenticator.isGenuine(payload));
        }
    }

    /** Computed apart from this code, with Python's hmac and struct. */
    @Test
    void theWireFormatStays() {
        byte[] payload = new IdMessage(ONE, TWO, 1, 2, 3).sealed(authenticator);
        byte[] expected = BaseEncoding.base16()
                .lowerCase()
                .decode("01" + "040a0a0101" + "040a0a0201" + "0000000000000001" + "0000000000000002"
                        + "0000000000000003" + "3c54325da780448adf64ea86900a6068");
        assertArrayEquals(expected, payload);
    }

    @Test
    void aChangedBitIsAForgery() {
        byte[] payload = randomMessage().sealed(authenticator);
        for (int bit = 0; bit < payload.length * Byte.SIZE; bit++) {
            byte[] changed = payload.clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertFalse(authenticator.isGenuine(changed));
            IdMessage.parse(changed);
        }
    }

    @Test
    void whatIsTooShortOrTooLongIsNoMessage() {
        byte[] payload = randomMessage().sealed(authenticator);
        for (int length = 0; length < 2 * payload.length; length++) {
            byte[] cut = Arrays.copyOf(payload, length);
            assertEquals(length == payload.length, IdMessage.parse(cut).isPresent());
            assertEquals(length == payload.length, authenticator.isGenuine(cut));
        }
    }

    @Test
    void noBytesAreTooStrange() {
        for (int trial = 0; trial < 200_000; trial++) {
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            if (bytes.length > 7) {
                // Likely enough to get past the first fields.
                bytes[0] = (byte) (random.nextInt(8) == 0 ? 2 : 1);
                bytes[1] = (byte) random.nextInt(8);
                bytes[6] = (byte) random.nextInt(8);
            }
            IdMessage.parse(bytes);
            assertFalse(authenticator.isGenuine(bytes));
        }
    }

    @Test
    void anotherSecretMakesAnotherSeal() {
        byte[] payload = randomMessage().sealed(authenticator);
        assertFalse(new Authenticator(1).isGenuine(payload));
        assertTrue(new Authenticator(0x0123456789abcdefL).isGenuine(payload));
    }
}
