package org.ilb.membership;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import org.ilb.Association;
import org.ilb.IlbId;

/**
 * What one ILB tells others when the view changes: the associations whose owner or backup is another now (claims 17
 * and 18).
 *
 * <p>A message. Immutable and thread-safe.
 */
public final class TransferTable {

    private final IlbId sender;
    private final long view;
    private final ImmutableSet<IlbId> recipients;
    private final ImmutableList<Association> associations;

    /**
     * Creates a table.
     *
     * @param sender the ILB that tells
     * @param view the number of the view that elected the associations as they are in the table
     * @param recipients the ILBs that are told
     * @param associations what changed
     */
    public TransferTable(IlbId sender, long view, Set<IlbId> recipients, List<Association> associations) {
        this.sender = sender;
        this.view = view;
        this.recipients = ImmutableSet.copyOf(recipients);
        this.associations = ImmutableList.copyOf(associations);
    }

    /**
     * Returns who tells.
     *
     * @return the ILB whose table this is
     */
    public IlbId sender() {
        return sender;
    }

    /**
     * Returns the view that elected what is in the table.
     *
     * @return the view's number
     */
    public long view() {
        return view;
    }

    /**
     * Returns who is told.
     *
     * @return the newcomers, or all that remain
     */
    public Set<IlbId> recipients() {
        return recipients;
    }

    /**
     * Returns what changed.
     *
     * @return the associations as the view elected them
     */
    public List<Association> associations() {
        return associations;
    }

    @Override
    public String toString() {
        return "transfer of " + associations.size() + " associations from " + sender + " in view " + view;
    }
}
