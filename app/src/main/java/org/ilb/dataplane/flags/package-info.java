/**
 * Rules that match TCP flags, which ONOS's flow rules cannot.
 *
 * <p>A client that reuses a port sends its SYN into the exact rule of the connection before, and nobody would see that a
 * new one begins. So each service has, on each ILB, a rule ahead of the rest that punts clients' SYNs. And nobody would
 * see a connection end: so FINs and RSTs, of clients at the ILBs and of servers at their edge switches, go on their way with a
 * copy of their headers to the controller (claim 14). {@link org.ilb.dataplane.flags.FlagRule} says what each rule
 * singles out. The cookie of a packet-in tells what it is; a copy is only read, never sent on.
 *
 * <p>ONOS's flow subsystem drops the criterion {@code TCP_FLAGS} and would install a wider rule; these rules therefore go to
 * the switch as raw OpenFlow messages.
 *
 * <p>They are an optional extra. The OpenFlow controller's packages are optional imports of the bundle, and
 * {@link org.ilb.dataplane.flags.OpenFlowFlagRules} is the only public class that mentions them: where they are absent it
 * stays unsatisfied and {@link org.ilb.dataplane.flags.FlagRules} is simply not there. Then a reused port keeps its server
 * until its association is idle, and idle time ends connections. A switch with one table has no copies, because there a
 * segment that was matched by its flags has nowhere to go on.
 *
 * <p>ONOS does not know these rules. Its flow poll takes them for extraneous and removes "the same match without flags",
 * of the same table and priority: so those priorities are used by nothing else. ONOS logs a line per rule and poll
 * ({@code Match type OVS_TCP_FLAGS not yet implemented}).
 */
package org.ilb.dataplane.flags;
