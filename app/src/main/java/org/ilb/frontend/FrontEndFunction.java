package org.ilb.frontend;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.primitives.UnsignedBytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.ilb.Association;
import org.ilb.AssociationFilter;
import org.ilb.AssociationPage;
import org.ilb.BucketStatus;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.IlbStatus;
import org.ilb.Ranking;
import org.ilb.ServerStatus;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.Statistics;
import org.ilb.Uplink;
import org.ilb.View;
import org.ilb.ViewPeriod;
import org.ilb.association.AssociationStore;
import org.ilb.connection.Balancers;
import org.ilb.connection.LoadBalancer;
import org.ilb.dataplane.fabric.Fabric;
import org.ilb.dataplane.fabric.Place;
import org.ilb.election.Electorate;
import org.ilb.membership.Membership;
import org.ilb.membership.TransferTable;
import org.ilb.server.Affinities;
import org.ilb.server.Loads;
import org.ilb.server.SelectionPolicies;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/**
 * The front-end function: the configuration in force, its ILBs, and the connections that they share.
 *
 * <p>Changes come from one thread, the control thread; questions and segments from any.
 */
final class FrontEndFunction {

    private static final FrontEnd NOTHING = new FrontEnd(
            ImmutableList.of(), ImmutableList.of(), Settings.builder(0).build());
    private static final int TRANSFER_SECONDS = 30;
    private static final long LOADS_PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Counting may take a twentieth of the control thread's time. */
    private static final int LOADS_SHARE = 20;

    private static final int JUDGED_PER_TICK = 2_000;
    private static final long LOAD_FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AssociationStore store;
    private final Fabric fabric;
    private final RuleInstaller installer;
    private final RuleBook rules;
    private final Stripes stripes;
    private final Tally tally;
    private final LongSupplier nanoTime;
    private final Instant since = Instant.now();
    private final SegmentPath path;
    private final IcmpPath icmp;
    private final Fragments fragments;
    private final ServerLoad serverLoad;
    private final Pools pools;
    private final BucketMap bucketMap = new BucketMap();
    private final Affinities affinities;
    private final BucketKeeper buckets;
    private final ViewHistory history = new ViewHistory();
    private long loadsDue;

    /** What a former run left, until the first configuration says who owns it. */
    private List<Association> formerRun = ImmutableList.of();

    private final Restoration restoration = new Restoration();
    private volatile Set<IlbId> out = ImmutableSet.of();

    private volatile Enrolment enrolment = new Enrolment(NOTHING);
    private volatile boolean configured;
    /** False while a view has changed and not everyone who is concerned has been told. */
    private volatile boolean settled = true;

    private volatile Balancers balancers;

    FrontEndFunction(
            AssociationStore store,
            Fabric fabric,
            RuleInstaller installer,
            RuleCounts counts,
            Release release,
            Stripes stripes,
            Tally tally,
            LongSupplier nanoTime,
            Executor control,
            Predicate<DeviceId> reachable,
            BooleanSupplier flags,
            Pools pools) {
        this.store = store;
        this.pools = pools;
        this.fabric = fabric;
        this.installer = installer;
        this.stripes = stripes;
        this.tally = tally;
        this.nanoTime = nanoTime;
        this.affinities = new Affinities(nanoTime);
        this.balancers = new Balancers(electorate(Membership.NOBODY, NOTHING.settings()), 0, affinities);
        this.rules = new RuleBook(this::enrolment, fabric, installer, counts, stripes, tally, nanoTime);
        this.path = new SegmentPath(
                this::enrolment,
                this::balancers,
                bucketMap,
                affinities,
                pools,
                () -> settled,
                store,
                fabric,
                rules,
                release,
                stripes,
                tally,
                nanoTime);
        this.icmp = new IcmpPath(this::enrolment, path, release, tally, nanoTime);
        this.fragments = new Fragments(rule -> counts.of(rule).packets());
        BucketTables tables = new BucketTables(
                fabric,
                path.pinning(),
                control,
                ilb -> reachable.test(ilb.device()),
                bucketMap::services,
                pools,
                flags);
        this.buckets = new BucketKeeper(
                this::balancers,
                new BucketBindings(this::balancers, store, stripes, tally, control),
                path,
                tally,
                nanoTime,
                control,
                bucketMap,
                tables,
                flags,
                pools,
                new BucketLoads(fabric, this::enrolment, nanoTime));
        path.tell(buckets::unbound, buckets::unpinned, ilb -> reachable.test(ilb.device()));
        this.serverLoad = new ServerLoad(this::forEachConnection, LOAD_FRESH_NANOS, nanoTime);
        this.loadsDue = nanoTime.getAsLong();
    }

    private static Electorate electorate(View view, Settings settings) {
        return Electorate.of(view, settings.score(), settings.seed());
    }

    IcmpPath icmp() {
        return icmp;
    }

    SegmentPath path() {
        return path;
    }

    Enrolment enrolment() {
        return enrolment;
    }

    private Balancers balancers() {
        return balancers;
    }

    /** Takes up the associations of a former run; before the first configuration, so that nobody owns them yet. */
    void takeUp(List<Association> associations) {
        long lastView = associations.stream().mapToLong(Association::view).max().orElse(0);
        View view = new View(lastView, ImmutableSet.of());
        balancers = new Balancers(electorate(view, NOTHING.settings()), 0, affinities);
        formerRun = ImmutableList.copyOf(associations);
        buckets.takeUp(associations.stream()
                .filter(association -> association.key().isBucket())
                .collect(ImmutableList.toImmutableList()));
    }

    /** Puts a configuration in force; what it leaves as it was goes on undisturbed. */
    void configure(Optional<FrontEnd> wanted) {
        FrontEnd next = wanted.orElse(NOTHING);
        FrontEnd before = enrolment.frontEnd();
        // Counted from its first packet on.
        tally.meters().configure(next);
        enrolment = new Enrolment(next);
        pools.refresh(next.services());
        configured = wanted.isPresent();
        Set<Endpoint> affine = affinities.configured(next.services());
        if (!affine.isEmpty()) {
            connections(association -> affine.contains(association.key().destination()))
                    .forEach(path::bind);
        }
        withdraw(before);
        inUnsettledView(() -> enter(next, before));
        fabric.configure(next);
        buckets.configure(next, this::forEachOwned);
        endDoomed();
        pools.followed();
        Set<IlbId> ilbs = ids(next);
        installer.removeNow(rules.received().forgetIlbs(ilb -> !ilbs.contains(ilb)));
    }

    /** Takes note of the ILBs that give no sign of life (claim 16): a new view is entered without them. */
    void out(Set<IlbId> silent) {
        if (silent.equals(out)) {
            return;
        }
        out = ImmutableSet.copyOf(silent);
        if (!configured) {
            return;
        }
        FrontEnd now = enrolment.frontEnd();
        inUnsettledView(() -> enter(now, now));
    }

    private void inUnsettledView(Runnable step) {
        settled = false;
        try {
            step.run();
        } finally {
            settled = true;
        }
        path.routes().repointAll();
    }

    /** The ILBs that own connections: those that are neither out nor being drained, unless none would remain. */
    private Set<IlbId> eligible(FrontEnd frontEnd) {
        Set<IlbId> live = Sets.difference(ids(frontEnd), out);
        Set<IlbId> drained =
                frontEnd.ilbs().stream().filter(Ilb::draining).map(Ilb::id).collect(ImmutableSet.toImmutableSet());
        Set<IlbId> members = view().members();
        // A newcomer gets its bucket rules before it is announced as in.
        Set<IlbId> eligible = Sets.filter(
                Sets.difference(live, drained),
                ilb -> members.isEmpty() || members.contains(ilb) || buckets.isReady(ilb));
        Set<IlbId> chosen = !eligible.isEmpty() ? eligible : !live.isEmpty() ? live : ids(frontEnd);
        return ImmutableSet.copyOf(chosen);
    }

    /** Enters the view of the ILBs that are in (claims 17 and 18). */
    private void enter(FrontEnd next, FrontEnd before) {
        Set<IlbId> configuredIlbs = ids(next);
        Set<IlbId> ilbs = eligible(next);
        if (!scoredAlike(next.settings(), before.settings()) || !formerRun.isEmpty()) {
            beginAfresh(next, configuredIlbs, ilbs);
            return;
        }
        // Whoever is or becomes a member has to be there; whoever leaves goes only when its last view is over.
        Set<IlbId> present = new TreeSet<>(configuredIlbs);
        present.addAll(balancers.electorate().view().members());
        balancers.configured(present, pools.inForce(next.services()));
        // One at a time, so that there is always one who knows a connection and can tell the newcomer.
        Set<IlbId> members = new TreeSet<>(balancers.electorate().view().members());
        for (IlbId newcomer : ImmutableSet.copyOf(Sets.difference(ilbs, members))) {
            members.add(newcomer);
            change(members);
        }
        for (IlbId leaver : ImmutableSet.copyOf(Sets.difference(members, ilbs))) {
            members.remove(leaver);
            change(members);
        }
        balancers.configured(configuredIlbs, pools.inForce(next.services()));
    }

    private void change(Set<IlbId> members) {
        View view = balancers.electorate().view();
        View following = Membership.next(view, members);
        if (following != view) {
            List<CompletableFuture<Void>> transfers = new ArrayList<>();
            balancers.change(following).forEach(table -> transfers.addAll(transfer(table)));
            CompletableFuture.allOf(transfers.toArray(new CompletableFuture<?>[0]))
                    .completeOnTimeout(null, TRANSFER_SECONDS, TimeUnit.SECONDS)
                    .join();
            entered(following);
        }
    }

    private void entered(View view) {
        history.entered(view, Instant.now());
        tally.add(Count.VIEWS);
    }

    /** Tells owners and backups, each on its connection's stripe; completes when all of this node know. */
    private List<CompletableFuture<Void>> transfer(TransferTable table) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (Association association : table.associations()) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            told.add(done);
            stripes.execute(association.key(), () -> {
                try {
                    // The store is not told: whoever reads from it elects owner and backup in its own view.
                    balancers.transferred(association);
                } finally {
                    // Whatever happens to one connection, the view settles for the others.
                    done.complete(null);
                }
            });
        }
        return told;
    }

    /** Scored otherwise, everything may have another owner: each ILB starts with nothing and hears of all connections. */
    private void beginAfresh(FrontEnd next, Set<IlbId> configuredIlbs, Set<IlbId> ilbs) {
        Balancers old = balancers;
        View following = new View(view().number() + 1, ilbs);
        Settings settings = next.settings();
        Balancers fresh = new Balancers(electorate(following, settings), settings.cacheSize(), affinities);
        fresh.configured(configuredIlbs, pools.inForce(next.services()));
        formerRun.stream().filter(enrolment::serves).forEach(fresh::publish);
        forEachOwned(old, fresh::publish);
        balancers = fresh;
        entered(following);
        // What was decided meanwhile was told to the old ones.
        stripes.barrier()
                .completeOnTimeout(null, TRANSFER_SECONDS, TimeUnit.SECONDS)
                .join();
        forEachOwned(old, fresh::publish);
        for (Association association : formerRun) {
            if (association.key().isBucket()) {
                continue;
            }
            if (enrolment.serves(association)) {
                path.idle().start(association.key(), nanoTime.getAsLong());
                path.takeUp(association);
                restoration.add(association);
            } else {
                path.endings().end(association, Count.WITHDRAWN);
            }
        }
        formerRun = ImmutableList.of();
    }

    private static boolean scoredAlike(Settings a, Settings b) {
        return a.score() == b.score() && a.seed() == b.seed() && a.cacheSize() == b.cacheSize();
    }

    /** Ends the connections whose service or server is configured no more, or is addressed otherwise than when they began. */
    private void withdraw(FrontEnd before) {
        Enrolment former = new Enrolment(before);
        // Buckets whose server went get another one.
        connections(association -> !enrolment.serves(association) || addressedOtherwise(association, former))
                .forEach(association -> path.endings().end(association, Count.WITHDRAWN));
    }

    private boolean addressedOtherwise(Association association, Enrolment former) {
        Service service = former.service(association.key());
        return service != null
                && service.returnMode() != enrolment.service(association.key()).returnMode();
    }

    /** Tells the policies that ask for it how many connections servers have; seldom where counting takes long. */
    private void tellLoads() {
        long now = nanoTime.getAsLong();
        if (now - loadsDue < 0
                || enrolment.frontEnd().services().stream()
                        .noneMatch(service -> SelectionPolicies.countsConnections(service.policy()))) {
            return;
        }
        int owners = Math.max(1, view().members().size());
        balancers.loaded(new Loads(serverLoad.all(0), owners));
        long took = nanoTime.getAsLong() - now;
        loadsDue = now + Math.max(LOADS_PERIOD_NANOS, took * LOADS_SHARE);
    }

    /** Does what is due of what takes time: lives to be judged, rules to be put back or taken away. */
    void tick() {
        refreshPools();
        tellLoads();
        path.endings().judgeDue(JUDGED_PER_TICK);
        if (!restoration.isEmpty()) {
            Enrolment now = enrolment;
            restoration.take(now, this::isReady).forEach((ilb, keys) -> {
                PortNumber ingress = ilb.uplink().map(Uplink::port).orElse(PortNumber.ANY);
                keys.forEach(key -> path.routes().restore(ilb, key, ingress));
            });
        }
        buckets.tick();
        admit();
        installer.flush();
    }

    /** Follows what has been found of servers' health, and the time: drains end. */
    void refreshPools() {
        FrontEnd now = enrolment.frontEnd();
        if (pools.refresh(now.services())) {
            balancers.configured(ids(now), pools.inForce(now.services()));
            buckets.poolsChanged();
            endDoomed();
        }
        pools.followed();
    }

    /** Ends the connections of servers that failed, where their services want it so. */
    private void endDoomed() {
        Set<Endpoint> doomed = pools.doomed();
        if (!doomed.isEmpty()) {
            connections(association -> doomed.contains(association.server())).forEach(path.endings()::fail);
        }
    }

    /** Enters a view with the ILBs that waited for their bucket rules and have them now. */
    private void admit() {
        FrontEnd now = enrolment.frontEnd();
        if (configured && !eligible(now).equals(view().members())) {
            inUnsettledView(() -> enter(now, now));
        }
    }

    /** Whether the ways from an ILB to the servers are known, so that rules can be put there. */
    private boolean isReady(Ilb ilb) {
        return enrolment.frontEnd().services().stream()
                .flatMap(service -> service.allServers().stream())
                .map(server -> fabric.serverPlace(server.endpoint()).map(Place::mac))
                .anyMatch(mac -> mac.flatMap(to -> fabric.egress(ilb.device(), to, PortNumber.ANY))
                        .isPresent());
    }

    /** Ends the connections that have been idle for too long. */
    void expire() {
        affinities.forget();
        path.endings().expireBereaved();
        tally.add(Count.FRAGMENTS, fragments.take(fabric.fragmentRules()));
        long idle = enrolment.frontEnd().settings().associationIdle().toNanos();
        for (FlowKey key : path.idle().takeIdleFor(idle, nanoTime.getAsLong())) {
            balancers.all().stream()
                    .map(ilb -> ilb.ltoc().get(key))
                    .filter(association -> association != null)
                    .findFirst()
                    .ifPresent(association -> path.endings().end(association, Count.EXPIRED));
        }
    }

    private void forEachOwned(Consumer<Association> visitor) {
        forEachOwned(balancers, visitor);
    }

    private void forEachConnection(Consumer<Association> visitor) {
        forEachOwned(association -> {
            if (!association.key().isBucket()) {
                visitor.accept(association);
            }
        });
    }

    private List<Association> connections(Predicate<Association> condition) {
        List<Association> selected = new ArrayList<>();
        forEachConnection(association -> {
            if (condition.test(association)) {
                selected.add(association);
            }
        });
        return selected;
    }

    private static void forEachOwned(Balancers balancers, Consumer<Association> visitor) {
        for (LoadBalancer ilb : balancers.all()) {
            ilb.ltoc().forEach(association -> {
                if (association.owner().equals(ilb.id())) {
                    visitor.accept(association);
                }
            });
        }
    }

    private static Set<IlbId> ids(FrontEnd frontEnd) {
        return frontEnd.ilbs().stream().map(Ilb::id).collect(ImmutableSet.toImmutableSet());
    }

    Optional<FrontEnd> frontEnd() {
        return configured ? Optional.of(enrolment.frontEnd()) : Optional.empty();
    }

    List<ViewPeriod> views() {
        return history.all();
    }

    View view() {
        return balancers.electorate().view();
    }

    Optional<Ranking> elect(FlowKey key) {
        Electorate electorate = balancers.electorate();
        return electorate.size() == 0 ? Optional.empty() : Optional.of(electorate.rank(key));
    }

    IlbStatus status(IlbId id, Predicate<DeviceId> connected) {
        Ilb ilb = enrolment.ilb(id);
        LoadBalancer balancer =
                balancers.find(id).orElseThrow(() -> new IllegalArgumentException("there is no ILB " + id));
        return new IlbStatus(
                view().members().contains(id),
                ilb != null && connected.test(ilb.device()),
                balancer.ltoc().owned(),
                balancer.ltoc().backedUp(),
                balancer.cache().size(),
                rules.received().count(id));
    }

    ServerStatus status(String serviceName, Endpoint server) {
        Service service = enrolment.frontEnd().services().stream()
                .filter(candidate -> candidate.name().equals(serviceName)
                        && candidate.allServers().stream()
                                .anyMatch(s -> s.endpoint().equals(server)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("service " + serviceName + " has no server " + server));
        Optional<Place> place = fabric.serverPlace(server);
        return new ServerStatus(
                place.map(Place::mac).orElse(null),
                place.map(Place::location).orElse(null),
                serverLoad.connections(service.endpoint(), server),
                pools.health(service, server));
    }

    Statistics statistics() {
        FrontEnd frontEnd = enrolment.frontEnd();
        return new Statistics(
                since,
                Instant.now(),
                tally.meters().services(frontEnd, serverLoad::connections),
                tally.meters().ilbs(frontEnd),
                tally.meters().storeWrites(),
                path.settingUp());
    }

    List<BucketStatus> buckets(String serviceName) {
        return buckets.status(enrolment.frontEnd().services().stream()
                .filter(service -> service.name().equals(serviceName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no service " + serviceName)));
    }

    int end(AssociationFilter filter) {
        List<Association> ended = connections(filter::matches);
        ended.forEach(association -> path.endings().end(association, Count.DELETED));
        return ended.size();
    }

    AssociationPage associations(AssociationFilter filter, int offset, int limit) {
        List<Association> selected = connections(filter::matches);
        selected.sort(Comparator.comparing(
                association -> association.key().toBytes(), UnsignedBytes.lexicographicalComparator()));
        int from = Math.min(offset, selected.size());
        int to = (int) Math.min((long) from + limit, selected.size());
        return new AssociationPage(selected.size(), selected.subList(from, to));
    }
}
