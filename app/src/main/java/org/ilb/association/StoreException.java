package org.ilb.association;

/** The association store could not do what it was asked: it is unreachable, overloaded or closed. */
public final class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what failed
     */
    public StoreException(String message) {
        super(message);
    }

    /**
     * Creates an exception.
     *
     * @param message what failed
     * @param cause why
     */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
