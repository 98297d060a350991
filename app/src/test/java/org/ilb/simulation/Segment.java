package org.ilb.simulation;

import org.ilb.FlowKey;

/** A client's segment. */
final class Segment {

    enum Kind {
        SYN,
        /** Data or a mere acknowledgement. */
        OTHER,
        FIN,
        RST
    }

    final Client client;
    final FlowKey key;
    final Kind kind;
    final int epoch;
    final int initialSequence;
    final int sequence;
    /** What the client said with it: an answer to something that was said before is an answer to nothing. */
    final int turn;

    final long sentAt;
    private final boolean relayed;

    Segment(Client client, Kind kind, int epoch, int initialSequence, int sequence, int turn, long sentAt) {
        this(client, kind, epoch, initialSequence, sequence, turn, sentAt, false);
    }

    private Segment(
            Client client,
            Kind kind,
            int epoch,
            int initialSequence,
            int sequence,
            int turn,
            long sentAt,
            boolean relayed) {
        this.client = client;
        this.key = client.key();
        this.kind = kind;
        this.epoch = epoch;
        this.initialSequence = initialSequence;
        this.sequence = sequence;
        this.turn = turn;
        this.sentAt = sentAt;
        this.relayed = relayed;
    }

    boolean isSyn() {
        return kind == Kind.SYN;
    }

    /** The segment after one ILB relayed it to another. */
    Segment relayed() {
        return new Segment(client, kind, epoch, initialSequence, sequence, turn, sentAt, true);
    }

    /** Whether it came from another ILB: then no rule relays it on, so that nothing goes in circles. */
    boolean isRelayed() {
        return relayed;
    }

    @Override
    public String toString() {
        return kind + " of epoch " + epoch + " (" + Integer.toUnsignedString(initialSequence) + ") of " + key;
    }
}
