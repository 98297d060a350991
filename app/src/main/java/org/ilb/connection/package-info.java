/**
 * What an ILB does with a segment: claims 13 to 15.
 *
 * <p>A {@link org.ilb.connection.LoadBalancer} is one ILB: its LTOC, its cache, its view. What it is told comes in as method
 * calls, what it wants comes out as a {@link org.ilb.connection.Verdict}; it sends nothing, stores nothing elsewhere and
 * waits for nobody. So the same code runs under ONOS, where verdicts become flow rules, and in a simulation, where messages
 * are lost on purpose.
 *
 * <p>The path of a SYN (claim 13): {@link org.ilb.connection.LoadBalancer#syn} at the receiving ILB elects. If another
 * owns the connection the verdict is a hand-off, and the owner is asked by
 * {@link org.ilb.connection.LoadBalancer#handedOff}. The owner knows the connection (a retransmission) or proposes a
 * server; the store confirms the proposal or names the winner; {@link org.ilb.connection.LoadBalancer#decided} puts that
 * into the owner's LTOC, {@link org.ilb.connection.LoadBalancer#heard} into the backup's, and
 * {@link org.ilb.connection.LoadBalancer#learnt} into the receiver's cache.
 *
 * <p>The path of any other segment (claims 14 and 15): {@link org.ilb.connection.LoadBalancer#segment} looks into the LTOC
 * if this ILB is owner or backup, else into the cache, else hands off to the owner. Who should know and does not asks the
 * store.
 *
 * <p>A connection's key may be used again. Connections that have a key one after the other are told apart by the initial
 * sequence numbers of their SYNs: they are its epochs. When a connection is closing, a SYN with another number is a new
 * connection, and the owner proposes one that supersedes the former; before that, a later number begins an epoch with the same
 * server. So that no segment of the new one ever reaches the server of the former, whoever drives these ILBs keeps an order:
 * when a connection ends, every ILB is told before the store forgets it; when it is superseded, every ILB is told
 * ({@link org.ilb.connection.LoadBalancer#superseded}) before the SYN goes on. What is said of a connection by one ILB to another arrives in that order too; it may be late, and twice. An ILB
 * that hears of two epochs and cannot tell which came later believes neither, and asks.
 *
 * <p>{@link org.ilb.connection.Balancers} are the ILBs of one controller node together.
 *
 * <p>This package is pure: no clock, no thread, no I/O, nothing of ONOS but values.
 */
package org.ilb.connection;
