package org.ilb.membership;

import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.ilb.IlbId;

/**
 * Tells a message that is heard for the first time from one that is heard again: within a boot epoch sequence numbers grow,
 * and an epoch that was followed by another does not come back. Of two genuine messages that overtook each other only the
 * later one counts, which costs nothing, as it says the same.
 *
 * <p>It remembers one message for each pair of known ILBs, so that its size is bounded. Not thread-safe.
 */
public final class ReplayGuard {

    private final Map<Pairing, IdMessage> last = new HashMap<>();
    private final Map<IlbId, Long> floors = new HashMap<>();
    private ImmutableSet<IlbId> known = ImmutableSet.of();

    /**
     * Says which ILBs there are; messages from or to others are not accepted.
     *
     * @param ilbs the ILBs
     */
    public void configure(Set<IlbId> ilbs) {
        known = ImmutableSet.copyOf(ilbs);
        last.values().removeIf(message -> !known.contains(message.sender()) || !known.contains(message.hearer()));
        floors.keySet().retainAll(known);
    }

    /**
     * Says that an ILB begins to send, so that nothing counts that it sent before: not even messages that were captured
     * before this guard was there to hear them.
     *
     * @param sender the ILB
     * @param epoch the boot epoch that it begins
     */
    public void begins(IlbId sender, long epoch) {
        floors.put(sender, epoch);
    }

    /**
     * Takes note of a genuine message.
     *
     * @param message the message
     * @return true if it is new, false if it changes nothing
     */
    public boolean accept(IdMessage message) {
        if (!known.contains(message.sender())
                || !known.contains(message.hearer())
                || message.epoch() < floors.getOrDefault(message.sender(), Long.MIN_VALUE)) {
            return false;
        }
        Pairing pairing = new Pairing(message.sender(), message.hearer());
        IdMessage before = last.get(pairing);
        boolean isNew = before == null
                || message.epoch() > before.epoch()
                || message.epoch() == before.epoch() && message.sequence() > before.sequence();
        if (isNew) {
            last.put(pairing, message);
        }
        return isNew;
    }
}
