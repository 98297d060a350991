package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Multimaps;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.rule.Flattening;
import org.ilb.dataplane.rule.Rules;
import org.onlab.packet.MacAddress;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;

/**
 * The standing rules that a situation asks for: a pure function of it.
 *
 * <p>Immutable and thread-safe.
 */
final class Standing {

    /** No rules. */
    static final Standing NONE = new Standing(ImmutableMap.of(), ImmutableMap.of(), ImmutableTable.of());

    private final ImmutableMap<DeviceId, ImmutableSet<FlowRule>> rules;
    private final ImmutableMap<DeviceId, Set<FlagRule>> flags;
    private final ImmutableTable<DeviceId, MacAddress, PortNumber> egress;

    private Standing(
            ImmutableMap<DeviceId, ImmutableSet<FlowRule>> rules,
            ImmutableMap<DeviceId, Set<FlagRule>> flags,
            ImmutableTable<DeviceId, MacAddress, PortNumber> egress) {
        this.rules = rules;
        this.flags = flags;
        this.egress = egress;
    }

    /**
     * Computes the rules of a situation.
     *
     * @param situation all that they depend on
     * @param rules builds each of them
     * @param flattening makes them fit a switch with one table
     * @return what each switch should have
     */
    static Standing of(Situation situation, Rules rules, Flattening flattening) {
        Draft draft = new Draft(situation, rules);
        IlbRules.write(draft);
        ServerRules.write(draft);
        ReplyRules.write(draft);
        ClientRules.write(draft);
        DirectRules.write(draft);
        ProbeRules.write(draft);
        ArpRules.write(draft);
        ImmutableMap.Builder<DeviceId, ImmutableSet<FlowRule>> compiled = ImmutableMap.builder();
        draft.written().forEach((device, written) -> {
            ImmutableSet<FlowRule> tables = ImmutableSet.copyOf(written.values());
            compiled.put(device, situation.singleTable().contains(device) ? flattening.flatten(tables) : tables);
        });
        ImmutableMap.Builder<DeviceId, Set<FlagRule>> flags = ImmutableMap.builder();
        Multimaps.asMap(draft.flags()).forEach((device, set) -> flags.put(device, ImmutableSet.copyOf(set)));
        return new Standing(compiled.build(), flags.build(), ImmutableTable.copyOf(draft.egress()));
    }

    /** Returns the switches that should have rules. */
    Set<DeviceId> devices() {
        return rules.keySet();
    }

    /** Returns the rules that a switch should have, perhaps none. */
    Set<FlowRule> rules(DeviceId device) {
        return rules.getOrDefault(device, ImmutableSet.of());
    }

    /** Returns the rules on TCP flags that switches should have, those without any left out. */
    Map<DeviceId, Set<FlagRule>> flags() {
        return flags;
    }

    /** Returns the port by which an ILB's switch reaches a server or another ILB. */
    Optional<PortNumber> egress(DeviceId device, MacAddress destination) {
        return Optional.ofNullable(egress.get(device, destination));
    }

    /** Returns, for each ILB's switch, the ports towards servers and other ILBs, by their MAC addresses. */
    ImmutableTable<DeviceId, MacAddress, PortNumber> egress() {
        return egress;
    }
}
