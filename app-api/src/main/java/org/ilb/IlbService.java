package org.ilb;

import java.util.List;
import java.util.Optional;

/**
 * What the front-end function is and does, for those who look at it: REST, CLI, other applications.
 *
 * <p>Every method is thread-safe, returns at once and gives immutable snapshots.
 */
public interface IlbService {

    /**
     * Returns the configuration that is in force.
     *
     * @return the last good configuration, empty before the first
     */
    Optional<FrontEnd> frontEnd();

    /**
     * Returns the view that is in force.
     *
     * @return the ILBs that are in; without members before the first configuration
     */
    View view();

    /**
     * Returns the last views, since activation.
     *
     * @return the view in force first, then those before it; a hundred at most
     */
    List<ViewPeriod> views();

    /**
     * Returns what is known of an ILB at this moment.
     *
     * @param ilb the ILB
     * @return its status
     * @throws IllegalArgumentException if there is no such ILB
     */
    IlbStatus status(IlbId ilb);

    /**
     * Returns what is known of a server at this moment.
     *
     * @param service the name of its service
     * @param server where it serves
     * @return its status
     * @throws IllegalArgumentException if there is no such server
     */
    ServerStatus status(String service, Endpoint server);

    /**
     * Lists associations.
     *
     * @param filter which
     * @param offset how many to skip, 0 or more
     * @param limit how many to return at most, 1 or more
     * @return one page, by increasing connection id
     */
    AssociationPage associations(AssociationFilter filter, int offset, int limit);

    /**
     * Lists the buckets of a service.
     *
     * @param service the name of the service
     * @return one status for each bucket, by index; none if its connections are not gathered into buckets
     * @throws IllegalArgumentException if there is no such service
     */
    List<BucketStatus> buckets(String service);

    /**
     * Elects owner and backup of a flow key, that of a connection or of a bucket, in the view in force.
     *
     * @param key the connection
     * @return all scores, empty when no ILB is in
     */
    Optional<Ranking> elect(FlowKey key);

    /**
     * Returns what was counted since activation.
     *
     * @return a snapshot
     */
    Counters counters();

    /**
     * Returns what services, servers and ILBs have had to do since activation.
     *
     * @return a snapshot; without services and ILBs before the first configuration
     */
    Statistics statistics();
}
