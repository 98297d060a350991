package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.junit.jupiter.api.Test;
import org.onlab.packet.IpAddress;
import org.onlab.packet.TpPort;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperation;
import org.onosproject.net.flow.FlowRuleOperations;
import org.onosproject.net.flow.FlowRuleServiceAdapter;

/**
 * The order in which rules are put and taken away, over a flow rule service that keeps none, as ONOS's.
 *
 * <p>Broken on purpose, by not waiting for what was asked before: {@link #whatWasAskedLastForARuleStands} found rules that were
 * removed by the removal before them, from seed 0 on.
 */
class RuleInstallerTest {

    private static final int RULES = 6;

    private final AnyOrder flows = new AnyOrder();
    private final RuleInstaller installer = new RuleInstaller(flows);

    @Test
    void whatWasAskedLastForARuleStands() {
        for (int seed = 0; seed < 300; seed++) {
            AnyOrder racing = new AnyOrder();
            RuleInstaller run = new RuleInstaller(racing);
            Random random = new Random(seed);
            Map<FlowRule, String> wanted = new HashMap<>();
            for (int step = 0; step < 200; step++) {
                int number = random.nextInt(RULES);
                switch (random.nextInt(6)) {
                    case 0:
                    case 1:
                        FlowRule rule = rule(number, random.nextInt(3));
                        wanted.put(rule, rule.treatment().toString());
                        run.put(rule);
                        break;
                    case 2:
                        wanted.remove(rule(number, 0));
                        run.removeSoon(key(number), rule(number, 0));
                        break;
                    case 3:
                        run.flush();
                        break;
                    case 4:
                        Set<FlowRule> batch = new HashSet<>();
                        for (int i = 0; i < RULES; i++) {
                            if (random.nextInt(3) == 0) {
                                batch.add(rule(i, 0));
                                wanted.remove(rule(i, 0));
                            }
                        }
                        run.removeNow(batch);
                        break;
                    default:
                        racing.doOne(random);
                }
            }
            run.flush();
            while (racing.doOne(random)) {}
            Map<FlowRule, String> standing = new HashMap<>();
            racing.standing.forEach(rule -> standing.put(rule, rule.treatment().toString()));
            assertEquals(wanted, standing, "seed " + seed);
            for (int i = 0; i < RULES; i++) {
                assertTrue(run.leaving(key(i)).isEmpty(), "seed " + seed + ": what is gone is not leaving");
            }
        }
    }

    @Test
    void whatIsPutBackWaitsForItsRemovalOnlyAndNobodyElseDoes() {
        installer.removeSoon(key(1), rule(1, 0));
        installer.flush();
        CompletableFuture<Void> back = installer.put(rule(1, 0));
        CompletableFuture<Void> other = installer.put(rule(2, 0));
        assertEquals(2, flows.waiting.size(), "the removal and the other rule");
        flows.doNext();
        assertEquals(2, flows.waiting.size(), "the other rule and the one that comes back");
        flows.doNext();
        assertTrue(other.isDone());
        assertFalse(back.isDone());
        flows.doNext();
        assertTrue(back.isDone());
        assertEquals(2, flows.standing.size());
    }

    @Test
    void whatIsPutBackBeforeItsRemovalIsSentIsNotRemoved() {
        installer.put(rule(1, 0));
        flows.doNext();
        installer.removeSoon(key(1), rule(1, 0));
        installer.put(rule(1, 1));
        installer.flush();
        assertEquals(1, flows.waiting.size());
        flows.doNext();
        assertEquals(Set.of(rule(1, 1)), flows.standing);
    }

    @Test
    void aRemovalThatFailsHoldsNothingUp() {
        CompletableFuture<Void> removal = installer.removeNow(List.of(rule(1, 0)));
        CompletableFuture<Void> back = installer.put(rule(1, 0));
        FlowRuleOperations refused = flows.waiting.remove(0);
        refused.callback().onError(refused);
        assertTrue(removal.isCompletedExceptionally());
        flows.doNext();
        assertTrue(back.isDone() && !back.isCompletedExceptionally());
    }

    private static FlowKey key(int number) {
        return FlowKey.of(Endpoint.parse("10.100.0.1:80"), Endpoint.parse("198.51.100.1:" + (40_000 + number)));
    }

    private static FlowRule rule(int number, int server) {
        return DefaultFlowRule.builder()
                .forDevice(DeviceId.deviceId("of:000000000000000" + (1 + number % 2)))
                .withPriority(1)
                .withSelector(DefaultTrafficSelector.builder()
                        .matchTcpSrc(TpPort.tpPort(40_000 + number))
                        .build())
                .withTreatment(DefaultTrafficTreatment.builder()
                        .setIpDst(IpAddress.valueOf("10.0.0." + (11 + server)))
                        .build())
                .fromApp(new DefaultApplicationId(1, "org.ilb"))
                .makePermanent()
                .build();
    }

    /** Does what it was asked for in any order, and tells when it is done. */
    private static final class AnyOrder extends FlowRuleServiceAdapter {

        private final List<FlowRuleOperations> waiting = new ArrayList<>();
        private final Set<FlowRule> standing = new HashSet<>();

        @Override
        public void apply(FlowRuleOperations operations) {
            waiting.add(operations);
        }

        boolean doOne(Random random) {
            return !waiting.isEmpty() && act(waiting.remove(random.nextInt(waiting.size())));
        }

        void doNext() {
            act(waiting.remove(0));
        }

        private boolean act(FlowRuleOperations operations) {
            for (FlowRuleOperation operation : operations.stages().get(0)) {
                standing.remove(operation.rule());
                if (operation.type() == FlowRuleOperation.Type.ADD) {
                    standing.add(operation.rule());
                }
            }
            operations.callback().onSuccess(operations);
            return true;
        }
    }
}
