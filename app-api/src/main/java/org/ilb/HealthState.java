package org.ilb;

/** Whether a server answers. */
public enum HealthState {

    /** Nobody asks it; it is taken to be up. */
    UNCHECKED,

    /** It has not been asked often enough to say; it is taken to be up. */
    UNKNOWN,

    /** It answers. */
    UP,

    /** It does not answer, or not as it should. */
    DOWN
}
