/**
 * Hosts, learnt from what they send.
 *
 * <p>The source of every ARP, IPv4 or IPv6 packet that reaches the controller is a host at that port, unless the port is known to
 * be infrastructure, or logical, or the source address is a group address. ARP tells the host's IPv4 address; neighbour and
 * router solicitations and advertisements tell IPv6 ones; other packets tell the place alone. A rule at CONTROL priority (40000)
 * brings all ARP to the controller; IPv6 neighbour discovery is not asked for, as stock's default is. When a port or a switch goes
 * down, its hosts go.
 *
 * <p>Also as on stock: packets are looked at whether or not another processor has blocked them, on worker threads; so a packet on
 * a port that is not <em>yet</em> known as infrastructure makes a host there. The core probes what it has learnt; this provider
 * does not ({@code triggerProbe} does nothing).
 *
 * <p>Deviations from stock, beside those of {@link org.ilb.controller.openflow}: no learning from DHCP (off by default in stock),
 * no multihoming (likewise), and the network configuration {@code hostLearning} of a port is not known.
 */
package org.ilb.controller.openflow.host;
