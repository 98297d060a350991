package org.ilb.connection;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.UnknownConnection;
import org.ilb.View;
import org.ilb.association.Cache;
import org.ilb.association.Ltoc;
import org.ilb.connection.Verdict.Reason;
import org.ilb.election.Electorate;
import org.ilb.membership.TransferTable;
import org.ilb.membership.ViewChange;
import org.ilb.server.SelectionPolicy;

/**
 * One individual load balancer: what it knows and what it decides (claims 10 to 15, 17 and 18).
 *
 * <p>Thread-safe and without locks across connections, provided that calls about the same connection do not overlap. The
 * view may change at any time, from any one thread.
 */
public final class LoadBalancer {

    private final IlbId self;
    private final Ltoc ltoc;
    private final Cache cache;
    private volatile Seat seat;
    /** The electorate of the previous view: its owners and backups may know what the store lost. */
    private volatile Electorate former;

    private volatile SelectionPolicy servers;

    /**
     * Whether the cache may have something that this ILB owns or backs up: what it had when it entered the view and has not heard
     * of since. Seldom, and so what is heard is seldom looked for in the cache, which would be a miss of the processor's caches.
     */
    private volatile boolean cachesOwn;

    /**
     * Creates an ILB that knows no connection.
     *
     * @param self its id
     * @param electorate the view that it starts in; it need not be a member
     * @param cacheSize how many associations it caches that it neither owns nor backs up, 0 for none (claim 15)
     * @param servers selects the servers of the connections that it owns
     */
    public LoadBalancer(IlbId self, Electorate electorate, int cacheSize, SelectionPolicy servers) {
        this.self = checkNotNull(self);
        this.ltoc = new Ltoc(self);
        this.cache = new Cache(cacheSize);
        this.seat = new Seat(self, electorate);
        this.former = electorate;
        this.servers = checkNotNull(servers);
    }

    /**
     * Returns which ILB this is.
     *
     * @return its id
     */
    public IlbId id() {
        return self;
    }

    /**
     * Returns the view that this ILB decides in.
     *
     * @return the view
     */
    public View view() {
        return seat.electorate().view();
    }

    /**
     * Returns the lookup table of owned connections.
     *
     * @return the live table, to be read
     */
    public Ltoc ltoc() {
        return ltoc;
    }

    /**
     * Returns the cache.
     *
     * @return the live cache, to be read
     */
    public Cache cache() {
        return cache;
    }

    /**
     * Selects servers by another policy from now on. Connections that have a server keep it.
     *
     * @param policy the policy
     */
    public void servers(SelectionPolicy policy) {
        this.servers = checkNotNull(policy);
    }

    /**
     * Receives a SYN (claim 13): computes the scores, determines owner and backup, and checks whether this ILB is the
     * owner. If it is, it decides; if not, the SYN is for the owner.
     *
     * @param key the connection
     * @param initialSequence the SYN's sequence number
     * @return hand off, forward, create, or drop
     */
    public Verdict syn(FlowKey key, int initialSequence) {
        Seat now = seat;
        long elected = now.electorate().elect(key);
        return now.isOwner(elected) ? own(now, elected, key, initialSequence) : now.handOff(elected);
    }

    /**
     * Receives a segment that is not a SYN (claims 14 and 15). If this ILB is owner or backup the LTOC names the server,
     * else the cache does; a miss, or no cache, is for the owner.
     *
     * @param key the connection
     * @return forward, hand off, ask the store, or drop
     */
    public Verdict segment(FlowKey key) {
        Seat now = seat;
        long elected = now.electorate().elect(key);
        if (now.isOwner(elected) || now.isBackup(elected)) {
            Association known = ltoc.get(key);
            return known != null ? Verdict.forward(known) : Verdict.askStore();
        }
        Association cached = cache.get(key);
        return cached != null ? Verdict.forward(cached) : now.handOff(elected);
    }

    /**
     * Says what would become of a segment that is not a SYN, and changes nothing, not even what was used last: what a rule
     * that stands at this ILB ought to do.
     *
     * @param key the connection
     * @return forward where LTOC or cache name the server; hand off where its owner is to be asked, or ask the store if that is
     *     this ILB; drop where nobody owns anything
     */
    public Verdict route(FlowKey key) {
        Seat now = seat;
        long elected = now.electorate().elect(key);
        if (now.isOwner(elected) || now.isBackup(elected)) {
            Association known = ltoc.get(key);
            return known != null ? Verdict.forward(known) : Verdict.askStore();
        }
        Association cached = cache.peek(key);
        return cached != null ? Verdict.forward(cached) : now.handOff(elected);
    }

    /**
     * Is handed a segment by the ILB that received it (claims 1 and 13). For a SYN both must be in the same view, else the
     * other elects again. The verdict is the answer; the receiving ILB caches an association in it by {@link #learnt}.
     *
     * @param message the segment and the view in which the other elected this ILB
     * @return forward, create, elect again, ask the store, or drop
     */
    public Verdict handedOff(HandedOff message) {
        FlowKey key = message.key();
        if (!message.isSyn()) {
            // The server of a connection does not depend on the view: who knows it answers, who does not asks.
            Association known = known(key);
            return known != null ? Verdict.forward(known) : Verdict.askStore();
        }
        Seat now = seat;
        if (message.view() != now.view()) {
            return Verdict.electAgain(now.view());
        }
        long elected = now.electorate().elect(key);
        return now.isOwner(elected)
                ? own(now, elected, key, message.initialSequence())
                : Verdict.electAgain(now.view());
    }

    /**
     * Decides about a SYN as its owner: a retransmission keeps its server, a new connection gets one.
     *
     * <p>A SYN with another initial sequence number is a new connection if the one that has its key is closing. Else it may be
     * one, too: its client has done with the former, and the signs of that are still on their way here. If its number is the
     * later one, as it then is (RFC 1122, 4.2.2.13), it becomes an epoch of its own, so that the end of the former does not end
     * it, and keeps the server, which knows best what to make of it. A SYN with an earlier number is a stray.
     */
    private Verdict own(Seat now, long elected, FlowKey key, int initialSequence) {
        Association known = ltoc.get(key);
        if (known == null) {
            return propose(now, elected, key, servers.select(key), initialSequence, null);
        }
        if (known.initialSequence() == initialSequence) {
            return Verdict.forward(known);
        }
        if (known.state() == AssociationState.CLOSING) {
            return propose(now, elected, key, servers.select(key), initialSequence, known);
        }
        return initialSequence - known.initialSequence() > 0
                ? propose(now, elected, key, Optional.of(known.server()), initialSequence, known)
                : Verdict.forward(known);
    }

    private static Verdict propose(
            Seat now, long elected, FlowKey key, Optional<Endpoint> server, int initialSequence, Association former) {
        if (!server.isPresent()) {
            return Verdict.drop(Reason.NO_SERVER);
        }
        Association proposal = new Association(
                key, server.get(), now.owner(elected), now.backup(elected), now.view(), initialSequence);
        if (former == null) {
            return Verdict.create(proposal);
        }
        // A connection that is not closing lives on if the SYN was nobody's (RFC 5961): it must not have to answer
        // anew.
        boolean living = former.state() != AssociationState.CLOSING;
        return Verdict.supersede(former, living ? proposal.in(former.state()) : proposal);
    }

    /**
     * Is told what stands in the store after this ILB proposed an association, be it its own proposal or the one that won.
     *
     * @param standing what stands
     * @return forward
     */
    public Verdict decided(Association standing) {
        heard(standing);
        return Verdict.forward(standing);
    }

    /**
     * Is told what stands in the store in place of one of an older epoch: the proposal of this ILB or of another, or what won
     * against it. Every ILB is told, before the new connection's SYN goes on: what any of them knew of the former is gone.
     *
     * @param former the association of the older epoch
     * @param standing what stands
     * @return forward
     */
    public Verdict superseded(Association former, Association standing) {
        ended(former);
        return decided(standing);
    }

    /**
     * Is told the store's answer after a miss.
     *
     * @param key the connection
     * @param answer what the store has, empty if it has nothing
     * @param settled false while the view or the store is not to be trusted to know everything
     * @param reaction what the service does about unknown connections
     * @param adoption selects the server of a connection that is adopted
     * @return forward, ask the former owner and backup, or what is done about an unknown connection
     */
    public Verdict stored(
            FlowKey key,
            Optional<Association> answer,
            boolean settled,
            UnknownConnection reaction,
            SelectionPolicy adoption) {
        if (answer.isPresent()) {
            return decided(answer.get());
        }
        List<IlbId> others = formerOwnerAndBackup(key);
        return others.isEmpty() ? unknown(key, settled, reaction, adoption) : Verdict.askFormer(others);
    }

    private List<IlbId> formerOwnerAndBackup(FlowKey key) {
        Electorate previous = former;
        List<IlbId> others = new ArrayList<>();
        if (previous.view().number() != seat.view()) {
            long elected = previous.elect(key);
            for (int index : new int[] {Electorate.owner(elected), Electorate.backup(elected)}) {
                if (index != Electorate.NOBODY && !previous.member(index).equals(self)) {
                    others.add(previous.member(index));
                }
            }
        }
        return others;
    }

    /**
     * Is asked, by an ILB that owns or backs up a connection now, what this one knows of it.
     *
     * @param key the connection
     * @return its association, or null
     */
    public Association known(FlowKey key) {
        Association known = ltoc.get(key);
        return known != null ? known : cache.get(key);
    }

    /**
     * Is told what the owner and the backup of the previous view answered. What they know and the store does not is put into
     * the store.
     *
     * @param key the connection
     * @param answer what they know, empty if nothing
     * @param settled false while the view or the store is not to be trusted to know everything
     * @param reaction what the service does about unknown connections
     * @param adoption selects the server of a connection that is adopted
     * @return create, or what is done about an unknown connection
     */
    public Verdict formerly(
            FlowKey key,
            Optional<Association> answer,
            boolean settled,
            UnknownConnection reaction,
            SelectionPolicy adoption) {
        return answer.isPresent()
                ? Verdict.create(ViewChange.elected(seat.electorate(), answer.get()))
                : unknown(key, settled, reaction, adoption);
    }

    private Verdict unknown(FlowKey key, boolean settled, UnknownConnection reaction, SelectionPolicy adoption) {
        Association known = known(key);
        if (known != null) {
            // Its SYN came while this segment's question was on its way.
            return Verdict.forward(known);
        }
        if (!settled) {
            return Verdict.drop(Reason.UNSETTLED);
        }
        switch (reaction) {
            case ADOPT:
                Seat now = seat;
                long elected = now.electorate().elect(key);
                return Electorate.owner(elected) == Electorate.NOBODY
                        ? Verdict.drop(Reason.NO_ILB)
                        : propose(now, elected, key, adoption.select(key), 0, null);
            case DROP:
                return Verdict.drop(Reason.UNKNOWN);
            case RESET:
            default:
                return Verdict.reset();
        }
    }

    /**
     * Hears of an association that an owner published (claim 13). Owner and backup store it in their LTOC. Any other
     * corrects what its cache has of the connection, and caches nothing new: what is worth caching is what comes by here.
     *
     * <p>A table that has an association of another epoch believes neither, and forgets both.
     *
     * @param association what stands now
     */
    public void heard(Association association) {
        place(association, false);
    }

    /**
     * Learns the association of a segment that came by here, and caches it unless it belongs into the LTOC (claims 12
     * and 13: "optionally caching").
     *
     * @param association the owner's answer to a hand-off
     * @return the association of another connection that had to leave the cache for it, or null: a rule of this ILB may still
     *     do as that one said
     */
    public Association learnt(Association association) {
        Seat now = seat;
        if (association.view() != now.view() || now.concerns(association)) {
            return place(association, true);
        }
        Association evicted = cache.put(association);
        if (seat != now) {
            // The view changed meanwhile, and looked through the cache perhaps too early to see the entry.
            cache.remove(association.key());
            Association another = place(association, true);
            evicted = evicted == null ? another : evicted;
        }
        return evicted;
    }

    private Association place(Association association, boolean cameBy) {
        Seat now = seat;
        long elected = now.electorate().elect(association.key());
        return place(ViewChange.elected(now.electorate(), elected, association), now, elected, cameBy);
    }

    /**
     * Hears of an association that somebody elected owner and backup of already.
     *
     * @param association as the electorate elected it
     * @param electorate who elected: the view of this ILB, or one that it has left or will soon enter
     * @param elected the outcome
     */
    void heard(Association association, Electorate electorate, long elected) {
        Seat now = seat;
        if (now.electorate() == electorate) {
            place(association, now, elected, false);
        } else if (now.view() < electorate.view().number() && association.concerns(self)) {
            // In a moment this ILB enters that view, and what it then finds here it keeps.
            ltoc.hear(association);
            if (seat != now) {
                heard(association);
            }
        } else {
            heard(association);
        }
    }

    /** Puts an association where it belongs; returns what left the cache for it, or null. */
    private Association place(Association mine, Seat now, long elected, boolean cameBy) {
        Association evicted = null;
        Association known = mine;
        if (now.isOwner(elected) || now.isBackup(elected)) {
            known = ltoc.hear(mine);
            if (cachesOwn) {
                cache.remove(mine.key());
            }
        } else if (cameBy) {
            evicted = cache.put(mine);
        } else {
            cache.correct(mine);
        }
        if (seat != now && known != null) {
            // The view changed meanwhile, and its scan of the LTOC may have come too early to see the entry.
            ltoc.remove(mine.key());
            cache.remove(mine.key());
            Association another = place(known, cameBy);
            evicted = evicted == null ? another : evicted;
        }
        return evicted;
    }

    /**
     * Is told that a connection has got into another state, or that another ILB receives it.
     *
     * @param changed the association with the new state and receiving ILB; owner, backup and view are none of what changes
     * @return what the LTOC has of the connection now; null if it has nothing, or something of another epoch
     */
    public Association update(Association changed) {
        while (true) {
            Association known = ltoc.get(changed.key());
            if (known == null || !known.isSameEpoch(changed)) {
                return null;
            }
            Association now = known.in(changed.state());
            if (changed.receiver().isPresent()) {
                now = now.receivedBy(changed.receiver().get());
            }
            // Else the view changed it at the very same time.
            if (now == known || ltoc.replace(known, now)) {
                return now;
            }
        }
    }

    /**
     * Hears that a connection has ended: LTOC and cache drop it. The end of an older epoch, one with another initial
     * sequence number, changes nothing.
     *
     * @param association what ended
     */
    public void ended(Association association) {
        // In one step: between a look and a removal the view might give it another owner, and it would stay for ever.
        ltoc.end(association);
        cache.remove(association);
    }

    /**
     * Hears that a connection has ended, from somebody who elected its owner and backup already.
     *
     * @param association what ended
     * @param electorate who elected
     * @param elected the outcome
     */
    void ended(Association association, Electorate electorate, long elected) {
        Seat now = seat;
        if (now.electorate() != electorate || now.isOwner(elected) || now.isBackup(elected)) {
            ended(association);
        } else {
            // What others own is not in this LTOC, so that it need not be looked at.
            cache.remove(association);
        }
    }

    /**
     * Enters another view (claims 17 and 18). The cache drops what points at an ILB that left. In the LTOC only those
     * associations change whose owner or backup does: this ILB becomes or stays owner or backup, or drops them.
     *
     * @param next the electorate of the new view
     * @return what this ILB has to tell others, perhaps nothing
     */
    public TransferTable change(Electorate next) {
        Seat before = seat;
        ViewChange change = new ViewChange(before.electorate(), next);
        Seat now = new Seat(self, next);
        former = before.electorate();
        // Until it is known, whatever is heard in the new view is looked for.
        cachesOwn = true;
        seat = now;
        if (!change.left().isEmpty()) {
            cache.removeIf(association -> change.flushes(association.key()));
        }
        cachesOwn = cache.anyMatch(association -> now.isMine(association.key()));
        List<Association> transfers = new ArrayList<>();
        for (Association association : ltoc.select(change::moves)) {
            Association transfer = step(association, change, now);
            if (transfer != null) {
                transfers.add(transfer);
            }
        }
        return new TransferTable(self, now.view(), change.recipients(), transfers);
    }

    /** Takes an association of the LTOC into another view; returns it if others are to be told. */
    private Association step(Association association, ViewChange change, Seat now) {
        Association before = association;
        while (before != null) {
            Association elected = change.of(before);
            if (elected == before) {
                return null;
            }
            if (now.concerns(elected) ? ltoc.replace(before, elected) : ltoc.remove(before)) {
                boolean told =
                        change.lists(self, before, elected) && !change.left().contains(self);
                return told ? elected : null;
            }
            // It got into another state meanwhile, or gave way to another.
            before = ltoc.get(association.key());
        }
        return null;
    }

    /**
     * Is told of an association that another ILB transferred (claims 17 and 18).
     *
     * @param association as the sender's view elects it
     */
    public void transferred(Association association) {
        heard(association);
    }

    @Override
    public String toString() {
        return "ILB " + seat + ": " + ltoc;
    }
}
