package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.Ilb;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Flattening;
import org.ilb.dataplane.rule.Pipeline;
import org.ilb.dataplane.rule.Rules;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperation;

class ReconcilerTest {

    private static final ApplicationId APP = new DefaultApplicationId(42, "org.ilb");
    private static final ApplicationId OTHER = new DefaultApplicationId(43, "org.other");
    private static final Rules RULES = new Rules(APP);

    private final FakeFlowRules flows = new FakeFlowRules();
    private final Reconciler reconciler = new Reconciler(flows, APP, Duration.ofMillis(50));

    @Property(tries = 50)
    void switchesEndUpWithExactlyWhatTheyShouldHave(@ForAll long seed, @ForAll long otherSeed) {
        FakeFlowRules switches = new FakeFlowRules();
        Reconciler fresh = new Reconciler(switches, APP, Duration.ofMillis(50));
        for (long each : new long[] {seed, otherSeed, seed}) {
            RandomNetwork network = new RandomNetwork(each, (each & 1) == 0);
            Standing wanted = standing(network);
            Set<DeviceId> all = new HashSet<>(network.devices);
            switches.rules().forEach(rule -> all.add(rule.deviceId()));
            assertTrue(fresh.reconcile(wanted, all).isEmpty());
            assertSame(wanted, switches);
            switches.takeApplied();
            assertTrue(fresh.reconcile(wanted, all).isEmpty());
            assertTrue(switches.takeApplied().isEmpty(), "what is right is left alone");
        }
    }

    @Property(tries = 50)
    void onlyTheDifferenceIsApplied(@ForAll long seed) {
        RandomNetwork network = new RandomNetwork(seed, true);
        Set<DeviceId> all = ImmutableSet.copyOf(network.devices);
        FakeFlowRules switches = new FakeFlowRules();
        Reconciler fresh = new Reconciler(switches, APP, Duration.ofMillis(50));
        fresh.reconcile(standing(network), all);
        switches.takeApplied();
        Ilb ilb = network.any(network.ilbs);
        network.nextHops.put(
                ilb.id(), new NextHop(network.nextHops.get(ilb.id()).mac(), false));
        fresh.reconcile(standing(network), all);
        for (FlowRuleOperation operation : switches.takeApplied()) {
            assertEquals(FlowRuleOperation.Type.ADD, operation.type());
            FlowRule rule = operation.rule();
            assertTrue(
                    Pipeline.isIn(rule, Pipeline.REPLY_TABLE) || rule.priority() == Pipeline.DIRECT_UPLINK_PRIORITY,
                    "only returns are pointed elsewhere");
        }
    }

    @Example
    void whatContinuesComesFirstAndGoesLast() {
        RandomNetwork network = new RandomNetwork(3, true);
        Set<DeviceId> all = ImmutableSet.copyOf(network.devices);
        reconciler.reconcile(standing(network), all);
        assertSorted(flows.takeApplied(), FlowRuleOperation.Type.ADD, false);
        reconciler.reconcile(Standing.NONE, all);
        assertSorted(flows.takeApplied(), FlowRuleOperation.Type.REMOVE, true);
        assertTrue(flows.rules().isEmpty());
    }

    private static void assertSorted(List<FlowRuleOperation> applied, FlowRuleOperation.Type type, boolean firstTable) {
        assertFalse(applied.isEmpty());
        boolean turned = false;
        for (FlowRuleOperation operation : applied) {
            assertEquals(type, operation.type());
            boolean inFirst = (Pipeline.isIn(operation.rule(), 0)) == firstTable;
            assertTrue(!inFirst || !turned);
            turned |= !inFirst;
        }
    }

    @Example
    void leftoversGoButNotExactRulesNorOthersRules() {
        RandomNetwork network = new RandomNetwork(5, false);
        DeviceId device = network.devices.get(0);
        Endpoint service = Endpoint.parse("10.77.0.1:80");
        FlowRule leftover = RULES.classify(device, RandomNetwork.mac(1), service);
        FlowRule exact = RULES.exact(
                device,
                RandomNetwork.mac(1),
                FlowKey.of(service, Endpoint.parse("1.2.3.4:5678")),
                Endpoint.parse("10.0.0.1:8080"),
                RandomNetwork.mac(2));
        FlowRule relay = RULES.relay(
                device,
                RandomNetwork.mac(1),
                FlowKey.of(service, Endpoint.parse("1.2.3.4:5678")),
                RandomNetwork.mac(3));
        FlowRule flatExact = new Flattening(APP).exact(exact, FabricMac.PREFIX, PortNumber.portNumber(3));
        FlowRule flatRelay = new Flattening(APP).exact(relay, FabricMac.PREFIX, PortNumber.portNumber(3));
        FlowRule others = new Rules(OTHER).fabric(device);
        flows.put(leftover);
        flows.put(exact);
        flows.put(flatExact);
        flows.put(relay);
        flows.put(flatRelay);
        flows.put(others);
        reconciler.reconcile(Standing.NONE, ImmutableSet.copyOf(network.devices));
        assertEquals(ImmutableSet.of(exact, flatExact, relay, flatRelay, others), flows.rules());
        flows.put(leftover);
        reconciler.clear();
        assertEquals(ImmutableSet.of(exact, flatExact, relay, flatRelay, others), flows.rules());
    }

    @Example
    void aSilentSwitchIsLateAndAskedAgain() {
        RandomNetwork network = new RandomNetwork(11, true);
        Set<DeviceId> all = ImmutableSet.copyOf(network.devices);
        DeviceId silent = network.ilbs.get(0).device();
        flows.silent.add(silent);
        assertEquals(ImmutableSet.of(silent), reconciler.reconcile(standing(network), all));
        flows.silent.clear();
        flows.lose(silent);
        assertEquals(ImmutableSet.of(), reconciler.reconcile(standing(network), all));
        assertSame(standing(network), flows);
    }

    @Example
    void aRefusalIsReportedAndTriedAgain() {
        RandomNetwork network = new RandomNetwork(11, true);
        Set<DeviceId> all = ImmutableSet.copyOf(network.devices);
        DeviceId refusing = network.ilbs.get(0).device();
        flows.refusing.add(refusing);
        assertEquals(ImmutableSet.of(refusing), reconciler.reconcile(standing(network), all));
        flows.refusing.clear();
        assertEquals(ImmutableSet.of(), reconciler.reconcile(standing(network), all));
        assertSame(standing(network), flows);
    }

    @Example
    void aSwitchThatCameBackGetsEverythingAgain() {
        RandomNetwork network = new RandomNetwork(11, true);
        Set<DeviceId> all = ImmutableSet.copyOf(network.devices);
        Standing wanted = standing(network);
        reconciler.reconcile(wanted, all);
        flows.takeApplied();
        DeviceId device = network.ilbs.get(0).device();
        reconciler.distrust(device);
        reconciler.reconcile(wanted, all);
        Set<FlowRule> sent = new HashSet<>();
        flows.takeApplied().forEach(operation -> sent.add(operation.rule()));
        assertEquals(wanted.rules(device), sent);
    }

    @Example
    void switchesThatAreNotOursToWriteAreLeftAlone() {
        RandomNetwork network = new RandomNetwork(11, true);
        reconciler.reconcile(standing(network), ImmutableSet.of());
        assertTrue(flows.takeApplied().isEmpty());
    }

    private static Standing standing(RandomNetwork network) {
        return Standing.of(network.situation(), RULES, new Flattening(APP));
    }

    private static void assertSame(Standing wanted, FakeFlowRules switches) {
        Set<FlowRule> all = new HashSet<>();
        wanted.devices().forEach(device -> Iterables.addAll(all, wanted.rules(device)));
        assertEquals(all, switches.rules());
        all.forEach(rule -> assertEquals(rule.treatment(), switches.stored(rule).treatment()));
    }
}
