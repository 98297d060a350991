/**
 * Who is in, and what a change of that moves: claims 16 to 18.
 *
 * <p>A {@link org.ilb.View} is the numbered set of ILBs that are in. {@link org.ilb.membership.Membership} says which view
 * follows when an ILB joins or leaves; {@link org.ilb.membership.ViewChange} says of each association what the new view
 * makes of it, and moves only what promise 2 allows: on a leave what the leaver owned or backed up, on a join what the
 * newcomer wins. What one ILB has to tell the others about it is its {@link org.ilb.membership.TransferTable}.
 *
 * <p>Who is in is found out from signs of life (claim 16). Each ILB sends an {@link org.ilb.membership.IdMessage} to a few
 * others each period, through the data plane; the {@link org.ilb.membership.HearingRing} says to whom, an
 * {@link org.ilb.membership.Authenticator} seals it, and a {@link org.ilb.membership.ReplayGuard} lets each message count once.
 * The {@link org.ilb.membership.Detector} is told who was heard by whom and which switches are connected, and says who is
 * out. It would rather leave a silent ILB in for a moment than expel a sound one: every rule of it, from the clock that
 * others' messages are to the hold-down of who flaps, is there so that a controller in trouble does not take it out on its
 * ILBs.
 *
 * <p>This package is pure: no clock, no thread, no I/O, nothing of ONOS but values.
 */
package org.ilb.membership;
