/**
 * Which server takes a new connection (claims 10 and 13: "selecting an individual server").
 *
 * <p>The owner of a connection selects, and it alone; so each owner has a {@link org.ilb.server.SelectionPolicy} per
 * service, made from the service's pool by the {@linkplain org.ilb.server.SelectionPolicies policy that the service
 * names}. {@link org.ilb.server.ServerSelection} is the set of them that one ILB works with.
 *
 * <p>{@link org.ilb.server.WeightedRoundRobin} and {@link org.ilb.server.SourceHash} need to know nothing but the pool.
 * {@link org.ilb.server.LeastConnections} wants to know how many connections servers have in the whole function, which no owner
 * knows: that is {@linkplain org.ilb.server.Loads counted} now and then and told to all.
 *
 * <p>Where a service has affinity, a client that has a server keeps it, whichever owner selects and whatever the policy:
 * {@link org.ilb.server.Affinities}.
 *
 * <p>This package is pure: no clock, no thread, no I/O, nothing of ONOS but values.
 */
package org.ilb.server;
