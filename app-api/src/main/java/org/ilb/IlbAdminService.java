package org.ilb;

/**
 * What an administrator can have the front-end function do at once, beside configuring it.
 *
 * <p>Every method is thread-safe and returns at once.
 */
public interface IlbAdminService extends IlbService {

    /**
     * Ends connections: their associations and rules go. Whatever of them comes in afterwards is of a connection that nobody
     * knows, and is treated as its service says. Buckets are not connections and stay.
     *
     * @param filter which
     * @return how many were found; they are gone a moment later
     */
    int end(AssociationFilter filter);
}
