package org.ilb.config;

/** A configuration that cannot be used, and why, in one sentence that names the field. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;
    private final String reason;

    /**
     * Creates an exception.
     *
     * @param field the path of the field, for example {@code services[0].port}
     * @param reason what it holds and what is allowed
     */
    public ConfigException(String field, String reason) {
        super(field + ": " + reason);
        this.field = field;
        this.reason = reason;
    }

    /**
     * Returns the path of the field.
     *
     * @return for example {@code services[0].port}
     */
    public String field() {
        return field;
    }

    /**
     * Returns what is wrong with the field.
     *
     * @return what it holds and what is allowed
     */
    public String reason() {
        return reason;
    }
}
