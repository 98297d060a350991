/**
 * Rules that match TCP flags, which ONOS's flow rules cannot.
 *
 * <p>A client that reuses a port sends its SYN into the exact rule of the connection before, and nobody would see that a
 * new one begins. So each service has, on each ILB, one rule ahead of the rest that punts clients' SYNs. ONOS's flow
 * subsystem drops the criterion {@code TCP_FLAGS} and would install a wider rule; these rules therefore go to the switch
 * as raw OpenFlow messages.
 *
 * <p>They are an optional extra. The OpenFlow controller's packages are optional imports of the bundle, and
 * {@link org.ilb.dataplane.flags.OpenFlowSynPunts} is the only class that mentions them: where they are absent it stays
 * unsatisfied and {@link org.ilb.dataplane.flags.SynPunts} is simply not there. Then a reused port keeps its server until
 * its association is idle.
 *
 * <p>ONOS does not know these rules. Its flow poll takes them for extraneous and removes "the same match without flags",
 * of the same table and priority: so that priority is used by nothing else. ONOS logs a line per rule and poll
 * ({@code Match type OVS_TCP_FLAGS not yet implemented}).
 */
package org.ilb.dataplane.flags;
