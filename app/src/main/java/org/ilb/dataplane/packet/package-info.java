/**
 * From bytes to a segment, and back: what comes up from a switch, and what is sent down.
 *
 * <p>{@link org.ilb.dataplane.packet.Segment} reads an Ethernet frame that a switch punted; whatever is not a whole IPv4
 * TCP segment is refused there, so nothing behind it needs to look at lengths again. It also writes the frame as the
 * connection's exact rule would have written it, because a packet-out of ONOS executes nothing but OUTPUT.
 * {@link org.ilb.dataplane.packet.SegmentHeader} reads as much of one as a switch copies.
 * {@link org.ilb.dataplane.packet.TcpFrame} writes segments of our own, such as {@link org.ilb.dataplane.packet.Reset}, the answer
 * to a segment of a connection that nobody knows, and the probes of servers' health.
 * {@link org.ilb.dataplane.packet.EchoRequest} and {@link org.ilb.dataplane.packet.IcmpError} are the ICMP messages that virtual
 * addresses get.
 *
 * <p>Pure: no ONOS but addresses, no clock, no I/O.
 */
package org.ilb.dataplane.packet;
