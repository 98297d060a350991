/**
 * What stands in the switches without any connection, and the ARP that makes it reachable.
 *
 * <p>{@link org.ilb.dataplane.fabric.Fabric} is the only class that the rest of the application needs. Behind it, facts go
 * one way:
 *
 * <pre>
 *   ARP → Neighbours ┐
 *   ONOS → Network, LinkMemory → Wiring ┤→ Situation → Standing → Reconciler → switches
 *   configuration → FrontEnd ┘                 └→ ArpPolicy → ArpSpeaker, Prober → hosts
 *
 *   BucketTable of each ILB, and the Situation → BucketRules → BucketInstaller → ILBs
 * </pre>
 *
 * <p>A {@code Situation} is all that is known at one moment. {@code Standing} is the set of rules that follows from it, a pure
 * function written down by {@code IlbRules}, {@code ServerRules}, {@code ReplyRules}, {@code ClientRules},
 * {@code DirectRules}, {@code ProbeRules} and {@code ArpRules}, one way each.
 * The {@code Reconciler} applies the difference to what switches have, in stages, and asks them afresh after a reconnect, a
 * change of mastership, a refusal, and once a minute. Nothing is applied that did not change. Four threads do all this: one
 * for rules, which may wait for switches, and one that repoints replies, one for buckets and one for ARP, which never do. Packets
 * from the wire are looked at in the packet thread, against the situation last published.
 *
 * <h2>Two ways in</h2>
 *
 * <p><em>Routed</em>, as soon as one ILB has an uplink: routers send to the ILBs' addresses. A server's replies leave by one
 * live uplink, by rendezvous; live is an uplink whose switch is connected, whose port is up and whose router answered ARP
 * within about a minute. When none is, replies stay where they went last: switches forward without a controller. Transit to an
 * uplink matches both MAC addresses, so a router may have one MAC on all of them.
 *
 * <p>Replies leave by no ILB that is out or draining, unless there is no other: they are repointed at once, on a quick way of
 * their own ({@code Repointing}) that waits for no switch. The router is another's: it stops sending to an ILB that is out when
 * the link goes down, at once, or when ARP for the ILB's address goes unanswered, which it does from then on. A Linux
 * router asks when an entry of its has not been confirmed for 15 to 45 s and gives it up 8 s later; multipath routes leave
 * out next hops given up with {@code net.ipv4.fib_multipath_use_neigh=1}. Until then segments still come to that ILB, and as
 * long as its switch forwards and its control channel lives they are served.
 *
 * <p><em>Flat</em>: clients sit in the servers' network. Who asks for a virtual address is a client, told the MAC of its edge
 * switch's ILB or, where that is none, of an ILB by rendezvous, and only once the rules lead back to it. Its segments are then
 * steered to that ILB, and replies go by the client's own MAC. A client is forgotten a quarter of an hour after its last ARP;
 * before that it is asked. After a restart clients are learnt from their segments, from ARP for those that a former run
 * knew, and from whom servers ask for.
 *
 * <h2>Where servers are</h2>
 *
 * <p>What the configuration says holds. Otherwise ARP tells: a server's own requests, and its answers to requests of ours,
 * which come from a gateway address where one is configured and from nobody (0.0.0.0) elsewhere, so that no neighbour's cache
 * changes by them. A server that is heard elsewhere has moved. That makes ARP trusted: where hosts on the servers' network
 * are not, configure {@code mac} and {@code location}.
 *
 * <h2>ARP without a controller</h2>
 *
 * <p>Who is known to ask is answered by its switch ({@code ArpRules}): servers for gateway addresses, and routers for the ILBs'
 * and virtual addresses if any service has buckets, whose connections need no controller. Where every connection needs one, a
 * router had better lose an ILB that lost its controller, so there it is the controller that answers. Strangers, hosts that
 * moved, flat clients and whatever is out of the ordinary always come up. What is known of servers and routers is
 * kept fresh by requests of our own, whose answers come up.
 *
 * <h2>After a restart</h2>
 *
 * <p>ONOS removes from a switch, at its first poll a moment after the switch came, what it does not know, and after a restart it
 * knows nothing. So rules must be there before anything could be learnt: a run leaves to the next where servers, routers and
 * links were ({@code Knowledge}), and a switch that comes gets all its rules in one batch at once. What was learnt before and
 * is not true any more is contradicted by ARP and by ONOS's links, and forgotten as any other. Where ONOS starts this
 * application after the switches came, which it may do, the removal cannot be forestalled: rules are missing for a second or
 * two, until the application is there.
 *
 * <h2>When links are lost</h2>
 *
 * <p>A switch that loses its controller loses its links in ONOS's eyes, but forwards on; so lost links are remembered and used
 * where there is nothing else (see {@code LinkMemory}). Without any known way there is no rule at all, in particular no
 * punt: a segment that comes up from a port between two switches would make ONOS take its sender for a host there.
 *
 * <h2>Switches with one table</h2>
 *
 * <p>are those named in the setting {@code singleTable}, those that speak OpenFlow 1.0 and those whose table statistics list
 * one table. Their rules are the same, flattened (see {@link org.ilb.dataplane.rule.Flattening}). They must be able to match
 * masked MAC addresses.
 *
 * <h2>What it does not do</h2>
 *
 * <ul>
 *   <li>Places are learnt by the node that hears them; a cluster's nodes do not tell each other yet.
 *   <li>In routed mode servers cannot use services themselves, and hosts of direct prefixes cannot use those services.
 *   <li>ICMP that servers send to clients is not translated; that of clients and routers to virtual addresses is.
 *   <li>Segments in fragments are dropped, and counted: only the first fragment has ports, and switches do not look for them.
 * </ul>
 */
package org.ilb.dataplane.fabric;
