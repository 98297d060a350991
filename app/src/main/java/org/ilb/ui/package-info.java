/**
 * What ONOS's own graphical interface shows of the function: a badge on each switch of its topology view that is an ILB.
 *
 * <p>The badge says which share of all associations the ILB owns, in percent; in yellow while the ILB is drained, and the word
 * {@code out} in red while it gives no sign of life. The words that belong to it say more: how many it owns and backs up, and why it
 * is out.
 *
 * <p>{@link org.ilb.ui.OwnershipBadges} makes the badges out of {@link org.ilb.IlbService}; {@link org.ilb.ui.BadgeSession}
 * is one browser that looks; {@link org.ilb.ui.TopologyBadges} is the component that makes ONOS tell us of browsers, and gives
 * each of them the badges every two seconds: a view that is opened later has none yet. It needs no code in the browser: GUI2
 * takes in no views of applications, but draws any highlight that it is sent.
 *
 * <p>Without the graphical interface there is nobody to tell us of browsers, and nothing happens; it may come and go. Counts
 * are sent and no addresses, because ONOS makes the message handlers before the browser's user is known.
 */
package org.ilb.ui;
