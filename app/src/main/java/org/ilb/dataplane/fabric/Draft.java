package org.ilb.dataplane.fabric;

import com.google.common.collect.HashBasedTable;
import com.google.common.collect.HashMultimap;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.collect.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.ilb.Ilb;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.Rules;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;

/**
 * The standing rules while they are being written down.
 *
 * <p>Of two rules with the same match the first stays, so what is written first has precedence. Not thread-safe.
 */
final class Draft {

    private final Situation situation;
    private final Rules rules;
    private final Map<DeviceId, Map<FlowRule, FlowRule>> written = new HashMap<>();
    private final Set<DeviceId> onFabric = new HashSet<>();
    private final SetMultimap<DeviceId, MacAddress> transits = HashMultimap.create();
    private final SetMultimap<DeviceId, FlagRule> flags = LinkedHashMultimap.create();
    private final Table<DeviceId, MacAddress, PortNumber> egress = HashBasedTable.create();

    Draft(Situation situation, Rules rules) {
        this.situation = situation;
        this.rules = rules;
    }

    Situation situation() {
        return situation;
    }

    Rules rules() {
        return rules;
    }

    void add(FlowRule rule) {
        written.computeIfAbsent(rule.deviceId(), device -> new LinkedHashMap<>())
                .putIfAbsent(rule, rule);
    }

    /** Writes a rule that punts SYNs, if the settings want such. */
    void addSynPunt(DeviceId device, FlagRule rule) {
        if (situation.frontEnd().settings().synFlags()) {
            flags.put(device, rule);
        }
    }

    /** Writes a rule that copies FINs and RSTs, if the settings want such and the switch has a table to go on to. */
    void addEndCopy(DeviceId device, FlagRule rule) {
        if (situation.frontEnd().settings().endFlags()
                && !situation.singleTable().contains(device)) {
            flags.put(device, rule);
        }
    }

    /**
     * Tells whether there is a way.
     *
     * @param from the switch where it would start
     * @param to the switch where it would end
     * @return true if there is one
     */
    boolean reaches(DeviceId from, DeviceId to) {
        return situation.wiring().way(from, to, "").isPresent();
    }

    /**
     * Writes the rules of a way: at each switch on it, one that leads on.
     *
     * @param from the switch where it starts
     * @param to the port where it ends
     * @param subject whose way it is, the same for all that end alike: it breaks ties
     * @param onward the rule for a switch and the port that it leaves by, null if it has been written already
     * @return the port that the first switch leaves by, empty if there is no way
     */
    Optional<PortNumber> way(
            DeviceId from, ConnectPoint to, Object subject, BiFunction<DeviceId, PortNumber, FlowRule> onward) {
        Optional<List<ConnectPoint>> way = situation.wiring().way(from, to.deviceId(), subject);
        if (way.isEmpty()) {
            return Optional.empty();
        }
        for (ConnectPoint out : way.get()) {
            step(out, onward);
        }
        step(to, onward);
        return Optional.of(way.get().isEmpty() ? to.port() : way.get().get(0).port());
    }

    /**
     * Writes the transit to an ILB by its MAC address, up to its switch; there it is classified.
     *
     * @param from the switch where it starts
     * @param ilb whose way it is
     * @return the ports that it leaves each switch by, empty list if it starts at the ILB, empty optional without a way
     */
    Optional<List<ConnectPoint>> wayTo(DeviceId from, Ilb ilb) {
        MacAddress mac = FabricMac.of(ilb);
        Optional<List<ConnectPoint>> way = situation.wiring().way(from, ilb.device(), mac);
        way.orElse(List.of())
                .forEach(out -> step(
                        out, (device, port) -> transits.put(device, mac) ? rules.transit(device, mac, port) : null));
        return way;
    }

    private void step(ConnectPoint out, BiFunction<DeviceId, PortNumber, FlowRule> onward) {
        if (onFabric.add(out.deviceId())) {
            add(rules.fabric(out.deviceId()));
        }
        FlowRule rule = onward.apply(out.deviceId(), out.port());
        if (rule != null) {
            add(rule);
        }
    }

    /**
     * Writes the transit to a host, and at the start of the way also for what came in by the port that it leaves by.
     *
     * @param from the switch where it starts
     * @param host where it ends
     * @param ingress by which ports of that switch it can come in
     * @return the port that the first switch leaves by, empty if there is no way
     */
    Optional<PortNumber> transit(DeviceId from, Place host, Predicate<PortNumber> ingress) {
        // Thousands of hosts, each from several switches: what stands is not built again only to be thrown away.
        Optional<PortNumber> out = way(
                from,
                host.location(),
                host.mac(),
                (device, port) -> transits.put(device, host.mac()) ? rules.transit(device, host.mac(), port) : null);
        out.filter(ingress).ifPresent(port -> add(rules.transitBack(from, host.mac(), port)));
        return out;
    }

    /** Notes the port by which an ILB's switch reaches a server or another ILB. */
    void egress(DeviceId device, MacAddress destination, PortNumber port) {
        if (!egress.contains(device, destination)) {
            egress.put(device, destination, port);
        }
    }

    Map<DeviceId, Map<FlowRule, FlowRule>> written() {
        return written;
    }

    SetMultimap<DeviceId, FlagRule> flags() {
        return flags;
    }

    Table<DeviceId, MacAddress, PortNumber> egress() {
        return egress;
    }
}
