package org.ilb.controller.openflow.flow;

/**
 * A flow rule asks for something that the stock OpenFlow provider does not translate. The core takes an {@link
 * UnsupportedOperationException} as the reason to mark a rule FAILED.
 */
public final class UntranslatableRuleException extends UnsupportedOperationException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param what the criterion or instruction that cannot be translated
     */
    public UntranslatableRuleException(Object what) {
        super("not translated to OpenFlow 1.3: " + what);
    }
}
