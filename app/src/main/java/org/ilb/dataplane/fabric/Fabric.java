package org.ilb.dataplane.fabric;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.SetMultimap;
import com.google.common.collect.Sets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.Service;
import org.ilb.dataplane.flags.FlagRules;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Flattening;
import org.ilb.dataplane.rule.PortBits;
import org.ilb.dataplane.rule.Rules;
import org.onlab.packet.EthType.EtherType;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.core.ApplicationId;
import org.onosproject.mastership.MastershipListener;
import org.onosproject.mastership.MastershipService;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.device.DeviceEvent;
import org.onosproject.net.device.DeviceListener;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleService;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketPriority;
import org.onosproject.net.packet.PacketService;
import org.onosproject.net.topology.TopologyListener;
import org.onosproject.net.topology.TopologyService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that stands in the switches without a connection, and the ARP that makes it reachable.
 *
 * <p>Between {@link #start()} and {@link #close()} it keeps the standing rules equal to what the configuration, the topology
 * and the places of servers, routers and clients ask for, and leaves the exact rules of connections to its user: it never
 * adds or removes one, but rewrites the ones that name a server's former MAC address or, in switches with one table, a
 * former port.
 *
 * <p>Every method is thread-safe and returns at once, apart from {@link #close()}.
 */
public final class Fabric implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Fabric.class);

    /** How long changes are gathered before they are acted on. */
    private static final long GATHER_MILLIS = 50;

    private static final long TICK_MILLIS = 500;
    private static final long AUDIT_MILLIS = 60_000;
    private static final long LINKS_MILLIS = 5_000;
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final long LAST_RETRY_MILLIS = 30_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final TrafficSelector ARP = DefaultTrafficSelector.builder()
            .matchEthType(EtherType.ARP.ethType().toShort())
            .build();

    private final ApplicationId app;
    private final KnowledgeStore memory;
    private final FlowRuleService flows;
    private final FlagBoard flags;
    private final PacketService packets;
    private final DeviceService devices;
    private final TopologyService topology;
    private final MastershipService mastership;
    private final Network network;
    private final Rules rules;
    private final Flattening flattening;
    private final Reconciler reconciler;
    private final ExactRules exactRules;
    private final ArpSpeaker speaker;
    private final BucketInstaller bucketInstaller;
    private final Neighbours neighbours = new Neighbours();
    private final LinkMemory links = new LinkMemory();
    private final EdgePorts edgePorts = new EdgePorts();
    private final Prober prober = new Prober();
    private final Repointing repointing;
    private final Worker rulesWorker = new Worker("rules", this::makeRules);
    private final Worker repointWorker = new Worker("repoint", this::repoint);
    private final Worker arpWorker = new Worker("arp", this::tick);
    private final AtomicBoolean running = new AtomicBoolean();
    private final Set<DeviceId> returned = ConcurrentHashMap.newKeySet();
    private final Set<DeviceId> remastered = ConcurrentHashMap.newKeySet();
    private final DeviceListener deviceListener = this::deviceChanged;
    private final TopologyListener topologyListener = event -> rulesWorker.wake(GATHER_MILLIS);
    private final MastershipListener mastershipListener = event -> {
        remastered.add(event.subject());
        rulesWorker.wake(GATHER_MILLIS);
    };

    private volatile FrontEnd frontEnd;
    private volatile ImmutableSet<IlbId> out = ImmutableSet.of();
    private volatile Situation situation;
    private volatile Standing standing = Standing.NONE;
    private volatile long audited;
    /** What a former run knew, until it is taken over. */
    private final AtomicReference<Knowledge> recalled = new AtomicReference<>();
    /** What is written down; null while it is not known whether a former run left something better. */
    private volatile Knowledge remembered;

    private volatile ImmutableMap<IlbId, ImmutableMap<Endpoint, BucketTable>> buckets = ImmutableMap.of();
    private long retryMillis = FIRST_RETRY_MILLIS;

    /**
     * Creates a fabric that does nothing yet.
     *
     * @param app the application whose rules and packet requests these are
     * @param flows where rules are applied
     * @param packets where ARP is requested and sent
     * @param devices which switches and ports are up
     * @param topology how switches are linked
     * @param mastership which switches are this node's to write to
     * @param flagRules keeps the rules that match TCP flags
     * @param memory keeps what was learnt of the network for the next run
     */
    public Fabric(
            ApplicationId app,
            FlowRuleService flows,
            PacketService packets,
            DeviceService devices,
            TopologyService topology,
            MastershipService mastership,
            FlagRules flagRules,
            KnowledgeStore memory) {
        this(app, flows, packets, devices, topology, mastership, flagRules, memory, PATIENCE);
    }

    Fabric(
            ApplicationId app,
            FlowRuleService flows,
            PacketService packets,
            DeviceService devices,
            TopologyService topology,
            MastershipService mastership,
            FlagRules flagRules,
            KnowledgeStore memory,
            Duration patience) {
        this.memory = checkNotNull(memory);
        this.flows = checkNotNull(flows);
        this.flags = new FlagBoard(checkNotNull(flagRules));
        this.app = checkNotNull(app);
        this.packets = checkNotNull(packets);
        this.devices = checkNotNull(devices);
        this.topology = checkNotNull(topology);
        this.mastership = checkNotNull(mastership);
        this.network = new Network(devices, topology, mastership, flows);
        this.rules = new Rules(app);
        this.flattening = new Flattening(app);
        this.reconciler = new Reconciler(flows, app, patience);
        this.exactRules = new ExactRules(flows, app);
        this.repointing = new Repointing(flows);
        this.speaker = new ArpSpeaker(packets);
        this.bucketInstaller = new BucketInstaller(flows, app, flags, this::bucketInputs, this::writableDevice);
    }

    /** Listens to the network and requests ARP. Does nothing to a switch before the first configuration. Once only. */
    public void start() {
        running.set(true);
        packets.requestPackets(ARP, PacketPriority.CONTROL, app);
        devices.addListener(deviceListener);
        topology.addListener(topologyListener);
        mastership.addListener(mastershipListener);
        audited = now();
        memory.read().whenComplete(this::recall);
        rulesWorker.start();
        bucketInstaller.start();
        repointWorker.start();
        arpWorker.start();
        arpWorker.wake(TICK_MILLIS);
    }

    /**
     * Puts a configuration in force, in place of the one before; rules of what did not change are not touched.
     *
     * @param newFrontEnd the configuration
     */
    public void configure(FrontEnd newFrontEnd) {
        neighbours.configure(newFrontEnd);
        frontEnd = checkNotNull(newFrontEnd);
        rulesWorker.wake(0);
    }

    /**
     * Says which ILBs are out. Replies leave at once by the uplinks of others, if there are any; a router that asks for the
     * address of an ILB that is out gets no answer, so that it takes another next hop when its patience is over. Transit
     * through such an ILB's switch is not affected: what is connected forwards.
     *
     * @param ilbs the ids of all ILBs that are out from now on
     */
    public void out(Set<IlbId> ilbs) {
        out = ImmutableSet.copyOf(ilbs);
        repointWorker.wake(0);
    }

    /** Removes every standing rule and the ARP request, and stops; waits a few seconds at most for the switches. */
    @Override
    public void close() {
        detach();
        flags.clear();
        if (!reconciler.clear()) {
            log.warn("Not every switch confirmed that its standing rules are gone");
        }
    }

    /**
     * Stops, but leaves every rule where it is: for a controller that goes down while its switches forward on. Waits a few
     * seconds at most for what is under way.
     */
    public void detach() {
        if (!running.getAndSet(false)) {
            return;
        }
        mastership.removeListener(mastershipListener);
        topology.removeListener(topologyListener);
        devices.removeListener(deviceListener);
        packets.cancelPackets(ARP, PacketPriority.CONTROL, app);
        arpWorker.stop();
        repointWorker.stop();
        bucketInstaller.stop();
        rulesWorker.stop();
        situation = null;
        standing = Standing.NONE;
    }

    /**
     * Answers, or learns from, an ARP packet. For the packet thread; neither blocks nor throws on any content.
     *
     * @param context a packet of ethertype ARP
     * @return true if the packet was ours; it has then been blocked
     */
    public boolean arp(PacketContext context) {
        Situation known = situation;
        if (known == null) {
            return false;
        }
        Optional<ArpMessage> read = ArpMessage.read(context.inPacket().parsed());
        if (read.isEmpty()) {
            return false;
        }
        ArpMessage message = read.get();
        ConnectPoint at = context.inPacket().receivedFrom();
        if (neighbours.hear(known, message, at, now())) {
            rulesWorker.wake(GATHER_MILLIS);
        }
        Optional<MacAddress> answer = ArpPolicy.answer(known, message, at);
        boolean ours = answer.isPresent() || ArpPolicy.isOurs(known, message);
        if (ours) {
            context.block();
        }
        answer.ifPresent(mac -> {
            if (waitsForRules(known, message, at)) {
                speaker.answerLater(message, at);
            } else {
                speaker.answer(message, mac, at);
            }
        });
        return ours;
    }

    /**
     * Learns from a client's segment that a switch punted where the client is, should it not be known: after a restart,
     * clients go on sending long before they ask for the virtual address again. Flat mode only; neither blocks nor throws.
     *
     * @param at the port that it came in by
     * @param mac the client's MAC address, the segment's source
     * @param client the client's address
     */
    public void seen(ConnectPoint at, MacAddress mac, IpAddress client) {
        Situation known = situation;
        if (known != null && neighbours.see(known, new Place(mac, at), client, now())) {
            rulesWorker.wake(GATHER_MILLIS);
        }
    }

    /**
     * Has clients looked for that a former run of the application knew and whose connections live on: the servers' answers
     * to them need the way back, and a client that only waits for an answer will not make itself heard. Flat mode only.
     *
     * @param clients the clients' addresses
     */
    public void expect(Collection<IpAddress> clients) {
        neighbours.expect(clients, now());
    }

    private static boolean waitsForRules(Situation known, ArpMessage message, ConnectPoint at) {
        return !known.routed()
                && message.hasSender()
                && known.isVirtual(message.target())
                && !new Place(message.senderMac(), at).equals(known.clients().get(message.sender()));
    }

    /**
     * Returns where a server is.
     *
     * @param server a configured server
     * @return its place, empty while it is unknown
     */
    public Optional<Place> serverPlace(Endpoint server) {
        Situation known = situation;
        return known == null ? Optional.empty() : known.server(server);
    }

    /**
     * Asks by ARP whether a server is where it was last. Its answer will be {@linkplain #heard heard}.
     *
     * @param server a configured server
     */
    public void ask(Endpoint server) {
        Situation known = situation;
        serverPlace(server).ifPresent(place -> {
            IpAddress asker = Prober.askerFor(known, server.address());
            ArpMessage request = ArpMessage.request(FabricMac.of(asker), asker, server.address());
            speaker.send(request.toFrame(MacAddress.BROADCAST), place.location());
        });
    }

    /**
     * Tells how long ago a server spoke ARP last.
     *
     * @param server a configured server
     * @return milliseconds, empty if it never did
     */
    public Optional<Long> heard(Endpoint server) {
        return neighbours.serverHeard(server.address()).map(at -> now() - at);
    }

    /**
     * Tells whether any server has been found: if not, none is to blame for not being there.
     *
     * @return false while the network is not known
     */
    public boolean knowsServers() {
        Situation known = situation;
        return known != null && !known.serverPlaces().isEmpty();
    }

    /**
     * Returns the port that a frame from an ILB to a server, or to another ILB, leaves by.
     *
     * @param device the ILB's switch
     * @param destination the MAC address of the server or of the other ILB
     * @param ingress the port that the frame came in by
     * @return the port, {@code IN_PORT} where it is the ingress port; empty while there is no way
     */
    public Optional<PortNumber> egress(DeviceId device, MacAddress destination, PortNumber ingress) {
        return standing.egress(device, destination).map(out -> out.equals(ingress) ? PortNumber.IN_PORT : out);
    }

    /**
     * Builds the exact rule of a connection as the switch needs it: it rewrites to the server and sends on to transit. It
     * goes by itself after {@link Rules#BACKSTOP} only.
     *
     * @param device the receiving ILB's switch
     * @param key the connection
     * @param server its server
     * @param ingress the port that the connection came in by
     * @return the rule, to be applied by the caller; empty while the device is no ILB or the server's place or way is unknown
     */
    public Optional<FlowRule> exact(DeviceId device, FlowKey key, Endpoint server, PortNumber ingress) {
        Optional<Service> service = service(key.destination());
        Endpoint addressed = service.map(known -> known.addressed(server)).orElse(server);
        boolean inBuckets = service.flatMap(Service::buckets).isPresent();
        return ofConnection(
                device,
                ingress,
                known -> known.server(server).map(Place::mac),
                (ilb, mac) -> inBuckets
                        ? rules.exactInBucket(device, ilb, key, addressed, mac)
                        : rules.exact(device, ilb, key, addressed, mac));
    }

    private Optional<Service> service(Endpoint endpoint) {
        FrontEnd configured = frontEnd;
        return configured == null
                ? Optional.empty()
                : configured.services().stream()
                        .filter(one -> one.endpoint().equals(endpoint))
                        .findFirst();
    }

    /**
     * Says where an ILB sends each bucket of each service, in place of what was said before. A bucket that moves, or stops,
     * does so without a gap: what its wildcard leads to stands before it and goes after it. Only what differs is sent.
     *
     * <p>Whether or not the switch can take them now, these rules stand from now on: they are put when the switch comes
     * back and when a server is found, and follow servers that move.
     *
     * @param ilb the ILB
     * @param tables the buckets by the virtual address and port of their service; services that are absent have none
     * @return done when the ILB's switch has acknowledged all of it; fails if it does not answer within a few seconds, is
     *     not connected or is another node's to write to, and if nobody knows where one of the servers is
     */
    public CompletableFuture<Void> buckets(IlbId ilb, Map<Endpoint, BucketTable> tables) {
        boolean movesDiffer;
        synchronized (bucketInstaller) {
            SetMultimap<Endpoint, PortBits> before = moving();
            Map<IlbId, ImmutableMap<Endpoint, BucketTable>> next = new LinkedHashMap<>(buckets);
            next.put(ilb, ImmutableMap.copyOf(tables));
            buckets = ImmutableMap.copyOf(next);
            movesDiffer = !before.equals(moving());
        }
        CompletableFuture<Void> done = bucketInstaller.bring(ilb);
        if (movesDiffer) {
            rulesWorker.wake(GATHER_MILLIS);
        }
        return done;
    }

    /**
     * Tells whether an ILB's switch has acknowledged all the rules of buckets that it shall have.
     *
     * @param ilb the ILB
     * @return false as long as something of it is under way or cannot be done
     */
    public boolean bucketsStand(IlbId ilb) {
        return bucketInstaller.stands(ilb);
    }

    /**
     * Returns what an ILB's wildcard rules of a service's buckets counted. A count starts anew when the bucket's route
     * changes.
     *
     * @param ilb the ILB
     * @param service the virtual address and port
     * @return by the buckets' bits of the client's port, as of ONOS's last poll; without those that have no rule
     */
    public Map<Integer, BucketCount> bucketCounts(IlbId ilb, Endpoint service) {
        Situation known = situation;
        Optional<DeviceId> device =
                known == null ? Optional.empty() : configured(known, ilb).map(Ilb::device);
        return device.map(id -> BucketCount.read(flows.getFlowEntries(id), app, service))
                .orElse(ImmutableMap.of());
    }

    /**
     * Builds the rule that relays a connection from the receiving ILB through the fabric to its owner, whose exact rule
     * rewrites it (claims 12 to 15). The virtual address stays; the owner gets it from the receiver's MAC address.
     *
     * <p>It is no replacement of the connection's exact rule, nor the other way round: their priorities differ and an exact
     * rule precedes. To change from one to the other, put the new one and then remove the old. What was relayed once
     * never meets a relay rule again, so two ILBs that take each other for the owner make no loop.
     *
     * @param device the receiving ILB's switch
     * @param key the connection
     * @param owner the ILB that it is relayed to, another one
     * @param ingress the port that the connection came in by
     * @return the rule, to be applied by the caller; empty while the device or the owner is no ILB, both are the same or no
     *     way is known
     */
    public Optional<FlowRule> relay(DeviceId device, FlowKey key, IlbId owner, PortNumber ingress) {
        return ofConnection(
                device,
                ingress,
                known -> known.frontEnd().ilbs().stream()
                        .filter(ilb -> ilb.id().equals(owner))
                        .map(FabricMac::of)
                        .findFirst(),
                (ilb, mac) -> rules.relay(device, ilb, key, mac));
    }

    private Optional<FlowRule> ofConnection(
            DeviceId device,
            PortNumber ingress,
            Function<Situation, Optional<MacAddress>> destination,
            BiFunction<MacAddress, MacAddress, FlowRule> rule) {
        Situation known = situation;
        if (known == null) {
            return Optional.empty();
        }
        Optional<MacAddress> ilb = known.ilb(device).map(FabricMac::of);
        Optional<MacAddress> mac = destination.apply(known);
        Optional<PortNumber> out = mac.flatMap(to -> egress(device, to, ingress));
        if (ilb.isEmpty() || out.isEmpty()) {
            return Optional.empty();
        }
        FlowRule tables = rule.apply(ilb.get(), mac.get());
        return Optional.of(
                known.singleTable().contains(device) ? flattening.exact(tables, ilb.get(), out.get()) : tables);
    }

    /**
     * Returns the rules by which ILBs drop fragments of clients' segments, and count them.
     *
     * @return those that should stand now
     */
    public Set<FlowRule> fragmentRules() {
        Situation known = situation;
        Standing asked = standing;
        ImmutableSet.Builder<FlowRule> all = ImmutableSet.builder();
        if (known != null) {
            for (Ilb ilb : known.frontEnd().ilbs()) {
                Set<FlowRule> there = asked.rules(ilb.device());
                known.frontEnd().services().stream()
                        .map(service -> rules.fragments(
                                ilb.device(),
                                FabricMac.of(ilb),
                                service.endpoint().address()))
                        .filter(there::contains)
                        .forEach(all::add);
            }
        }
        return all.build();
    }

    /**
     * Returns the MAC address of an ILB's next hop.
     *
     * @param ilb an ILB with an uplink
     * @return the router's MAC address, empty while it is not resolved
     */
    public Optional<MacAddress> nextHop(IlbId ilb) {
        Situation known = situation;
        return known == null
                ? Optional.empty()
                : Optional.ofNullable(known.nextHops().get(ilb)).map(NextHop::mac);
    }

    private void deviceChanged(DeviceEvent event) {
        switch (event.type()) {
            case PORT_STATS_UPDATED:
                return;
            case DEVICE_ADDED:
            case DEVICE_AVAILABILITY_CHANGED:
                // A switch that comes back may have lost its rules; ONOS notices only when it polls. And what it
                // has kept ONOS takes away at its first poll, if a restart made it forget.
                returned.add(event.subject().id());
                rulesWorker.wake(devices.isAvailable(event.subject().id()) ? 0 : GATHER_MILLIS);
                return;
            default:
                break;
        }
        rulesWorker.wake(GATHER_MILLIS);
    }

    private void recall(String text, Throwable failure) {
        Knowledge former = Knowledge.NONE;
        if (failure != null) {
            log.warn("What a former run knew of the network cannot be read; it is learnt again", failure);
        } else {
            former = Knowledge.read(text);
        }
        recalled.set(former);
        rulesWorker.wake(0);
    }

    /** Takes over what a former run knew; whatever is learnt from now on contradicts it. */
    private void takeOver(FrontEnd configured) {
        Knowledge former = recalled.getAndSet(null);
        if (former != null) {
            links.recall(former.cables(), now());
            neighbours.recall(configured, former);
            remembered = former;
        }
    }

    /** Leaves to the next run what this one knows. */
    private void remember(Situation known) {
        if (remembered == null) {
            return;
        }
        Map<IlbId, MacAddress> routers = new LinkedHashMap<>();
        known.nextHops().forEach((ilb, hop) -> routers.put(ilb, hop.mac()));
        Wiring wiring = known.wiring();
        Knowledge now = new Knowledge(known.servers(), routers, Sets.union(wiring.live(), wiring.remembered()));
        if (!now.equals(remembered)) {
            remembered = now;
            memory.write(now.written());
        }
    }

    /** Points replies away from who is out, and has the rest follow. On a thread of its own, which waits for nobody. */
    private void repoint() {
        Situation known = situation;
        if (known != null) {
            Situation now = known.withOut(out);
            Set<DeviceId> writable = ImmutableSet.copyOf(Sets.filter(now.available(), network::isMaster));
            int replaced = repointing.repoint(standing, Standing.of(now, rules, flattening), writable);
            log.debug("Out: {}; {} rules repointed", out, replaced);
        }
        rulesWorker.wake(0);
    }

    /** Takes the situation, computes what follows and brings the switches there. On the rules' thread only. */
    private void makeRules() {
        FrontEnd configured = frontEnd;
        if (configured == null) {
            return;
        }
        takeOver(configured);
        repointing.takeReplaced().forEach(reconciler::distrust);
        List<ArpSpeaker.Waiting> waiting = speaker.takeWaiting();
        Situation taken = take(configured);
        Standing wanted = Standing.of(taken, rules, flattening);
        situation = taken;
        standing = wanted;
        Set<DeviceId> writable = ImmutableSet.copyOf(Sets.filter(taken.available(), network::isMaster));
        Set<DeviceId> anew = take(returned, writable);
        Set<DeviceId> takenOver = take(remastered, writable);
        bucketInstaller.distrust(Sets.union(anew, takenOver));
        bucketInstaller.refresh();
        takenOver.forEach(reconciler::forget);
        anew.forEach(reconciler::distrust);
        if (now() - audited >= AUDIT_MILLIS) {
            audited = now();
            writable.forEach(reconciler::forget);
            bucketInstaller.audit();
        }
        Set<DeviceId> late = reconciler.reconcile(wanted, writable);
        // They lead to tables that must be filled before.
        flags.keepServices(wanted.flags());
        exactRules.follow(taken, wanted, writable);
        speaker.answer(taken, waiting);
        speaker.tellClients(taken);
        remember(taken);
        if (late.isEmpty()) {
            retryMillis = FIRST_RETRY_MILLIS;
        } else {
            rulesWorker.wake(retryMillis);
            retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
        }
    }

    private static Set<DeviceId> take(Set<DeviceId> gathered, Set<DeviceId> which) {
        Set<DeviceId> taken = ImmutableSet.copyOf(Sets.intersection(gathered, which));
        gathered.removeAll(taken);
        return taken;
    }

    private Situation take(FrontEnd configured) {
        ImmutableSet<DeviceId> available = network.available();
        Wiring wiring = links.update(network.cables(), available::contains, now());
        return Situation.of(configured)
                .wiring(wiring)
                .available(available)
                .singleTable(singleTable(configured, available))
                .servers(neighbours.servers(configured, wiring::isFabric))
                .nextHops(nextHops(configured))
                .clients(neighbours.clients(wiring::isFabric))
                .directHosts(neighbours.directHosts(wiring::isFabric))
                .moving(moving())
                .out(out)
                .build();
    }

    /** The buckets that are not settled everywhere. */
    private SetMultimap<Endpoint, PortBits> moving() {
        SetMultimap<Endpoint, PortBits> moving = HashMultimap.create();
        buckets.values()
                .forEach(tables ->
                        tables.forEach((service, table) -> table.routes().forEach((bits, route) -> {
                            if (!route.isDirect()) {
                                moving.put(service, PortBits.of(bits, table.portMask()));
                            }
                        })));
        return moving;
    }

    private Optional<BucketRules.Inputs> bucketInputs(IlbId ilb) {
        Situation known = situation;
        Map<Endpoint, BucketTable> tables = buckets.getOrDefault(ilb, ImmutableMap.of());
        return known == null
                ? Optional.empty()
                : configured(known, ilb).map(one -> new BucketRules.Inputs(one, tables, known, standing));
    }

    private Optional<DeviceId> writableDevice(IlbId ilb) {
        Situation known = situation;
        return known == null
                ? Optional.empty()
                : configured(known, ilb)
                        .map(Ilb::device)
                        .filter(device -> devices.isAvailable(device) && network.isMaster(device));
    }

    private static Optional<Ilb> configured(Situation known, IlbId id) {
        return known.frontEnd().ilbs().stream()
                .filter(ilb -> ilb.id().equals(id))
                .findFirst();
    }

    private Set<DeviceId> singleTable(FrontEnd configured, Set<DeviceId> available) {
        return Sets.union(configured.settings().singleTable(), Sets.filter(available, network::hasSingleTable));
    }

    private Map<IlbId, NextHop> nextHops(FrontEnd configured) {
        long fresh = now() - Neighbours.FRESH_MILLIS;
        ImmutableMap.Builder<IlbId, NextHop> hops = ImmutableMap.builder();
        ImmutableSet<DeviceId> available = network.available();
        for (Ilb ilb : configured.ilbs()) {
            if (ilb.uplink().isPresent()) {
                ConnectPoint port =
                        new ConnectPoint(ilb.device(), ilb.uplink().get().port());
                boolean live = available.contains(ilb.device())
                        && network.isUp(port)
                        && neighbours
                                .routerHeard(ilb.id())
                                .filter(heard -> heard > fresh)
                                .isPresent();
                neighbours.router(ilb.id()).ifPresent(mac -> hops.put(ilb.id(), new NextHop(mac, live)));
            }
        }
        return hops.build();
    }

    /** Asks who has to be asked, and notices what only time tells. On ARP's thread only. */
    private void tick() {
        arpWorker.wake(TICK_MILLIS);
        Situation known = situation;
        if (known == null) {
            return;
        }
        boolean stale = neighbours.age(now()) || !known.nextHops().equals(nextHops(known.frontEnd()));
        if (stale || now() - audited >= AUDIT_MILLIS) {
            rulesWorker.wake(0);
        } else if (!known.wiring().remembered().isEmpty()) {
            rulesWorker.wake(LINKS_MILLIS);
        }
        Set<ConnectPoint> ports = edgePorts.of(known, network, now());
        for (Prober.Probe probe : prober.due(known, neighbours, ports, now())) {
            speaker.send(probe.frame(), probe.port());
        }
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
