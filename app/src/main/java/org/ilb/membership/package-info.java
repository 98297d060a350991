/**
 * Who is in, and what a change of that moves: claims 16 to 18.
 *
 * <p>A {@link org.ilb.View} is the numbered set of ILBs that are in. {@link org.ilb.membership.Membership} says which view
 * follows when an ILB joins or leaves; {@link org.ilb.membership.ViewChange} says of each association what the new view
 * makes of it, and moves only what promise 2 allows: on a leave what the leaver owned or backed up, on a join what the
 * newcomer wins. What one ILB has to tell the others about it is its {@link org.ilb.membership.TransferTable}.
 *
 * <p>This package is pure: no clock, no thread, no I/O, nothing of ONOS but values.
 */
package org.ilb.membership;
