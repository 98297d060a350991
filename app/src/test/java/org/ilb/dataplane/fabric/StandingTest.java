package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.HealthCheck;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Uplink;
import org.ilb.dataplane.fabric.NetworkModel.Arrival;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Flattening;
import org.ilb.dataplane.rule.Pipeline;
import org.ilb.dataplane.rule.Rules;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;

/** Follows the standing rules through random networks, hop by hop. */
class StandingTest {

    private static final ApplicationId APP = new DefaultApplicationId(42, "org.ilb");
    private static final Rules RULES = new Rules(APP);
    private static final Flattening FLATTENING = new Flattening(APP);
    private static final Endpoint REMOTE = Endpoint.of(IpAddress.valueOf("203.0.113.7"), 40_000);

    @Property(tries = 200)
    void routedConnectionsGoToTheServerAndBackByAnUplink(@ForAll long seed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, true, mixed);
        checkRouted(network, network.situation());
    }

    @Property(tries = 200)
    void flatConnectionsGoToTheServerAndBackToTheClient(@ForAll long seed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, false, mixed);
        checkFlat(network, network.situation());
    }

    @Property(tries = 200)
    void aLostLinkReroutesWhatStillHasAWay(@ForAll long seed, @ForAll boolean routed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, routed, mixed);
        if (network.cables.isEmpty()) {
            return;
        }
        Cable lost = network.any(new ArrayList<>(network.cables));
        Set<Cable> left = Sets.difference(network.cables, ImmutableSet.of(lost, RandomNetwork.reverse(lost)));
        Situation after = network.situation(left);
        if (routed) {
            checkRouted(network, after);
        } else {
            checkFlat(network, after);
        }
    }

    @Property(tries = 100)
    void rememberedLinksAreUsedWhenNothingElseIsLeft(@ForAll long seed) {
        RandomNetwork network = network(seed, true, false);
        Situation settled = network.situation();
        Situation blind = Situation.of(network.frontEnd())
                .wiring(new Wiring(ImmutableSet.of(), network.cables))
                .servers(network.servers)
                .nextHops(network.nextHops)
                .directHosts(network.directHosts)
                .build();
        assertEquals(rules(Standing.of(settled, RULES, FLATTENING)), rules(Standing.of(blind, RULES, FLATTENING)));
    }

    @Property(tries = 100)
    void whatServersAnswerToProbesComesUpAtTheirOwnSwitchAndNothingElseDoes(
            @ForAll long seed, @ForAll boolean routed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, routed, mixed);
        Situation plain = network.situation();
        HealthCheck check = HealthCheck.of(HealthCheck.Kind.TCP, Duration.ofSeconds(2), Duration.ofSeconds(1), 2, 3);
        List<Service> checked = new ArrayList<>();
        network.services.forEach(service -> checked.add(service.checked(Optional.of(check))));
        FrontEnd frontEnd =
                new FrontEnd(checked, network.ilbs, network.frontEnd().settings());
        Situation situation = Situation.of(frontEnd)
                .wiring(plain.wiring())
                .available(plain.available())
                .singleTable(plain.singleTable())
                .servers(plain.servers())
                .nextHops(plain.nextHops())
                .clients(plain.clients())
                .directHosts(plain.directHosts())
                .build();
        NetworkModel model =
                new NetworkModel(situation.wiring().live()).install(Standing.of(situation, RULES, FLATTENING));
        NetworkModel unchecked = new NetworkModel(plain.wiring().live()).install(Standing.of(plain, RULES, FLATTENING));
        for (Service service : checked) {
            Optional<IpAddress> known = ProbeRules.prober(frontEnd, service);
            for (Server server : service.servers()) {
                Place place = network.servers.get(server.endpoint().address());
                if (place == null || known.isEmpty()) {
                    continue;
                }
                IpAddress prober = known.get();
                for (int flags : new int[] {Packet.SYN | Packet.ACK, Packet.RST | Packet.ACK, Packet.ACK}) {
                    Packet answer = new Packet(
                            place.mac(),
                            FabricMac.of(prober),
                            service.addressed(server.endpoint()),
                            Endpoint.of(prober, Rules.FIRST_PROBE_PORT + 77),
                            flags);
                    assertOnly(
                            model.send(place.location(), answer),
                            punt(place.location().deviceId()),
                            answer);
                }
                Packet reply = new Packet(
                        place.mac(),
                        FabricMac.of(IpAddress.valueOf("10.0.0.254")),
                        service.addressed(server.endpoint()),
                        Endpoint.of(REMOTE.address(), Rules.FIRST_PROBE_PORT + 77));
                assertEquals(
                        unchecked.send(place.location(), reply).toString(),
                        model.send(place.location(), reply).toString());
            }
        }
    }

    private static void checkRouted(RandomNetwork network, Situation situation) {
        Standing standing = Standing.of(situation, RULES, FLATTENING);
        NetworkModel model = new NetworkModel(situation.wiring().live()).install(standing);
        for (Service service : network.services) {
            for (Server server : service.servers()) {
                Place place = network.servers.get(server.endpoint().address());
                for (Ilb ilb : network.ilbs) {
                    Packet syn = new Packet(
                            network.nextHops.get(ilb.id()).mac(), FabricMac.of(ilb), REMOTE, service.endpoint());
                    if (!reaches(situation, ilb.device(), place)) {
                        continue;
                    }
                    assertOnly(model.send(network.uplink(ilb), syn), punt(ilb.device()), syn);
                    NetworkModel ruled = new NetworkModel(situation.wiring().live()).install(standing);
                    ruled.install(exact(
                            situation,
                            standing,
                            ilb,
                            REMOTE,
                            service,
                            server,
                            network.uplink(ilb).port()));
                    assertOnly(
                            ruled.send(network.uplink(ilb), syn),
                            place.location(),
                            new Packet(FabricMac.of(ilb), place.mac(), REMOTE, service.addressed(server.endpoint())));
                    checkDirectBehindRouter(model, situation, network, ilb, server, place);
                }
                checkRoutedReply(model, situation, network, service, server, place);
                checkDirect(model, situation, network, server, place);
            }
        }
    }

    private static void checkRoutedReply(
            NetworkModel model,
            Situation situation,
            RandomNetwork network,
            Service service,
            Server server,
            Place place) {
        Packet reply = new Packet(
                place.mac(),
                FabricMac.of(IpAddress.valueOf("10.0.0.254")),
                service.addressed(server.endpoint()),
                REMOTE);
        List<Arrival> arrivals = model.send(place.location(), reply);
        boolean way = network.ilbs.stream().anyMatch(ilb -> reaches(situation, ilb.device(), place));
        assertEquals(way ? 1 : 0, arrivals.size());
        for (Arrival arrival : arrivals) {
            Ilb exit = network.ilbs.stream()
                    .filter(ilb -> network.uplink(ilb).equals(arrival.port))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    new Packet(
                            FabricMac.of(exit), network.nextHops.get(exit.id()).mac(), service.endpoint(), REMOTE),
                    arrival.packet);
        }
    }

    private static void checkDirectBehindRouter(
            NetworkModel model, Situation situation, RandomNetwork network, Ilb ilb, Server server, Place place) {
        Endpoint prober = Endpoint.of(IpAddress.valueOf("10.9.77.1"), 50_000);
        MacAddress router = network.nextHops.get(ilb.id()).mac();
        assertOnly(
                model.send(network.uplink(ilb), new Packet(router, FabricMac.of(ilb), prober, server.endpoint())),
                place.location(),
                new Packet(FabricMac.of(ilb), place.mac(), prober, server.endpoint()));
        List<Arrival> answers = model.send(
                place.location(),
                new Packet(place.mac(), FabricMac.of(IpAddress.valueOf("10.0.0.254")), server.endpoint(), prober));
        assertEquals(1, answers.size());
        assertEquals(server.endpoint(), answers.get(0).packet.source);
        assertTrue(situation.uplinks().contains(answers.get(0).port));
    }

    private static void checkFlat(RandomNetwork network, Situation situation) {
        Standing standing = Standing.of(situation, RULES, FLATTENING);
        NetworkModel model = new NetworkModel(situation.wiring().live()).install(standing);
        for (Service service : network.services) {
            for (Map.Entry<IpAddress, Place> entry : network.clients.entrySet()) {
                Endpoint client = Endpoint.of(entry.getKey(), 40_000);
                Place at = entry.getValue();
                Optional<Ilb> ilb = ClientRules.ilbOf(situation, entry.getKey(), at.location());
                for (Server server : service.servers()) {
                    Place place = network.servers.get(server.endpoint().address());
                    if (ilb.isEmpty() || !reaches(situation, ilb.get().device(), place)) {
                        continue;
                    }
                    Packet syn = new Packet(at.mac(), FabricMac.of(ilb.get()), client, service.endpoint());
                    List<Arrival> punted = model.send(at.location(), syn);
                    assertOnly(punted, punt(ilb.get().device()), syn);
                    NetworkModel ruled = new NetworkModel(situation.wiring().live()).install(standing);
                    ruled.install(exact(
                            situation,
                            standing,
                            ilb.get(),
                            client,
                            service,
                            server,
                            ingress(situation, at, ilb.get())));
                    assertOnly(
                            ruled.send(at.location(), syn),
                            place.location(),
                            new Packet(
                                    FabricMac.of(ilb.get()),
                                    place.mac(),
                                    client,
                                    service.addressed(server.endpoint())));
                    List<Arrival> replies = model.send(
                            place.location(),
                            new Packet(place.mac(), at.mac(), service.addressed(server.endpoint()), client));
                    assertEquals(1, replies.size(), () -> "reply to " + at);
                    assertEquals(at.location(), replies.get(0).port);
                    assertEquals(service.endpoint(), replies.get(0).packet.source);
                    assertEquals(at.mac(), replies.get(0).packet.ethDst);
                }
            }
            for (Server server : service.servers()) {
                checkDirect(
                        model,
                        situation,
                        network,
                        server,
                        network.servers.get(server.endpoint().address()));
            }
        }
    }

    private static void checkDirect(
            NetworkModel model, Situation situation, RandomNetwork network, Server server, Place place) {
        for (Map.Entry<IpAddress, Place> entry : network.directHosts.entrySet()) {
            Place host = entry.getValue();
            if (!reaches(situation, host.location().deviceId(), place)) {
                continue;
            }
            Endpoint end = Endpoint.of(entry.getKey(), 33_000);
            Packet request = new Packet(host.mac(), place.mac(), end, server.endpoint());
            assertOnly(model.send(host.location(), request), place.location(), request);
            Packet answer = new Packet(place.mac(), host.mac(), server.endpoint(), end);
            assertOnly(model.send(place.location(), answer), host.location(), answer);
        }
    }

    @Property(tries = 200)
    void idMessagesComeUpAtTheirHearerOnly(@ForAll long seed, @ForAll boolean routed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, routed, mixed);
        Standing standing = Standing.of(network.situation(), RULES, FLATTENING);
        NetworkModel model = new NetworkModel(network.cables).install(standing);
        for (Ilb from : network.ilbs) {
            for (Ilb to : network.ilbs) {
                if (from.equals(to)) {
                    assertTrue(standing.egress(from.device(), FabricMac.of(to)).isEmpty());
                    continue;
                }
                PortNumber out =
                        standing.egress(from.device(), FabricMac.of(to)).orElseThrow();
                Packet message = new Packet(FabricMac.of(from), FabricMac.of(to));
                assertOnly(model.emit(new ConnectPoint(from.device(), out), message), punt(to.device()), message);
                Packet foreign = new Packet(RandomNetwork.mac(7), FabricMac.of(to));
                assertTrue(model.emit(new ConnectPoint(from.device(), out), foreign)
                        .isEmpty());
            }
        }
    }

    /** Nobody knows where the servers of a service are: those who ask for it come up, to be counted and perhaps refused. */
    @Property(tries = 100)
    void aServiceWhoseServersWereNotFoundIsPuntedWhereLinksAreKnown(@ForAll long seed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, true, mixed);
        Situation nowhere = Situation.of(network.frontEnd())
                .wiring(network.situation().wiring())
                .available(network.situation().available())
                .singleTable(network.situation().singleTable())
                .nextHops(network.nextHops)
                .build();
        Situation blind = Situation.of(network.frontEnd())
                .available(network.situation().available())
                .singleTable(network.situation().singleTable())
                .nextHops(network.nextHops)
                .build();
        NetworkModel model = new NetworkModel(network.cables).install(Standing.of(nowhere, RULES, FLATTENING));
        NetworkModel early = new NetworkModel(network.cables).install(Standing.of(blind, RULES, FLATTENING));
        for (Service service : network.services) {
            for (Ilb ilb : network.ilbs) {
                Packet syn =
                        new Packet(network.nextHops.get(ilb.id()).mac(), FabricMac.of(ilb), REMOTE, service.endpoint());
                if (network.ilbs.size() > 1) {
                    assertOnly(model.send(network.uplink(ilb), syn), punt(ilb.device()), syn);
                }
                assertTrue(early.send(network.uplink(ilb), syn).isEmpty(), "links are not known");
            }
        }
    }

    @Property(tries = 200)
    void icmpToAVirtualAddressComesUpAtTheIlbThatItWasSentTo(
            @ForAll long seed, @ForAll boolean routed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, routed, mixed);
        Situation situation = network.situation();
        Standing standing = Standing.of(situation, RULES, FLATTENING);
        NetworkModel model = new NetworkModel(network.cables).install(standing);
        for (Service service : network.services) {
            IpAddress address = service.endpoint().address();
            for (Ilb ilb : network.ilbs) {
                if (routed) {
                    Packet error = Packet.icmp(
                            network.nextHops.get(ilb.id()).mac(), FabricMac.of(ilb), REMOTE.address(), address);
                    assertOnly(model.send(network.uplink(ilb), error), punt(ilb.device()), error);
                }
            }
            network.clients.forEach((client, at) -> {
                Optional<Ilb> ilb = ClientRules.ilbOf(situation, client, at.location());
                if (ilb.isPresent()) {
                    Packet echo = Packet.icmp(at.mac(), FabricMac.of(ilb.get()), client, address);
                    assertOnly(model.send(at.location(), echo), punt(ilb.get().device()), echo);
                }
            });
            for (Server server : service.servers()) {
                // What is sent on to a server passes like any segment.
                Place place = network.servers.get(server.endpoint().address());
                Ilb ilb = network.any(network.ilbs);
                PortNumber out = standing.egress(ilb.device(), place.mac()).orElseThrow();
                ConnectPoint leaves = new ConnectPoint(ilb.device(), out);
                Packet error = Packet.icmp(
                        FabricMac.of(ilb),
                        place.mac(),
                        REMOTE.address(),
                        server.endpoint().address());
                if (!leaves.equals(place.location())) {
                    assertOnly(model.emit(leaves, error), place.location(), error);
                }
            }
        }
    }

    @Property(tries = 200)
    void aRelayedConnectionGoesByItsOwner(@ForAll long seed, @ForAll boolean routed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, routed, mixed);
        Situation situation = network.situation();
        Standing standing = Standing.of(situation, RULES, FLATTENING);
        Service service = network.any(network.services);
        Server server = service.servers().get(0);
        Place place = network.servers.get(server.endpoint().address());
        Ilb receiver = network.any(network.ilbs);
        Ilb owner = network.any(network.ilbs);
        if (owner.equals(receiver)) {
            return;
        }
        // By an uplink, by an edge port, or by the very port that leads to the owner.
        PortNumber toOwner =
                standing.egress(receiver.device(), FabricMac.of(owner)).orElseThrow();
        PortNumber in = new Random(seed).nextBoolean()
                ? toOwner
                : receiver.uplink().map(Uplink::port).orElse(PortNumber.portNumber(77));
        Packet segment = new Packet(RandomNetwork.mac(0x77), FabricMac.of(receiver), REMOTE, service.endpoint());
        Packet relayed = new Packet(FabricMac.of(receiver), FabricMac.of(owner), REMOTE, service.endpoint());
        NetworkModel model = new NetworkModel(network.cables).install(standing);
        model.install(relay(situation, standing, receiver, REMOTE, service, owner, in));
        // The owner does not know it yet, or takes the receiver for the owner: once relayed, never relayed again.
        model.install(relay(situation, standing, owner, REMOTE, service, receiver, in));
        ConnectPoint at = new ConnectPoint(receiver.device(), in);
        assertOnly(model.send(at, segment), punt(owner.device()), relayed);
        model.install(exact(
                situation, standing, owner, REMOTE, service, server, ingress(situation, receiver.device(), owner)));
        assertOnly(
                model.send(at, segment),
                place.location(),
                new Packet(FabricMac.of(owner), place.mac(), REMOTE, service.addressed(server.endpoint())));
        // An exact rule precedes a relay rule.
        model.install(exact(situation, standing, receiver, REMOTE, service, server, in));
        assertOnly(
                model.send(at, segment),
                place.location(),
                new Packet(FabricMac.of(receiver), place.mac(), REMOTE, service.addressed(server.endpoint())));
    }

    @Property(tries = 200)
    void nothingLoopsWhateverIsSent(@ForAll long seed, @ForAll boolean routed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, routed, mixed);
        NetworkModel model =
                new NetworkModel(network.cables).install(Standing.of(network.situation(), RULES, FLATTENING));
        Random random = new Random(seed);
        List<MacAddress> macs = new ArrayList<>();
        List<Endpoint> ends = new ArrayList<>(List.of(REMOTE));
        network.servers.forEach((ip, place) -> {
            macs.add(place.mac());
            ends.add(Endpoint.of(ip, 8080));
        });
        network.directHosts.forEach((ip, place) -> {
            macs.add(place.mac());
            ends.add(Endpoint.of(ip, 33_000));
        });
        network.nextHops.values().forEach(hop -> macs.add(hop.mac()));
        network.ilbs.forEach(ilb -> macs.add(FabricMac.of(ilb)));
        network.services.forEach(service -> ends.add(service.endpoint()));
        for (int i = 0; i < 50; i++) {
            DeviceId device = network.any(network.devices);
            model.send(
                    new ConnectPoint(device, PortNumber.portNumber(1 + random.nextInt(6))),
                    new Packet(network.any(macs), network.any(macs), network.any(ends), network.any(ends)));
        }
    }

    @Property(tries = 100)
    void withoutLinksNoOtherSwitchHasRules(@ForAll long seed, @ForAll boolean routed) {
        RandomNetwork network = network(seed, routed, false);
        Standing standing = Standing.of(network.situation(ImmutableSet.of()), RULES, FLATTENING);
        for (Ilb ilb : network.ilbs) {
            boolean own = network.servers.values().stream()
                    .anyMatch(place -> place.location().deviceId().equals(ilb.device()));
            assertEquals(
                    own,
                    standing.rules(ilb.device()).stream()
                            .anyMatch(rule -> Pipeline.isIn(rule, Pipeline.SERVICE_TABLE)));
        }
    }

    @Property(tries = 100)
    void anotherServiceChangesNoRuleOfTheRest(@ForAll long seed, @ForAll boolean routed) {
        RandomNetwork network = network(seed, routed, false);
        Map<FlowRule, FlowRule> before = rules(Standing.of(network.situation(), RULES, FLATTENING));
        Service gone = network.services.remove(network.services.size() - 1);
        Map<FlowRule, FlowRule> after = rules(Standing.of(network.situation(), RULES, FLATTENING));
        after.forEach((rule, same) ->
                assertEquals(same.treatment(), before.get(rule).treatment(), "a rule that is not new is unchanged"));
        Set<IpAddress> addresses = new HashSet<>();
        addresses.add(gone.endpoint().address());
        gone.servers().forEach(server -> addresses.add(server.endpoint().address()));
        Set<MacAddress> macs = new HashSet<>();
        gone.servers()
                .forEach(server -> macs.add(
                        network.servers.get(server.endpoint().address()).mac()));
        for (FlowRule rule : Sets.difference(before.keySet(), after.keySet())) {
            String text = rule.toString();
            boolean last = rule.priority() == Pipeline.FABRIC_PRIORITY // no way crosses this switch any more
                    || Pipeline.isIn(rule, Pipeline.TRANSIT_TABLE);
            assertTrue(
                    last
                            || addresses.stream().anyMatch(address -> text.contains(address.toString()))
                            || macs.stream().anyMatch(mac -> text.contains(mac.toString())),
                    text);
        }
    }

    @Property(tries = 100)
    void anUplinkThatIsNotLiveLosesOnlyItsOwnReplies(@ForAll long seed) {
        RandomNetwork network = network(seed, true, false);
        Map<FlowRule, FlowRule> before = rules(Standing.of(network.situation(), RULES, FLATTENING));
        Ilb out = network.any(network.ilbs);
        NextHop was = network.nextHops.get(out.id());
        network.nextHops.put(out.id(), new NextHop(was.mac(), false));
        Map<FlowRule, FlowRule> after = rules(Standing.of(network.situation(), RULES, FLATTENING));
        assertEquals(before.keySet(), after.keySet(), "repointing replaces, and adds or removes nothing");
        for (FlowRule rule : after.values()) {
            FlowRule old = before.get(rule);
            if (!old.treatment().equals(rule.treatment())) {
                assertTrue(old.treatment().toString().contains(FabricMac.of(out).toString()));
            }
            if (network.ilbs.size() > 1 && rule.priority() == Pipeline.RETURN_PRIORITY) {
                assertTrue(
                        !rule.treatment().toString().contains(FabricMac.of(out).toString()));
            }
        }
    }

    @Property(tries = 200)
    void endsAreCopiedOnceASideAndGoOn(@ForAll long seed, @ForAll boolean mixed) {
        RandomNetwork network = network(seed, true, mixed);
        Situation situation = network.situation();
        Standing standing = Standing.of(situation, RULES, FLATTENING);
        Service service = network.any(network.services);
        Server server = network.any(service.servers());
        Place place = network.servers.get(server.endpoint().address());
        Ilb ilb = network.any(network.ilbs);
        ConnectPoint uplink = network.uplink(ilb);
        NetworkModel model = new NetworkModel(network.cables).install(standing);
        model.install(exact(situation, standing, ilb, REMOTE, service, server, uplink.port()));
        Packet request =
                new Packet(network.nextHops.get(ilb.id()).mac(), FabricMac.of(ilb), REMOTE, service.endpoint());
        Packet reply = new Packet(
                place.mac(),
                FabricMac.of(IpAddress.valueOf("10.0.0.254")),
                service.addressed(server.endpoint()),
                REMOTE);
        Packet direct = new Packet(
                place.mac(), FabricMac.of(ilb), server.endpoint(), Endpoint.of(IpAddress.valueOf("10.9.77.1"), 5));
        for (int end : new int[] {Packet.FIN | Packet.ACK, Packet.RST, Packet.FIN | Packet.RST}) {
            assertCopied(situation, model.send(uplink, request.with(end)), ilb.device(), request.with(end));
            assertCopied(
                    situation,
                    model.send(place.location(), reply.with(end)),
                    place.location().deviceId(),
                    reply.with(end));
            assertUncopied(model.send(place.location(), direct.with(end)));
        }
        for (int other : new int[] {Packet.ACK, Packet.ACK | Packet.SYN}) {
            assertUncopied(model.send(uplink, request.with(other)));
            assertUncopied(model.send(place.location(), reply.with(other)));
        }
        assertOnly(model.send(uplink, request.with(Packet.SYN)), punt(ilb.device()), request.with(Packet.SYN));
    }

    private static void assertUncopied(List<Arrival> arrivals) {
        assertEquals(1, arrivals.size());
        assertTrue(!arrivals.get(0).port.port().equals(PortNumber.CONTROLLER));
    }

    private static void assertCopied(Situation situation, List<Arrival> arrivals, DeviceId where, Packet original) {
        List<Arrival> rest = new ArrayList<>(arrivals);
        if (!situation.singleTable().contains(where)) {
            Arrival copy = rest.remove(0);
            assertEquals(punt(where), copy.port);
            assertEquals(original, copy.packet, "the copy shows the segment as it came");
        }
        assertUncopied(rest);
    }

    @Property(tries = 100)
    void repliesLeaveByNoIlbThatIsOutOrDrainingUnlessThereIsNoOther(
            @ForAll long seed, @ForAll boolean mixed, @ForAll boolean drain) {
        RandomNetwork network = network(seed, true, mixed);
        Situation before = network.situation();
        Map<Endpoint, Ilb> exits = exits(network, before);
        Ilb leaver = network.any(network.ilbs);
        if (drain) {
            network.ilbs.replaceAll(ilb -> ilb.equals(leaver) ? ilb.draining(true) : ilb);
        } else {
            network.out.add(leaver.id());
        }
        Situation after = network.situation();
        checkRouted(network, after);
        exits(network, after).forEach((server, exit) -> {
            Ilb former = exits.get(server);
            boolean left = former.id().equals(leaver.id()) && network.ilbs.size() > 1;
            assertEquals(
                    left, !exit.id().equals(former.id()), "only the leaver's replies go elsewhere, and all of them");
        });
        if (!drain) {
            assertEquals(
                    rules(Standing.of(after, RULES, FLATTENING)),
                    rules(Standing.of(before.withOut(network.out), RULES, FLATTENING)));
        }
        // Nobody is left that is both in and not draining: whoever is in is better than who is out.
        network.ilbs.replaceAll(ilb -> ilb.draining(true));
        network.out.clear();
        network.out.add(leaver.id());
        exits(network, network.situation())
                .values()
                .forEach(exit -> assertTrue(!exit.id().equals(leaver.id()) || network.ilbs.size() == 1));
    }

    private static Map<Endpoint, Ilb> exits(RandomNetwork network, Situation situation) {
        NetworkModel model =
                new NetworkModel(situation.wiring().live()).install(Standing.of(situation, RULES, FLATTENING));
        Map<Endpoint, Ilb> exits = new HashMap<>();
        for (Service service : network.services) {
            for (Server server : service.servers()) {
                Place place = network.servers.get(server.endpoint().address());
                Packet reply = new Packet(
                        place.mac(),
                        FabricMac.of(IpAddress.valueOf("10.0.0.254")),
                        service.addressed(server.endpoint()),
                        REMOTE);
                ConnectPoint port = model.send(place.location(), reply).get(0).port;
                network.ilbs.stream()
                        .filter(ilb -> network.uplink(ilb).equals(port))
                        .forEach(ilb -> exits.put(server.endpoint(), ilb));
            }
        }
        return exits;
    }

    @Property(tries = 100)
    void aSwitchWithOneTableHasRulesInOneTable(@ForAll long seed, @ForAll boolean routed) {
        RandomNetwork network = network(seed, routed, false);
        network.singleTable.addAll(network.devices);
        Standing standing = Standing.of(network.situation(), RULES, FLATTENING);
        for (FlowRule rule : rules(standing).keySet()) {
            assertTrue(Pipeline.isIn(rule, 0));
            assertTrue(rule.treatment().tableTransition() == null);
            assertTrue(rule.priority() >= 20_000 && rule.priority() < Pipeline.CLASSIFY_PRIORITY);
        }
    }

    @Example
    void repliesSpreadOverUplinks() {
        Map<IlbId, Integer> chosen = new HashMap<>();
        List<IlbId> ids = ImmutableList.of(IlbId.ofIndex(1), IlbId.ofIndex(2), IlbId.ofIndex(3), IlbId.ofIndex(4));
        for (int i = 0; i < 4000; i++) {
            Endpoint server = Endpoint.of(IpAddress.valueOf(0x0a000000 + i), 8080);
            chosen.merge(Rendezvous.pick(server, ids, id -> id).orElseThrow(), 1, Integer::sum);
        }
        chosen.values().forEach(count -> assertEquals(1000, count, 150));
        assertEquals(4, chosen.size());
    }

    private static RandomNetwork network(long seed, boolean routed, boolean mixed) {
        RandomNetwork network = new RandomNetwork(seed, routed);
        return mixed ? network.withSingleTables() : network;
    }

    private static FlowRule relay(
            Situation situation,
            Standing standing,
            Ilb ilb,
            Endpoint client,
            Service service,
            Ilb owner,
            PortNumber ingress) {
        FlowKey key = FlowKey.of(service.endpoint(), client);
        FlowRule rule = RULES.relay(ilb.device(), FabricMac.of(ilb), key, FabricMac.of(owner));
        if (!situation.singleTable().contains(ilb.device())) {
            return rule;
        }
        PortNumber out = standing.egress(ilb.device(), FabricMac.of(owner)).orElseThrow();
        return FLATTENING.exact(rule, FabricMac.of(ilb), out.equals(ingress) ? PortNumber.IN_PORT : out);
    }

    private static FlowRule exact(
            Situation situation,
            Standing standing,
            Ilb ilb,
            Endpoint client,
            Service service,
            Server server,
            PortNumber ingress) {
        MacAddress mac = situation.servers().get(server.endpoint().address()).mac();
        FlowKey key = FlowKey.of(service.endpoint(), client);
        FlowRule rule = RULES.exact(ilb.device(), FabricMac.of(ilb), key, service.addressed(server.endpoint()), mac);
        if (!situation.singleTable().contains(ilb.device())) {
            return rule;
        }
        PortNumber out = standing.egress(ilb.device(), mac).orElseThrow();
        return FLATTENING.exact(rule, FabricMac.of(ilb), out.equals(ingress) ? PortNumber.IN_PORT : out);
    }

    private static PortNumber ingress(Situation situation, Place client, Ilb ilb) {
        return client.location().deviceId().equals(ilb.device())
                ? client.location().port()
                : ingress(situation, client.location().deviceId(), ilb);
    }

    private static PortNumber ingress(Situation situation, DeviceId from, Ilb ilb) {
        List<ConnectPoint> way =
                situation.wiring().way(from, ilb.device(), FabricMac.of(ilb)).orElseThrow();
        ConnectPoint last = way.get(way.size() - 1);
        return situation.wiring().live().stream()
                .filter(cable -> cable.source().equals(last))
                .findFirst()
                .orElseThrow()
                .destination()
                .port();
    }

    private static boolean reaches(Situation situation, DeviceId from, Place to) {
        return situation.wiring().way(from, to.location().deviceId(), "").isPresent();
    }

    private static ConnectPoint punt(DeviceId device) {
        return new ConnectPoint(device, PortNumber.CONTROLLER);
    }

    private static void assertOnly(List<Arrival> arrivals, ConnectPoint port, Packet packet) {
        assertEquals(1, arrivals.size(), () -> "arrivals of " + packet + ": " + arrivals);
        assertEquals(port, arrivals.get(0).port);
        assertEquals(packet, arrivals.get(0).packet);
    }

    private static Map<FlowRule, FlowRule> rules(Standing standing) {
        ImmutableMap.Builder<FlowRule, FlowRule> rules = ImmutableMap.builder();
        standing.devices().forEach(device -> standing.rules(device).forEach(rule -> rules.put(rule, rule)));
        return rules.build();
    }
}
