package org.ilb.membership;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.ilb.IlbId;

/** Who listens to whom, and what everyone hears. Times in nanoseconds. Not thread-safe. */
final class Audience {

    /** By sender, then by hearer. */
    private Map<IlbId, Map<IlbId, Listening>> bySender = ImmutableMap.of();
    /** The same by hearer, then by sender. */
    private Map<IlbId, Map<IlbId, Listening>> byHearer = ImmutableMap.of();

    /** Arranges anew who hears whom; what was heard between two who stay together is remembered. */
    void arrange(Set<IlbId> senders, HearingRing ring, long now) {
        Map<IlbId, Map<IlbId, Listening>> before = bySender;
        bySender = new HashMap<>();
        byHearer = new HashMap<>();
        for (IlbId sender : senders) {
            Map<IlbId, Listening> known = before.getOrDefault(sender, ImmutableMap.of());
            for (IlbId hearer : ring.hearers(sender)) {
                Listening listening = known.getOrDefault(hearer, new Listening(now));
                bySender.computeIfAbsent(sender, each -> new HashMap<>()).put(hearer, listening);
                byHearer.computeIfAbsent(hearer, each -> new HashMap<>()).put(sender, listening);
            }
        }
    }

    /** A message was heard; pairs that are not arranged are ignored. */
    void heard(IlbId sender, IlbId hearer, long now) {
        Listening heard = listeningsTo(sender).get(hearer);
        if (heard == null) {
            return;
        }
        heard.heard(now);
        byHearer.get(hearer).forEach((other, listening) -> {
            if (!other.equals(sender)) {
                listening.heardOther(sender);
            }
        });
    }

    /** Forgets what silence there was. */
    void restart(long now) {
        bySender.values().forEach(hearers -> hearers.values().forEach(listening -> listening.restart(now)));
    }

    Set<IlbId> hearers(IlbId sender) {
        return ImmutableSet.copyOf(listeningsTo(sender).keySet());
    }

    Poll poll(IlbId sender, Patience patience, long now) {
        int hear = 0;
        int miss = 0;
        for (Listening listening : listeningsTo(sender).values()) {
            if (listening.hears(now, patience)) {
                hear++;
            } else if (listening.misses(now, patience)) {
                miss++;
            }
        }
        return new Poll(hear, miss);
    }

    /** Whether anyone heard an ILB since it began to send. */
    boolean wasHeard(IlbId sender) {
        return listeningsTo(sender).values().stream().anyMatch(Listening::wasHeard);
    }

    /** How long nobody has heard an ILB. */
    long silence(IlbId sender, long now) {
        return listeningsTo(sender).values().stream()
                .mapToLong(listening -> listening.silence(now))
                .min()
                .orElse(0);
    }

    private Map<IlbId, Listening> listeningsTo(IlbId sender) {
        return bySender.getOrDefault(sender, ImmutableMap.of());
    }
}
