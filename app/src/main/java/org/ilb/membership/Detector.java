package org.ilb.membership;

import com.google.common.collect.ImmutableMap;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ilb.Absence;
import org.ilb.IlbId;
import org.ilb.Settings;

/**
 * Finds out which ILBs are out, from ID messages (claim 16) and from their switches' connections, whichever is first.
 *
 * <ul>
 *   <li>Who is configured is in, until known better: a restart of the controller moves nothing. A switch that has not come
 *       {@link #START_NANOS} after the start is away.
 *   <li>An ILB whose switch goes is out at once.
 *   <li>An ILB is out when a majority of its hearers missed it: for period × misses, of those who can be believed
 *       ({@link Listening}). Where several fall silent at once the controller or its network is suspected first, and it takes
 *       twice as long. One after the other goes, the most missed first, and who is out is no hearer any more: so of two
 *       parts that do not hear each other one stays.
 *   <li>After a pause of its own ({@link #tick} comes late) everything silent gets the whole time again.
 *   <li>A switch that comes back is in when its first message is heard, or after {@link #RETURN_NANOS} where messages
 *       are not to be had. Who was silent must be heard for twice the time in which silence is noticed. Who flaps is
 *       held down ({@link HoldDown}).
 *   <li>The last member never goes; and while no member has a switch, whoever has one is in without waiting.
 * </ul>
 *
 * <p>Times in nanoseconds of any clock that only goes forward. Not thread-safe.
 */
public final class Detector {

    /** How long after the start a switch may take to come. */
    public static final long START_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** How long after its return a switch waits for its first ID message to be heard. */
    public static final long RETURN_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A tick that comes so many periods after the one before says that the controller stood still. */
    private static final int LATE_PERIODS = 3;

    private final long start;
    private final Map<IlbId, Member> members = new TreeMap<>();
    private final Audience audience = new Audience();

    private Settings settings = Settings.builder(0).build();
    private Patience doubt = Patience.of(settings, 1);
    private Patience patience = Patience.of(settings, 2);
    private Patience doubled = Patience.of(settings, 4);
    private boolean ticked;
    private long lastTick;
    private long stalls;

    /** What is known of one ILB. */
    private static final class Member {
        private final HoldDown holdDown = new HoldDown();
        private boolean in = true;
        private boolean connected;
        private boolean everConnected;
        private long connectedAt;
        /** Why the ILB went out. */
        private Absence reason;
        /** While the ILB is out: whether, and since when, nothing speaks against its return. */
        private boolean sound;

        private long soundSince;

        Absence absence() {
            if (!connected) {
                return Absence.AWAY;
            }
            return sound ? Absence.HELD_DOWN : reason;
        }
    }

    /**
     * Creates a detector that knows of no ILB.
     *
     * @param now the time
     */
    public Detector(long now) {
        this.start = now;
    }

    /**
     * Says which ILBs there are; of those that stay everything is remembered.
     *
     * @param ilbs the configured ILBs
     * @param newSettings period, misses, hearers and hold-down
     * @param now the time
     */
    public void configure(Set<IlbId> ilbs, Settings newSettings, long now) {
        settings = newSettings;
        doubt = Patience.of(settings, 1);
        patience = Patience.of(settings, 2);
        doubled = Patience.of(settings, 4);
        members.keySet().retainAll(ilbs);
        ilbs.forEach(ilb -> members.computeIfAbsent(ilb, each -> new Member()));
        audience.restart(now);
        ticked = false;
        pair(now);
    }

    /**
     * Takes note whether a controller has an ILB's switch.
     *
     * @param ilb the ILB; one that is not configured is ignored
     * @param connected whether its switch is connected
     * @param now the time
     */
    public void connected(IlbId ilb, boolean connected, long now) {
        Member member = members.get(ilb);
        if (member == null || member.connected == connected) {
            return;
        }
        member.connected = connected;
        if (connected) {
            member.everConnected = true;
            member.connectedAt = now;
        }
        pair(now);
    }

    /**
     * Takes note of a genuine, new message.
     *
     * @param sender who sent it
     * @param hearer who heard it
     * @param now the time
     */
    public void heard(IlbId sender, IlbId hearer, long now) {
        audience.heard(sender, hearer, now);
    }

    /**
     * Draws the conclusions. To be called at least once a period, and after {@link #connected}.
     *
     * @param now the time
     * @return who is out, and why
     */
    public Map<IlbId, Absence> tick(long now) {
        if (ticked && now - lastTick > LATE_PERIODS * settings.idPeriod().toNanos()) {
            stalls++;
            audience.restart(now);
        }
        ticked = true;
        lastTick = now;
        admit(now);
        expelAway(now);
        expelSilent(now);
        return out();
    }

    /**
     * Returns who is out, as the last tick found.
     *
     * @return the ILBs, and why
     */
    public Map<IlbId, Absence> out() {
        ImmutableMap.Builder<IlbId, Absence> out = ImmutableMap.builder();
        members.forEach((ilb, member) -> {
            if (!member.in) {
                out.put(ilb, member.absence());
            }
        });
        return out.build();
    }

    /**
     * Returns who is to be sent an ILB's messages.
     *
     * @param sender an ILB
     * @return the hearers, none if the ILB's switch is not connected
     */
    public Set<IlbId> hearers(IlbId sender) {
        return audience.hearers(sender);
    }

    /**
     * Returns how often the controller stood still.
     *
     * @return how many ticks came late
     */
    public long stalls() {
        return stalls;
    }

    /** Finds out anew who hears whom; what was heard between two who stay is remembered. */
    private void pair(long now) {
        Set<IlbId> hearers = select(member -> member.in && member.connected);
        audience.arrange(select(member -> member.connected), new HearingRing(hearers, settings.idHearers()), now);
    }

    private Set<IlbId> select(Predicate<Member> predicate) {
        return members.entrySet().stream()
                .filter(entry -> predicate.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private void admit(long now) {
        boolean nobody = select(member -> member.in && member.connected).isEmpty();
        boolean changed = false;
        for (Map.Entry<IlbId, Member> entry : members.entrySet()) {
            Member member = entry.getValue();
            if (member.in) {
                continue;
            }
            boolean sound = isSound(entry.getKey(), member, now);
            if (sound && !member.sound) {
                member.soundSince = now;
            }
            member.sound = sound;
            if (nobody && member.connected || sound && now - member.soundSince >= probation(member)) {
                member.in = true;
                member.sound = false;
                member.holdDown.in(now);
                changed = true;
            }
        }
        if (changed) {
            pair(now);
        }
    }

    private boolean isSound(IlbId ilb, Member member, long now) {
        if (!member.connected) {
            return false;
        }
        if (settings.idHearers() == 0) {
            return true;
        }
        if (member.reason == Absence.SILENT) {
            return audience.poll(ilb, patience, now).isHeard();
        }
        return now - member.connectedAt >= RETURN_NANOS || audience.wasHeard(ilb);
    }

    private long probation(Member member) {
        long holdDown = member.holdDown.time(settings.holdDown().toNanos());
        return member.reason == Absence.SILENT ? Math.max(2 * patience.nanos(), holdDown) : holdDown;
    }

    private void expelAway(long now) {
        boolean late = now - start >= START_NANOS;
        for (Member member : members.values()) {
            if (member.in && !member.connected && (member.everConnected || late)) {
                expel(member, Absence.AWAY, now);
            }
        }
    }

    private void expelSilent(long now) {
        Optional<IlbId> silent = mostMissed(now);
        while (silent.isPresent() && expel(members.get(silent.get()), Absence.SILENT, now)) {
            silent = mostMissed(now);
        }
    }

    private Optional<IlbId> mostMissed(long now) {
        Set<IlbId> present = select(member -> member.in && member.connected);
        long doubtful = present.stream()
                .filter(ilb -> audience.poll(ilb, doubt, now).isLost())
                .count();
        Patience needed = doubtful > 1 ? doubled : patience;
        return present.stream()
                .filter(ilb -> audience.poll(ilb, needed, now).isLost())
                .max(Comparator.<IlbId>comparingDouble(
                                ilb -> audience.poll(ilb, needed, now).missing())
                        .thenComparingLong(ilb -> audience.silence(ilb, now))
                        .thenComparing(Comparator.reverseOrder()));
    }

    /** Puts an ILB out, unless it is the last. */
    private boolean expel(Member member, Absence reason, long now) {
        if (select(each -> each.in).size() == 1) {
            return false;
        }
        member.in = false;
        member.sound = false;
        member.reason = reason;
        member.holdDown.out(settings.holdDown().toNanos(), now);
        pair(now);
        return true;
    }
}
