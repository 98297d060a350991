package org.ilb.frontend;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.ilb.FlowKey;
import org.ilb.IlbId;

/**
 * Who gets a rule at an ILB that has as many as it may: a connection that shows itself busy, and no more of them than can be
 * told from the idle ones.
 *
 * <p>A rule for an idle connection's one segment would cost two changes of the flow table and somebody else's rule, when sending
 * the segment on from here costs one message. So a connection first comes up a few times within a short while. And a switch says only
 * every few seconds which rules are used: a table that is replaced faster than that loses the busy ones' rules blindly, all
 * the more as each of them then comes up and asks for another's place. So evictions for known connections are paced.
 *
 * <p>What is remembered is bounded; forgetting costs a packet-in. Thread-safe; never blocks for long.
 */
final class Admission {

    /** An idle connection that speaks once sends a segment and acknowledges the answer. */
    private static final int VISITS_BEFORE = 2;

    /** A connection that closes has little more to say, even if it must say it again. */
    private static final int VISITS_BEFORE_CLOSING = 8;

    /** How often ONOS asks switches what was used. */
    private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int REMEMBERED = 20_000;

    private final LongSupplier nanoTime;
    private final Cache<FlowKey, AtomicInteger> visits;
    private final Map<IlbId, AtomicLong> paces = new ConcurrentHashMap<>();

    Admission(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.visits = CacheBuilder.newBuilder()
                .maximumSize(REMEMBERED)
                .expireAfterWrite(POLL_NANOS, TimeUnit.NANOSECONDS)
                .ticker(new Ticker() {
                    @Override
                    public long read() {
                        return nanoTime.getAsLong();
                    }
                })
                .build();
    }

    /**
     * A segment of a connection without a rule came up at an ILB that has no room.
     *
     * @param ilb the ILB
     * @param key the connection
     * @param closing whether the connection is coming to its end
     * @param bound how many rules the ILB may have
     * @return whether the connection is to get a rule in the place of another's
     */
    boolean admits(IlbId ilb, FlowKey key, boolean closing, int bound) {
        AtomicInteger known = visits.getIfPresent(key);
        if (known == null) {
            visits.put(key, new AtomicInteger(1));
            return false;
        }
        return known.incrementAndGet() > (closing ? VISITS_BEFORE_CLOSING : VISITS_BEFORE) && inPace(ilb, bound);
    }

    /** Half a table within the time in which switches say once what was used; a tenth of that at once. */
    private boolean inPace(IlbId ilb, int bound) {
        long interval = 2 * POLL_NANOS / bound;
        long burst = POLL_NANOS / 5;
        long now = nanoTime.getAsLong();
        AtomicLong nextAt = paces.computeIfAbsent(ilb, id -> new AtomicLong(now));
        while (true) {
            long due = nextAt.get();
            // Compared by difference, as times may be of any sign.
            long from = due - now > 0 ? due : now;
            if (from - now > burst) {
                return false;
            }
            if (nextAt.compareAndSet(due, from + interval)) {
                return true;
            }
        }
    }
}
