package org.ilb.simulation;

/** A broken promise. */
final class Failure extends AssertionError {

    private static final long serialVersionUID = 1;

    private Failure(String message) {
        super(message);
    }

    /** Fails unless a condition holds; says why only then. */
    static void unless(boolean condition, String format, Object... arguments) {
        if (!condition) {
            throw new Failure(String.format(format, arguments));
        }
    }
}
