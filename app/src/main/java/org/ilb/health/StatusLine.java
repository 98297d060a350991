package org.ilb.health;

/** The beginning of an HTTP/1 response (RFC 9112, 4): its status. Stateless and thread-safe. */
final class StatusLine {

    /** What came so far may become a status line, and is none yet. */
    static final int INCOMPLETE = -1;

    /** What came is the beginning of no status line. */
    static final int MALFORMED = 0;

    private static final String PATTERN = "HTTP/1.d ddd";
    private static final int STATUS_AT = 9;

    private StatusLine() {}

    /**
     * Reads a status.
     *
     * @param bytes the beginning of a response
     * @param length how many of the bytes there are yet
     * @return the status from 100 to 599, {@link #INCOMPLETE} or {@link #MALFORMED}
     */
    static int read(byte[] bytes, int length) {
        for (int i = 0; i < Math.min(length, PATTERN.length()); i++) {
            char wanted = PATTERN.charAt(i);
            boolean fits = wanted == 'd' ? bytes[i] >= '0' && bytes[i] <= '9' : bytes[i] == wanted;
            if (!fits) {
                return MALFORMED;
            }
        }
        if (length <= PATTERN.length()) {
            return INCOMPLETE;
        }
        byte next = bytes[PATTERN.length()];
        if (next != ' ' && next != '\r' && next != '\n') {
            return MALFORMED;
        }
        int status = 0;
        for (int i = STATUS_AT; i < PATTERN.length(); i++) {
            status = 10 * status + bytes[i] - '0';
        }
        return status >= 100 && status <= 599 ? status : MALFORMED;
    }
}
