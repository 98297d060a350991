/**
 * The rules of the pipeline: what each switch is told, and nothing about who decides it.
 *
 * <p>{@link org.ilb.dataplane.rule.Pipeline} names the tables and priorities, {@link org.ilb.dataplane.rule.FabricMac} the
 * MAC addresses that the front-end function answers with, {@link org.ilb.dataplane.rule.Rules} builds each kind of rule. A
 * segment from a client takes this way through the tables of its ILB:
 *
 * <pre>
 *   table 0  eth_dst = the ILB's MAC, ipv4_dst, tcp_dst = the service    → table 1
 *   table 1  exact: the connection → eth_src = the ILB's MAC, eth_dst = the server's, ipv4_dst, tcp_dst = server → table 3
 *            else:  the service    → CONTROLLER (the service's punt)
 *   table 3  eth_dst → a port: transit
 * </pre>
 *
 * <p>On every switch behind it, {@code eth_src = 02:49:*} says that a decision was made already: table 0 sends the segment
 * to table 3 at once. The server's reply meets a return rule at its edge switch, which restores the virtual address, and
 * then travels as {@code 02:49:*} too.
 *
 * <p>Where hand-off is {@code relay}, the connection has a relay rule instead of an exact one at the ILB that received it:
 * {@code eth_src} becomes that ILB's MAC, {@code eth_dst} the owner's, and the virtual address stays. The owner classifies it
 * like anything else that is sent to it, and its exact rule rewrites it. A relay rule never applies to what was relayed
 * already.
 *
 * <p>ID messages are frames between two addresses of {@code 02:49:*} with an ethertype of their own: every switch on the way
 * sends them to transit, the hearer's to the controller.
 *
 * <p>A switch with one table only gets the same rules, flattened: each way
 * through the tables becomes one rule. So the rest of the application only knows the pipeline of several tables.
 *
 * <p>Pure: values of ONOS only, no services, no clock.
 */
package org.ilb.dataplane.rule;
