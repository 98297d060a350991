/**
 * The front-end function at work: the one place that puts the parts together and gives them threads, time and ONOS.
 *
 * <p>{@link org.ilb.frontend.FrontEndManager} is the component that ONOS starts. It listens to the configuration, keeps the
 * view, and answers {@link org.ilb.IlbService}. {@code Ingress} sorts packets on ONOS's thread; {@code SegmentPath} takes a
 * segment through its life on the connection's stripe: the verdict of {@code org.ilb.connection}, then, in {@code ConnectionSetup},
 * the store and the exact rule at the same time, then the release of the segment. {@code Forwarding} does with segments of known
 * connections what is to be done, and {@code Endings} ends these. {@code KnownConnections} says what this node knows of one.
 *
 * <p>A connection's rules are kept by {@code RuleBook}: where each leads ({@code Route}: to the server, or in {@code relay} to
 * the owner, as {@code Routes} says), how many an ILB may have, which make room; {@code Admission} says who gets one where room must be made, and
 * {@code RuleInstaller} keeps the order of what ONOS is asked for. Its life is kept by {@code Lives}: a wheel brings each connection round
 * when it is time to look at what its rules have counted, and {@link org.ilb.connection.Lifetime} judges. {@code Restoration}
 * puts rules back after a restart of the controller. {@code Presence} sends and hears ID messages, and says who is out.
 *
 * <p>A service whose connections are gathered into buckets is {@code BucketKeeper}'s: it binds buckets to servers and moves them,
 * as its {@code ServiceBuckets} say; {@code BucketBindings} tells the store and the ILBs, {@code BucketTables} lets the switches
 * follow, and a {@code Bucket} says what becomes of a segment that comes up all the same, to {@code BucketGuide}. {@code Pinning}
 * keeps the rules of those connections everywhere whose bucket moves.
 *
 * <p>{@code HealthMonitor} probes servers on a thread of its own. What it finds, what the operator wants and the time of day make
 * {@code Pools}: which servers take new connections, and whose connections end. Of those that ended, {@code Bereaved} knows for a
 * while whom to tell.
 *
 * <p>What happens is counted: as a whole by {@code Tally}, by service, server and ILB by {@code Meters}, for which {@code TrafficMeter} adds
 * up what rules have counted. {@code Tuning} lets an operator change this node's bounds while it runs.
 *
 * <p>Bounds: segments that wait for a stripe, connections that are being set up, segments that wait for one connection,
 * associations. What exceeds a bound is dropped and counted, and TCP sends it again.
 */
package org.ilb.frontend;
