package org.ilb.membership;

import com.google.common.primitives.Longs;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals ID messages, so that only who knows the function's secret can make one: HMAC-SHA-256 (RFC 2104), of which the first
 * 128 bits are sent.
 *
 * <p>The key is not the secret that scores are keyed with but derived from it, so that neither use tells anything about the
 * other. Immutable and thread-safe.
 */
public final class Authenticator {

    /** How many bytes of an HMAC are sent. */
    public static final int TAG_BYTES = 16;

    private static final String HMAC = "HmacSHA256";
    private static final byte[] PURPOSE = "org.ilb ID message 1".getBytes(StandardCharsets.US_ASCII);

    private final SecretKeySpec key;

    /**
     * Creates an authenticator.
     *
     * @param seed the secret of the function, which keys its scores
     */
    public Authenticator(long seed) {
        SecretKeySpec secret = new SecretKeySpec(Longs.toByteArray(seed), HMAC);
        this.key = new SecretKeySpec(hmac(secret, PURPOSE, PURPOSE.length), HMAC);
    }

    /**
     * Returns the authenticator of a message.
     *
     * @param message begins with the message
     * @param length how many bytes the message has
     * @return {@link #TAG_BYTES} bytes
     */
    byte[] tag(byte[] message, int length) {
        return Arrays.copyOf(hmac(key, message, length), TAG_BYTES);
    }

    /**
     * Tells whether who sealed a message knew the secret. Takes the same time for every forgery.
     *
     * @param payload a sealed message
     * @return true if it is genuine
     */
    public boolean isGenuine(byte[] payload) {
        int length = payload.length - TAG_BYTES;
        return length >= 0
                && MessageDigest.isEqual(tag(payload, length), Arrays.copyOfRange(payload, length, payload.length));
    }

    private static byte[] hmac(SecretKeySpec key, byte[] message, int length) {
        try {
            // A Mac has a state, so each thread and each message needs its own.
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(message, 0, length);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
