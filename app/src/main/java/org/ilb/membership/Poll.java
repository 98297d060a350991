package org.ilb.membership;

/** What an ILB's hearers say of it: how many hear it, and how many miss it and can be believed. Immutable. */
final class Poll {

    private final int hear;
    private final int miss;

    Poll(int hear, int miss) {
        this.hear = hear;
        this.miss = miss;
    }

    /** Whether most of those who have something to say miss it. */
    boolean isLost() {
        return miss > hear;
    }

    /** Whether somebody hears it, and not most others miss it. */
    boolean isHeard() {
        return hear > 0 && !isLost();
    }

    /** Which share of those who have something to say miss it. */
    double missing() {
        return hear + miss == 0 ? 0 : (double) miss / (hear + miss);
    }
}
