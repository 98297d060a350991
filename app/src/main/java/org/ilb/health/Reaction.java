package org.ilb.health;

import java.util.Optional;

/**
 * What a probe does about what happened.
 *
 * <p>Immutable and thread-safe.
 */
public final class Reaction {

    static final Reaction NONE = new Reaction(null, null);

    private final ProbeSegment answer;
    private final Finding finding;

    private Reaction(ProbeSegment answer, Finding finding) {
        this.answer = answer;
        this.finding = finding;
    }

    static Reaction answering(ProbeSegment answer) {
        return new Reaction(answer, null);
    }

    static Reaction ending(ProbeSegment answer, Finding finding) {
        return new Reaction(answer, finding);
    }

    static Reaction ending(Finding finding) {
        return new Reaction(null, finding);
    }

    /**
     * Returns what is to be sent to the server.
     *
     * @return a segment, empty for nothing
     */
    public Optional<ProbeSegment> answer() {
        return Optional.ofNullable(answer);
    }

    /**
     * Returns what was found. The probe is then over.
     *
     * @return the finding, empty while the probe goes on
     */
    public Optional<Finding> finding() {
        return Optional.ofNullable(finding);
    }
}
