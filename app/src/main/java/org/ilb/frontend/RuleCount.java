package org.ilb.frontend;

/** What a rule had counted when its switch was last asked. Immutable. */
final class RuleCount {

    private final long packets;
    private final long sampledAt;

    RuleCount(long packets, long sampledAtNanos) {
        this.packets = packets;
        this.sampledAt = sampledAtNanos;
    }

    long packets() {
        return packets;
    }

    /** When the switch was asked, on the function's clock, in nanoseconds. */
    long sampledAt() {
        return sampledAt;
    }
}
