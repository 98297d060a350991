package org.ilb;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Part of the list of associations.
 *
 * <p>Immutable and thread-safe.
 */
public final class AssociationPage {

    private final int total;
    private final ImmutableList<Association> associations;

    /**
     * Creates a page.
     *
     * @param total how many associations the filter selects in all
     * @param associations those on this page
     */
    public AssociationPage(int total, List<Association> associations) {
        this.total = total;
        this.associations = ImmutableList.copyOf(associations);
    }

    /**
     * Returns how many associations there are in all.
     *
     * @return the number that the filter selects
     */
    public int total() {
        return total;
    }

    /**
     * Returns the associations of this page.
     *
     * @return by increasing connection id
     */
    public List<Association> associations() {
        return associations;
    }
}
