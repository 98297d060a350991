/**
 * Which server takes a new connection (claims 10 and 13: "selecting an individual server").
 *
 * <p>The owner of a connection selects, and it alone; so each owner has a {@link org.ilb.server.SelectionPolicy} per
 * service, made from the service's pool by the {@linkplain org.ilb.server.SelectionPolicies policy that the service
 * names}. {@link org.ilb.server.ServerSelection} is the set of them that one ILB works with.
 *
 * <p>This package is pure: no clock, no thread, no I/O, nothing of ONOS but values.
 */
package org.ilb.server;
