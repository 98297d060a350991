package org.ilb.dataplane.rule;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multimaps;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.onlab.packet.MacAddress;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.IndexTableId;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.instructions.Instructions.TableTypeTransition;

/**
 * Makes the rules of several tables fit a switch that has only one.
 *
 * <p>Each way through the tables becomes one rule: it matches what the first rule matches and what the next one still asks
 * for after the first one's rewriting, and it does what both do. What the first rule matches and no rule of the next table
 * takes is dropped, as it would be there; a rule one priority below says so. Rules that match TCP flags are none of them.
 *
 * <p>The price: such rules know ports, so a link change rewrites more of them, and in flat mode there is a return rule for
 * each client at each server's edge.
 *
 * <p>Immutable and thread-safe.
 */
public final class Flattening {

    private final ApplicationId app;

    /**
     * Creates a flattening.
     *
     * @param app the application whose rules they are
     */
    public Flattening(ApplicationId app) {
        this.app = app;
    }

    /**
     * Returns the rules of a switch as one table.
     *
     * @param rules the standing rules of one switch with several tables
     * @return rules of table 0 that do the same
     */
    public ImmutableSet<FlowRule> flatten(Collection<FlowRule> rules) {
        ImmutableListMultimap<Object, FlowRule> byTable = Multimaps.index(rules, FlowRule::table);
        ImmutableSet.Builder<FlowRule> flat = ImmutableSet.builder();
        for (FlowRule rule : byTable.get(IndexTableId.of(Pipeline.CLASSIFY_TABLE))) {
            follow(rule, byTable, flat);
            TableTypeTransition transition = rule.treatment().tableTransition();
            // A service's punts take all that is left of it; behind other rules something may be.
            if (transition != null && transition.tableId() != Pipeline.SERVICE_TABLE) {
                flat.add(rule(rule, rule.priority() - 1)
                        .withSelector(rule.selector())
                        .withTreatment(DefaultTrafficTreatment.emptyTreatment())
                        .makePermanent()
                        .build());
            }
        }
        return flat.build();
    }

    /** Follows a rule through the tables that are left, each way to its end. */
    private void follow(
            FlowRule rule, ImmutableListMultimap<Object, FlowRule> byTable, ImmutableSet.Builder<FlowRule> flat) {
        TableTypeTransition transition = rule.treatment().tableTransition();
        if (transition == null) {
            flat.add(rule);
            return;
        }
        for (FlowRule next : byTable.get(IndexTableId.of(transition.tableId()))) {
            compose(rule, next).ifPresent(both -> follow(both, byTable, flat));
        }
    }

    /**
     * Returns the rule of a connection, exact or relay, for a switch with one table.
     *
     * @param exact the rule for several tables
     * @param ilb the MAC address of the receiving ILB
     * @param out the port towards the server or the owner, {@code IN_PORT} where the connection comes in by it
     * @return a rule of table 0 that does the same, with the same timeouts
     */
    public FlowRule exact(FlowRule exact, MacAddress ilb, PortNumber out) {
        TrafficTreatment.Builder treatment = DefaultTrafficTreatment.builder();
        exact.treatment().immediate().forEach(treatment::add);
        return rule(exact, Pipeline.isRelay(exact) ? Pipeline.FLAT_RELAY_PRIORITY : Pipeline.FLAT_EXACT_PRIORITY)
                .withSelector(DefaultTrafficSelector.builder(exact.selector())
                        .matchEthDst(ilb)
                        .build())
                .withTreatment(treatment.setOutput(out).build())
                .withHardTimeout(exact.hardTimeout())
                .makeTemporary(exact.timeout())
                .build();
    }

    /**
     * Returns the wildcards of a bucket for a switch with one table.
     *
     * @param bucket the rule for several tables that leads to a server
     * @param ilb the ILB's MAC address
     * @param out the port towards the server
     * @return rules of table 0 that do the same, the second for what came in by that very port
     */
    public ImmutableSet<FlowRule> bucket(FlowRule bucket, MacAddress ilb, PortNumber out) {
        int bits = bucket.priority() - Pipeline.BUCKET_PRIORITY;
        TrafficSelector selector = DefaultTrafficSelector.builder(bucket.selector())
                .matchEthDst(ilb)
                .build();
        TrafficSelector back =
                DefaultTrafficSelector.builder(selector).matchInPort(out).build();
        return ImmutableSet.of(
                bucket(bucket, Pipeline.FLAT_BUCKET_PRIORITY + bits, selector, out),
                bucket(bucket, Pipeline.FLAT_BUCKET_BACK_PRIORITY + bits, back, PortNumber.IN_PORT));
    }

    private FlowRule bucket(FlowRule bucket, int priority, TrafficSelector selector, PortNumber out) {
        TrafficTreatment.Builder treatment = DefaultTrafficTreatment.builder();
        bucket.treatment().immediate().forEach(treatment::add);
        return rule(bucket, priority)
                .withSelector(selector)
                .withTreatment(treatment.setOutput(out).build())
                .makePermanent()
                .build();
    }

    private Optional<FlowRule> compose(FlowRule first, FlowRule next) {
        return stillAsked(first, next).map(selector -> {
            TrafficTreatment.Builder both = DefaultTrafficTreatment.builder();
            first.treatment().immediate().forEach(both::add);
            next.treatment().immediate().forEach(both::add);
            TableTypeTransition onward = next.treatment().tableTransition();
            if (onward != null) {
                both.transition(onward.tableId());
            }
            return rule(first, priority(first, next))
                    .withSelector(selector)
                    .withTreatment(both.build())
                    .makePermanent()
                    .build();
        });
    }

    private static int priority(FlowRule first, FlowRule next) {
        if (Pipeline.isIn(next, Pipeline.SERVICE_TABLE)) {
            return next.priority() == Pipeline.RELAYED_PUNT_PRIORITY
                    ? Pipeline.FLAT_RELAYED_PUNT_PRIORITY
                    : Pipeline.FLAT_PUNT_PRIORITY;
        }
        return next.priority() == Pipeline.TRANSIT_IN_PORT_PRIORITY ? first.priority() + 1 : first.priority();
    }

    private static Optional<TrafficSelector> stillAsked(FlowRule first, FlowRule next) {
        Map<Field, Criterion> asked = new LinkedHashMap<>();
        first.selector().criteria().forEach(criterion -> asked.put(Field.of(criterion), criterion));
        Map<Field, Criterion> rewritten = Field.rewrittenBy(first.treatment());
        Set<Criterion> nextCriteria = next.selector().criteria();
        for (Criterion criterion : nextCriteria) {
            Field field = Field.of(criterion);
            Criterion written = rewritten.get(field);
            if (written != null) {
                if (Field.both(written, criterion).isEmpty()) {
                    return Optional.empty();
                }
            } else if (asked.containsKey(field)) {
                Optional<Criterion> both = Field.both(asked.get(field), criterion);
                if (both.isEmpty()) {
                    return Optional.empty();
                }
                asked.put(field, both.get());
            } else {
                asked.put(field, criterion);
            }
        }
        TrafficSelector.Builder selector = DefaultTrafficSelector.builder();
        asked.values().forEach(selector::add);
        return Optional.of(selector.build());
    }

    private FlowRule.Builder rule(FlowRule like, int priority) {
        return DefaultFlowRule.builder()
                .fromApp(app)
                .forDevice(like.deviceId())
                .forTable(Pipeline.CLASSIFY_TABLE)
                .withPriority(priority);
    }
}
