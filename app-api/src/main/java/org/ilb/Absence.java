package org.ilb;

/** Why an ILB is out (claim 16). */
public enum Absence {
    /** No controller has its switch, or its switch has only just come back. */
    AWAY("away"),
    /** Its switch is connected, but its ID messages do not arrive. */
    SILENT("silent"),
    /** It is alive, but was in for too short a time before: it has to stay alive for a while. */
    HELD_DOWN("held-down");

    private final String label;

    Absence(String label) {
        this.label = label;
    }

    /**
     * Returns what REST and CLI call it.
     *
     * @return the label
     */
    public String label() {
        return label;
    }
}
