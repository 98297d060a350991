/**
 * The deterministic simulation of the front-end function: its pure parts, at work in a world where everything goes wrong.
 *
 * <p>{@code Simulation} is one run, from one seed. {@code Conditions} says how large it is and how foul its weather: up to
 * 32 ILBs on one or several controller nodes, direct or relayed, with caches and flow tables that are too small, with a store
 * that is slow, messages that are late, lost, doubled and out of order. {@code Client}s connect, talk, half-close, reset, vanish
 * and use their ports again, through whatever ILB upstream prefers at the moment. The {@code Fleet} of ILBs fails, mutes, flaps and
 * returns, and nodes restart. {@code Network} is what switches do.
 *
 * <p>{@code Controller} is the only stand-in for code of the function: its {@code SegmentPath} carries verdicts out as
 * {@code org.ilb.frontend} does, its {@code Endings} end connections, its {@code Views} follow each other, with an
 * {@code Agenda} for threads and time. Everything that decides is the product's own:
 * {@code Balancers}, {@code LoadBalancer}, {@code ViewChange}, {@code Lifetime}, LTOCs, caches, the store's contract.
 *
 * <p>In some runs the service has buckets. {@code Keeper} then binds and moves them, as {@code Spread}, {@code Plan} and
 * {@code Move} say, and the switches have a {@code Wildcard} for each; the {@code Farm} of servers drains, fails and comes back.
 *
 * <p>Who watches: each {@code Client} is the witness of promise 1, {@code Disruption} of promise 2 and the flushes of claim 18;
 * {@code Audit} compares all tables with the store and with the {@code Oracle}, an election from scratch, whenever nothing is under way,
 * and finds everything empty at the end; that an association keeps its server (promise 4) shows in both. Promise 3, even load, is
 * looked at in the one long run.
 *
 * <p>Buckets have two weaknesses that are known, and left out: a stranger's SYN in the name of a living connection, while its
 * bucket moves, takes the connection along, as nobody knows that it lives; and a client that waits longer for an answer to its SYN than
 * {@code moveSynAfter} may meet another server.
 *
 * <p>What else is left out on purpose: where several nodes decide, SYNs wait for the store however long it takes, and ports are
 * used once. Both are the business of who builds for several nodes.
 */
package org.ilb.simulation;
