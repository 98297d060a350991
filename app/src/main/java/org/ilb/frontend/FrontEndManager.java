package org.ilb.frontend;

import static org.onlab.util.Tools.groupedThreads;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.ilb.AssociationFilter;
import org.ilb.AssociationPage;
import org.ilb.BucketStatus;
import org.ilb.Counters;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.IlbAdminService;
import org.ilb.IlbId;
import org.ilb.IlbService;
import org.ilb.IlbStatus;
import org.ilb.Ranking;
import org.ilb.ServerStatus;
import org.ilb.Statistics;
import org.ilb.View;
import org.ilb.ViewPeriod;
import org.ilb.association.DistributedAssociationStore;
import org.ilb.config.FrontEndWatcher;
import org.ilb.dataplane.fabric.DistributedKnowledgeStore;
import org.ilb.dataplane.fabric.Fabric;
import org.ilb.dataplane.fabric.KnowledgeStore;
import org.ilb.dataplane.flags.FlagRules;
import org.ilb.server.SelectionPolicies;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.CoreService;
import org.onosproject.mastership.MastershipService;
import org.onosproject.net.Device;
import org.onosproject.net.DeviceId;
import org.onosproject.net.config.NetworkConfigRegistry;
import org.onosproject.net.device.DeviceService;
import org.onosproject.net.flow.FlowRuleListener;
import org.onosproject.net.flow.FlowRuleService;
import org.onosproject.net.packet.PacketProcessor;
import org.onosproject.net.packet.PacketService;
import org.onosproject.net.topology.TopologyService;
import org.onosproject.store.service.StorageService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component that ONOS starts and stops: builds the function from its parts and answers what others ask about it.
 *
 * <p>Deactivating the application through ONOS takes everything away from switches and stores. When merely the controller
 * stops, everything stays: switches go on forwarding, and associations are there when it comes back.
 */
@Component(
        immediate = true,
        service = {IlbService.class, IlbAdminService.class})
public class FrontEndManager implements IlbAdminService {

    /** The name of the ONOS application. */
    public static final String APPLICATION = "org.ilb";

    private static final Logger LOG = LoggerFactory.getLogger(FrontEndManager.class);

    /** Ahead of all, ONOS's neighbour resolution included, which would flood requests for virtual addresses. */
    private static final int PROCESSOR_PRIORITY = PacketProcessor.director(0);

    private static final int EXPIRY_SECONDS = 5;
    private static final int TICK_MILLIS = 200;
    private static final int CLEARING_SECONDS = 10;
    private static final int STORE_RETRY_SECONDS = 2;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected CoreService coreService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected NetworkConfigRegistry configRegistry;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected FlowRuleService flowRuleService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected PacketService packetService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected DeviceService deviceService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected TopologyService topologyService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected MastershipService mastershipService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected StorageService storageService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected Tuning tuning;

    private final Tally tally = new Tally();
    private final Pools pools = new Pools(Instant::now);
    private final FlagRuleKeeper flagRules = new FlagRuleKeeper();

    private ApplicationId application;
    private ScheduledExecutorService control;
    private Stripes stripes;
    private DistributedAssociationStore store;
    private Fabric fabric;
    private KnowledgeStore knowledge;
    private FrontEndFunction function;
    private Presence presence;
    private HealthMonitor health;
    private FrontEndWatcher watcher;
    private PacketProcessor ingress;
    private FlowRuleListener ruleListener;
    private FlowRuleListener trafficMeter;
    private volatile boolean running;

    /** Starts the function; associations of a former run are taken up first, then the configuration. */
    @Activate
    protected void activate() {
        application = coreService.registerApplication(APPLICATION, this::clear);
        control = Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/control", "control", LOG));
        stripes = new Stripes(Runtime.getRuntime().availableProcessors(), LOG);
        store = new DistributedAssociationStore(storageService);
        knowledge = new DistributedKnowledgeStore(storageService);
        fabric = new Fabric(
                application,
                flowRuleService,
                packetService,
                deviceService,
                topologyService,
                mastershipService,
                flagRules,
                knowledge);
        Release release = new Release(packetService, fabric);
        function = new FrontEndFunction(
                store,
                fabric,
                new RuleInstaller(flowRuleService),
                new RuleCounts(flowRuleService, System::nanoTime, System::currentTimeMillis),
                release,
                stripes,
                tally,
                System::nanoTime,
                this::onControl,
                device -> deviceService.isAvailable(device) && mastershipService.isLocalMaster(device),
                flagRules::isKept,
                pools);
        presence = new Presence(
                deviceService,
                mastershipService,
                packetService,
                fabric::egress,
                () -> function.view().number(),
                this::out,
                tally,
                System::nanoTime,
                System::currentTimeMillis);
        health = new HealthMonitor(
                packetService,
                fabric,
                device -> deviceService.isAvailable(device) && mastershipService.isLocalMaster(device),
                pools,
                () -> onControl(function::refreshPools),
                tally,
                System::nanoTime,
                Instant::now);
        ingress = new Ingress(
                fabric::arp,
                function::enrolment,
                function.path()::accept,
                function.path()::ending,
                fabric::seen,
                presence::heard,
                health::take,
                function.icmp()::accept);
        ruleListener = new RuleRemovals(application, flowRuleService, function);
        trafficMeter = new TrafficMeter(
                application,
                tally.meters(),
                function::enrolment,
                fabric::serverPlace,
                function.path().rules().received(),
                System::nanoTime);
        watcher = new FrontEndWatcher(
                configRegistry,
                application,
                SelectionPolicies.names(),
                frontEnd -> onControl(() -> configure(frontEnd)));
        tuning.follow(now -> tune(now, release));
        running = true;
        fabric.start();
        presence.start();
        health.start();
        onControl(this::takeUp);
        LOG.info("Started");
    }

    private void tune(Tuning now, Release release) {
        store.bound(now.get(Tuning.STORE_IN_FLIGHT));
        stripes.bound(now.get(Tuning.QUEUED_SEGMENTS));
        function.path().bound(now.get(Tuning.SETTING_UP));
        release.pace(now.get(Tuning.RESETS_PER_SECOND));
    }

    /** Stops the function. Switches and stores are left as they are, unless ONOS deactivates the application. */
    @Deactivate
    protected void deactivate() {
        running = false;
        tuning.follow(now -> {});
        watcher.stop();
        packetService.removeProcessor(ingress);
        flowRuleService.removeListener(ruleListener);
        flowRuleService.removeListener(trafficMeter);
        presence.close();
        health.close();
        control.shutdownNow();
        stripes.close();
        fabric.detach();
        store.close();
        LOG.info("Stopped");
    }

    /** Takes up what a former run left in the store, then begins to listen; tries again while the store does not answer. */
    private void takeUp() {
        store.all().orTimeout(CLEARING_SECONDS, TimeUnit.SECONDS).whenComplete((associations, failure) -> {
            if (!running) {
                return;
            }
            if (failure != null) {
                LOG.warn("The store of associations does not answer, trying again", failure);
                control.schedule(this::takeUp, STORE_RETRY_SECONDS, TimeUnit.SECONDS);
                return;
            }
            onControl(() -> {
                function.takeUp(associations);
                fabric.expect(associations.stream()
                        .filter(association -> !association.key().isBucket())
                        .map(association -> association.key().source().address())
                        .collect(Collectors.toSet()));
                flowRuleService.addListener(ruleListener);
                flowRuleService.addListener(trafficMeter);
                packetService.addProcessor(ingress, PROCESSOR_PRIORITY);
                watcher.start();
                control.scheduleWithFixedDelay(
                        guarded(function::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
                control.scheduleWithFixedDelay(
                        guarded(function::expire), EXPIRY_SECONDS, EXPIRY_SECONDS, TimeUnit.SECONDS);
            });
        });
    }

    /** Runs when ONOS is about to deactivate the application: nothing of it shall be left behind. */
    private void clear() {
        if (!running) {
            return;
        }
        watcher.stop();
        packetService.removeProcessor(ingress);
        presence.close();
        try {
            control.submit(() -> {
                        function.configure(Optional.empty());
                        fabric.close();
                        flowRuleService.removeFlowRulesById(application);
                    })
                    .get(CLEARING_SECONDS, TimeUnit.SECONDS);
            store.destroy().get(CLEARING_SECONDS, TimeUnit.SECONDS);
            knowledge.destroy().get(CLEARING_SECONDS, TimeUnit.SECONDS);
            tellOfAbsent();
        } catch (ExecutionException | TimeoutException e) {
            LOG.error("Not everything could be taken away from switches and stores", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Says which switches' rules could not be taken away: ONOS neither shows nor removes the rules of a switch that has no master,
     * and gives them back when it returns.
     */
    private void tellOfAbsent() {
        List<DeviceId> absent = StreamSupport.stream(deviceService.getDevices().spliterator(), false)
                .map(Device::id)
                .filter(device -> !deviceService.isAvailable(device))
                .collect(Collectors.toList());
        if (!absent.isEmpty()) {
            LOG.warn(
                    "Not connected: {}. If they had rules of this application ONOS gives them back to them when they return; then"
                            + " DELETE /onos/v1/flows/application/{} removes them",
                    absent,
                    APPLICATION);
        }
    }

    private void out(Set<IlbId> ilbs) {
        // Replies leave by others at once, whatever the control thread is busy with.
        fabric.out(ilbs);
        onControl(() -> function.out(ilbs));
    }

    private void configure(Optional<FrontEnd> frontEnd) {
        function.configure(frontEnd);
        presence.configure(function.enrolment().frontEnd());
        health.configure(function.enrolment().frontEnd());
    }

    private void onControl(Runnable task) {
        if (running) {
            control.execute(guarded(task));
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                // A task that throws would end its schedule; the next run may do better.
                LOG.error("The front-end function could not do what it was told", e);
            }
        };
    }

    /**
     * Takes the keeper of rules on TCP flags, which is there where ONOS's OpenFlow subsystem is.
     *
     * @param keeper the keeper
     */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "unbindFlagRules")
    protected void bindFlagRules(FlagRules keeper) {
        flagRules.bind(keeper);
    }

    /**
     * Lets the keeper of rules on TCP flags go.
     *
     * @param keeper the keeper
     */
    protected void unbindFlagRules(FlagRules keeper) {
        flagRules.unbind(keeper);
    }

    @Override
    public Optional<FrontEnd> frontEnd() {
        return function.frontEnd();
    }

    @Override
    public View view() {
        return function.view();
    }

    @Override
    public List<ViewPeriod> views() {
        return function.views();
    }

    @Override
    public IlbStatus status(IlbId ilb) {
        return function.status(ilb, deviceService::isAvailable)
                .absent(presence.absence(ilb).orElse(null));
    }

    @Override
    public ServerStatus status(String service, Endpoint server) {
        return function.status(service, server);
    }

    @Override
    public AssociationPage associations(AssociationFilter filter, int offset, int limit) {
        return function.associations(filter, offset, limit);
    }

    @Override
    public int end(AssociationFilter filter) {
        return function.end(filter);
    }

    @Override
    public List<BucketStatus> buckets(String service) {
        return function.buckets(service);
    }

    @Override
    public Optional<Ranking> elect(FlowKey key) {
        return function.elect(key);
    }

    @Override
    public Statistics statistics() {
        return function.statistics();
    }

    @Override
    public Counters counters() {
        return tally.snapshot();
    }
}
