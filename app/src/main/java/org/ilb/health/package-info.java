/**
 * Whether a server serves: probes, and what is concluded from them.
 *
 * <p>Controllers often have no route to servers, and a route of theirs would prove nothing about the data plane's. So a probe is a
 * few frames that a switch sends out of the server's own port, and whose answers it punts. This package does not send; it says
 * what to send next:
 *
 * <ul>
 *   <li>{@link org.ilb.health.Rota}: <b>whose turn is it?</b> A thousand servers are not asked at once; their turns are spread
 *       over the interval.
 *   <li>{@link org.ilb.health.ConnectionProbe}: <b>how does one probe go on?</b> A TCP connection, opened and thrown away, or
 *       held for long enough to send a request and read the {@linkplain org.ilb.health.StatusLine status} of its answer. A
 *       {@link org.ilb.health.Reaction} says what to answer to a {@link org.ilb.health.ProbeSegment} and what was found.
 *   <li>{@link org.ilb.health.Judgement}: <b>is the server up?</b> After so many good {@linkplain org.ilb.health.Finding
 *       findings} in a row it is, after so many bad ones it is not; and who goes up and down all the time has to be good for
 *       longer.
 * </ul>
 *
 * <p>A check of kind {@code arp} needs no state machine: whoever is heard after having been asked is there.
 *
 * <p>This package is pure: time comes in as an argument.
 */
package org.ilb.health;
