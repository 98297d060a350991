package org.ilb.controller.launch;

/** Something that the caller can put right; the message is one sentence for him. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * Makes one.
     *
     * @param sentence what is wrong
     */
    public UsageException(String sentence) {
        super(sentence);
    }
}
