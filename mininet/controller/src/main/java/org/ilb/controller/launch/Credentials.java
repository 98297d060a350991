package org.ilb.controller.launch;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** A user's name and password. Immutable and thread-safe. */
public final class Credentials {
    // What needs no quoting in Karaf's users.properties, in JSON and in a URL's user part's neighbourhood.
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._~@%+=:/-]{1,128}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String user;
    private final String password;

    /**
     * Makes a pair.
     *
     * @param user the name
     * @param password the password
     */
    public Credentials(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /**
     * Makes a password.
     *
     * @return 120 random bits as text
     */
    public static String newPassword() {
        byte[] bits = new byte[15];
        RANDOM.nextBytes(bits);
        // Letters and digits only: a leading minus would look like an option to other programs.
        return Base64.getUrlEncoder().encodeToString(bits).replace('-', 'a').replace('_', 'b');
    }

    /**
     * Tells whether a name or password can be used.
     *
     * @param text the name or password
     * @return whether it consists of characters that need no quoting anywhere
     */
    public static boolean isUsable(String text) {
        return USABLE.matcher(text).matches();
    }

    /**
     * Returns the name.
     *
     * @return the name
     */
    public String user() {
        return user;
    }

    /**
     * Returns the password.
     *
     * @return the password
     */
    public String password() {
        return password;
    }
}
