/**
 * The rules of the pipeline: what each switch is told, and nothing about who decides it.
 *
 * <p>{@link org.ilb.dataplane.rule.Pipeline} names the tables and priorities, {@link org.ilb.dataplane.rule.FabricMac} the
 * MAC addresses that the front-end function answers with, {@link org.ilb.dataplane.rule.Rules} builds each kind of rule. A
 * segment from a client takes this way through the tables of its ILB:
 *
 * <pre>
 *   table 0  eth_dst = the ILB's MAC, ipv4_dst, tcp_dst = the service    → table 1
 *   table 1  exact: the connection → eth_src = the ILB's MAC, eth_dst = the server's, ipv4_dst, tcp_dst = server → table 5
 *            else:  the service    → CONTROLLER (the service's punt)
 *   table 5  eth_dst → a port: transit
 * </pre>
 *
 * <p>Where a service has buckets, table 1 has a wildcard for each, on some bits of the client's port. A settled bucket's
 * rewrites to its server like an exact rule and goes on to transit; nothing comes up. One that moves, or has moved and still
 * has connections elsewhere, takes two tables more, which nothing else reaches:
 *
 * <pre>
 *   table 1  wildcard: the bucket  → table 2
 *   table 2  SYN → CONTROLLER;  FIN, RST → a copy to the CONTROLLER, and → table 3;  else → table 3
 *   table 3  exact: the connection → its server → table 5
 *            else:  the bucket     → a server → table 5, or CONTROLLER
 * </pre>
 *
 * <p>On every switch behind it, {@code eth_src = 02:49:*} says that a decision was made already: table 0 sends the segment
 * to table 5 at once. The server's reply meets a return rule at its edge switch, in table 4, which restores the virtual address, and
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
