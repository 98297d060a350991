package org.ilb.membership;

/** Why an ILB is out. */
public enum Absence {
    /** No controller has its switch, or its switch has only just come back. */
    AWAY,
    /** Its switch is connected, but its ID messages do not arrive. */
    SILENT,
    /** It is alive, but was in for too short a time before: it has to stay alive for a while. */
    HELD_DOWN
}
