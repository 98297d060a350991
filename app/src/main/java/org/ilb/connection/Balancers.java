package org.ilb.connection;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ilb.Association;
import org.ilb.IlbId;
import org.ilb.Service;
import org.ilb.View;
import org.ilb.election.Electorate;
import org.ilb.membership.TransferTable;
import org.ilb.membership.ViewChange;
import org.ilb.server.Affinities;
import org.ilb.server.Loads;
import org.ilb.server.ServerSelection;

/**
 * The ILBs of one controller node together: what one of them publishes, the others hear.
 *
 * <p>Thread-safe provided that calls about the same connection do not overlap. {@link #configured} and
 * {@link #change} come from one thread; segments go on being decided meanwhile.
 */
public final class Balancers {

    private final int cacheSize;
    private final Affinities affinities;
    private volatile Roster roster;
    private Map<IlbId, ServerSelection> selections = ImmutableMap.of();

    /**
     * Creates a node without ILBs.
     *
     * @param electorate the view that it starts in
     * @param cacheSize how many associations each ILB caches
     * @param affinities which clients have a server already
     */
    public Balancers(Electorate electorate, int cacheSize, Affinities affinities) {
        this.roster = new Roster(electorate, ImmutableMap.of());
        this.cacheSize = cacheSize;
        this.affinities = affinities;
    }

    /**
     * Returns the electorate in force.
     *
     * @return that of the last change
     */
    public Electorate electorate() {
        return roster.electorate;
    }

    /**
     * Returns an ILB.
     *
     * @param ilb its id
     * @return the ILB
     * @throws IllegalArgumentException if it is none of this node's
     */
    public LoadBalancer of(IlbId ilb) {
        Roster now = roster;
        LoadBalancer balancer = now.byId.get(ilb);
        checkArgument(balancer != null, "ILB %s is none of %s", ilb, now.byId.keySet());
        return balancer;
    }

    /**
     * Looks an ILB up.
     *
     * @param ilb its id
     * @return the ILB, empty if it is none of this node's
     */
    public Optional<LoadBalancer> find(IlbId ilb) {
        return Optional.ofNullable(roster.byId.get(ilb));
    }

    /**
     * Returns all ILBs of this node.
     *
     * @return the ILBs by increasing id
     */
    public Collection<LoadBalancer> all() {
        return roster.byId.values();
    }

    /**
     * Sets which ILBs and services there are. ILBs that stay keep what they know, services whose pool stays keep their turns.
     *
     * @param ilbs the ILBs of this node, in the view or not
     * @param services the services
     */
    public void configured(Set<IlbId> ilbs, List<Service> services) {
        Roster before = roster;
        ImmutableMap.Builder<IlbId, LoadBalancer> next = ImmutableMap.builder();
        ImmutableMap.Builder<IlbId, ServerSelection> nextSelections = ImmutableMap.builder();
        for (IlbId ilb : ImmutableSortedSet.copyOf(ilbs)) {
            ServerSelection selection = selections
                    .getOrDefault(ilb, ServerSelection.of(ilb, affinities))
                    .configured(services);
            LoadBalancer balancer = before.byId.get(ilb);
            if (balancer == null) {
                balancer = new LoadBalancer(ilb, before.electorate, cacheSize, selection);
            } else {
                balancer.servers(selection);
            }
            next.put(ilb, balancer);
            nextSelections.put(ilb, selection);
        }
        selections = nextSelections.build();
        roster = new Roster(before.electorate, next.build());
    }

    /**
     * Tells the selection policies of all ILBs how many connections servers have. From the thread that calls {@link #configured}.
     *
     * @param loads the count
     */
    public void loaded(Loads loads) {
        selections.values().forEach(selection -> selection.loaded(loads));
    }

    /**
     * Publishes a new association (claim 13): its owner and its backup, as the view in force elects them, store it.
     *
     * <p>The other ILBs need not hear of it: what they cached of an earlier connection with the same key they dropped when
     * that {@linkplain #ended ended}, and what they are to cache they {@linkplain LoadBalancer#learnt learn} when it comes by.
     *
     * @param association what stands now
     */
    public void publish(Association association) {
        Roster before;
        do {
            before = roster;
            long elected = before.electorate.elect(association.key());
            Association now = ViewChange.elected(before.electorate, elected, association);
            before.tell(Electorate.owner(elected), now, elected);
            before.tell(Electorate.backup(elected), now, elected);
            // If the view changes meanwhile, others own it or back it up, who looked for it in vain where they could.
        } while (roster != before);
    }

    /**
     * Publishes an association that was put in place of one of an older epoch. All ILBs forget the former, also those that only
     * cache it, before its owner and its backup store the new one.
     *
     * @param former the association of the older epoch
     * @param association what stands now
     */
    public void superseded(Association former, Association association) {
        ended(former);
        publish(association);
    }

    /**
     * Tells the owner and the backup of an association, as the view in force elects them, that it is in another state, or that
     * another ILB receives it. The store is not told.
     *
     * @param changed the association with the new state and receiving ILB; owner, backup and view are none of what changes
     * @return the association as it stands now, empty if neither knows the connection in this epoch
     */
    public Optional<Association> update(Association changed) {
        Association now = null;
        Roster before;
        do {
            before = roster;
            long elected = before.electorate.elect(changed.key());
            for (int member : new int[] {Electorate.backup(elected), Electorate.owner(elected)}) {
                LoadBalancer balancer = before.member(member);
                Association updated = balancer == null ? null : balancer.update(changed);
                now = updated == null ? now : updated;
            }
        } while (roster != before);
        return Optional.ofNullable(now);
    }

    /**
     * Tells all ILBs of this node that a connection has ended (claim 14).
     *
     * @param association what ended
     */
    public void ended(Association association) {
        Roster now = roster;
        long elected = now.electorate.elect(association.key());
        for (LoadBalancer balancer : now.byId.values()) {
            balancer.ended(association, now.electorate, elected);
        }
    }

    /**
     * Changes the view (claims 17 and 18). Each ILB changes its own tables; what it has to tell the others is returned, for
     * {@link #transferred} to be called with each association when no other call about its connection is under way.
     *
     * <p>Where one ILB joins or leaves, somebody who knew a connection owns it or backs it up afterwards, and tells. Where
     * several do at once there may be nobody, and then the store is asked when the connection's next segment comes.
     *
     * @param next the view from now on
     * @return the transfer tables that are not empty
     */
    public List<TransferTable> change(View next) {
        Roster now = new Roster(roster.electorate.of(next), roster.byId);
        roster = now;
        List<TransferTable> tables = new ArrayList<>();
        for (LoadBalancer balancer : now.byId.values()) {
            TransferTable table = balancer.change(now.electorate);
            if (!table.associations().isEmpty()) {
                tables.add(table);
            }
        }
        return tables;
    }

    /**
     * Gives an association from a transfer table to those ILBs of this node that own it or back it up now. One that ended after
     * the table was made is left out.
     *
     * <p>The others need not hear of it: what pointed at a leaver they have flushed from their caches, and the server of what
     * they cache is the same whoever owns it.
     *
     * @param association as the new view elects it
     * @return true if it was news to one of them; false for what both know, or what has ended
     */
    public boolean transferred(Association association) {
        Roster now = roster;
        long elected = now.electorate.elect(association.key());
        LoadBalancer owner = now.member(Electorate.owner(elected));
        LoadBalancer backup = now.member(Electorate.backup(elected));
        Association atOwner = known(owner, association);
        Association atBackup = known(backup, association);
        Association standing = atOwner != null ? atOwner : atBackup != null ? atBackup : known(now, association);
        // It may have got into another state since the table was made.
        boolean isNews = standing != null && (owner != null && atOwner == null || backup != null && atBackup == null);
        if (isNews) {
            publish(standing);
        }
        return isNews;
    }

    private static Association known(Roster roster, Association association) {
        for (LoadBalancer balancer : roster.byId.values()) {
            Association known = known(balancer, association);
            if (known != null) {
                return known;
            }
        }
        return null;
    }

    /** What an LTOC has of the same epoch, or null. */
    private static Association known(LoadBalancer balancer, Association association) {
        Association known = balancer == null ? null : balancer.ltoc().get(association.key());
        return known != null && known.isSameEpoch(association) ? known : null;
    }

    /** Who is here, and who of them is which member of the view in force. Immutable. */
    private static final class Roster {

        private final Electorate electorate;
        private final ImmutableMap<IlbId, LoadBalancer> byId;
        /** The members of the view, in the electorate's order; null for those that are none of this node's. */
        private final LoadBalancer[] members;

        Roster(Electorate electorate, ImmutableMap<IlbId, LoadBalancer> byId) {
            this.electorate = electorate;
            this.byId = byId;
            this.members = new LoadBalancer[electorate.size()];
            for (int i = 0; i < members.length; i++) {
                members[i] = byId.get(electorate.member(i));
            }
        }

        /** Returns a member of the view, or null if it is nobody or none of this node's. */
        LoadBalancer member(int index) {
            return index == Electorate.NOBODY ? null : members[index];
        }

        void tell(int index, Association association, long elected) {
            LoadBalancer balancer = member(index);
            if (balancer != null) {
                balancer.heard(association, electorate, elected);
            }
        }
    }
}
