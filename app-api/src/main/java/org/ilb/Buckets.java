package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.MoreObjects;
import java.time.Duration;
import java.util.Objects;

/**
 * How a service's connections are gathered into buckets: by some bits of the client's port. All connections of a bucket share
 * owner, backup, server and one wildcard rule at each ILB, so that a new one costs no packet-in.
 *
 * <p>Immutable and thread-safe.
 */
public final class Buckets {

    /** The fewest bits that make buckets. */
    public static final int MIN_BITS = 4;

    /** The most bits that make buckets. */
    public static final int MAX_BITS = 10;

    /** When buckets get their servers. */
    public enum Binding {
        /** When the service is configured: the servers share the buckets by weight. */
        AHEAD,
        /** When a bucket's first connection begins: until then no switch has a rule of it. */
        LAZY
    }

    private final int portMask;
    private final Binding binding;
    private final Duration moveSynAfter;
    private final Duration movePinAfter;
    private final int moving;

    /**
     * Creates a granularity.
     *
     * @param portMask the bits of the client's port that tell buckets apart: 4 to 10 of them, never the lowest, because
     *     clients prefer even ports
     * @param binding when buckets get their servers
     * @param moveSynAfter how long after a bucket began to move its new connections still go to its former server: a SYN
     *     that is sent again, because the first was not answered in time, meets the same server
     * @param movePinAfter how long after that its wildcard rule serves the former connections, before each that is left is
     *     pinned by an exact rule
     * @param moving how many buckets move together at most
     */
    public Buckets(int portMask, Binding binding, Duration moveSynAfter, Duration movePinAfter, int moving) {
        checkArgument(portMask > 0 && portMask <= 0xffff, "portMask %s is no mask of a port", portMask);
        checkArgument((portMask & 1) == 0, "portMask %s has the lowest bit: clients prefer even ports", portMask);
        int bits = Integer.bitCount(portMask);
        checkArgument(bits >= MIN_BITS && bits <= MAX_BITS, "portMask %s has %s bits, not 4 to 10", portMask, bits);
        checkArgument(moving > 0, "moving must be at least 1, not %s", moving);
        this.portMask = portMask;
        this.binding = checkNotNull(binding);
        this.moveSynAfter = checkNotNull(moveSynAfter);
        this.movePinAfter = checkNotNull(movePinAfter);
        this.moving = moving;
    }

    /**
     * Returns which bits of the client's port tell buckets apart.
     *
     * @return a mask of 4 to 10 bits, the lowest clear
     */
    public int portMask() {
        return portMask;
    }

    /**
     * Returns how many buckets there are.
     *
     * @return 16 to 1024
     */
    public int count() {
        return 1 << Integer.bitCount(portMask);
    }

    /**
     * Returns when buckets get their servers.
     *
     * @return the time of binding
     */
    public Binding binding() {
        return binding;
    }

    /**
     * Returns how long new connections of a moving bucket still go to its former server.
     *
     * @return the time, perhaps zero
     */
    public Duration moveSynAfter() {
        return moveSynAfter;
    }

    /**
     * Returns how long, from then on, a moving bucket's wildcard rule serves the former connections.
     *
     * @return the time, perhaps zero
     */
    public Duration movePinAfter() {
        return movePinAfter;
    }

    /**
     * Returns how many buckets move together.
     *
     * @return the largest number, at least 1
     */
    public int moving() {
        return moving;
    }

    /**
     * Returns the index of the bucket that a client's port falls into: its masked bits, put together.
     *
     * @param sourcePort a client's TCP port
     * @return 0 to {@link #count()} - 1
     */
    public int index(int sourcePort) {
        int index = 0;
        int position = 0;
        for (int rest = portMask; rest != 0; rest &= rest - 1) {
            if ((sourcePort & Integer.lowestOneBit(rest)) != 0) {
                index |= 1 << position;
            }
            position++;
        }
        return index;
    }

    /**
     * Returns the client port bits of a bucket, the inverse of {@link #index}.
     *
     * @param index 0 to {@link #count()} - 1
     * @return the bits, none outside of {@link #portMask()}
     */
    public int port(int index) {
        checkArgument(index >= 0 && index < count(), "there is no bucket %s of %s", index, count());
        int port = 0;
        int position = 0;
        for (int rest = portMask; rest != 0; rest &= rest - 1) {
            if ((index & 1 << position) != 0) {
                port |= Integer.lowestOneBit(rest);
            }
            position++;
        }
        return port;
    }

    @Override
    public int hashCode() {
        return Objects.hash(portMask, binding, moveSynAfter, movePinAfter, moving);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Buckets)) {
            return false;
        }
        Buckets that = (Buckets) other;
        return portMask == that.portMask
                && binding == that.binding
                && moveSynAfter.equals(that.moveSynAfter)
                && movePinAfter.equals(that.movePinAfter)
                && moving == that.moving;
    }

    @Override
    public String toString() {
        return MoreObjects.toStringHelper(this)
                .add("portMask", String.format("0x%04x", portMask))
                .add("binding", binding)
                .add("moveSynAfter", moveSynAfter)
                .add("movePinAfter", movePinAfter)
                .add("moving", moving)
                .toString();
    }
}
