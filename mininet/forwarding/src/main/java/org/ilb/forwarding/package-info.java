/**
 * An ordinary reactive forwarding application, for the tests.
 *
 * <p>Front-end load balancing shares its switches with other applications, and the tests must show that it does. On an
 * official ONOS the other application is {@code org.onosproject.fwd}; this one stands in for it on the embedded controller,
 * and behaves as it does by default in everything that another application can notice:
 *
 * <ul>
 *   <li>it processes packets as {@code director(2)}, leaves alone what is handled already, and asks for IPv4 at priority 5
 *       (REACTIVE); ARP reaches it because ONOS's host provider asks for that;
 *   <li>a packet for a known host goes along a shortest path, and leaves a rule behind: priority 10, matching ingress port,
 *       source and destination MAC, temporary with 10 s; for ARP no rule is left;
 *   <li>a packet for an unknown destination, ARP requests among them, is flooded where the topology allows a broadcast and
 *       otherwise blocked.
 * </ul>
 *
 * <p>Unlike {@code fwd} it writes flow rules rather than flow objectives, removes no rules when a link goes (they
 * expire), and has neither settings nor metrics. When it is deactivated it takes its rules back, as {@code fwd} does; when the whole
 * controller stops it leaves them, so that the switches forward on.
 */
package org.ilb.forwarding;
