package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableTable;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ilb.Endpoint;
import org.ilb.ReturnMode;
import org.ilb.Service;
import org.ilb.dataplane.rule.Pipeline;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowRule;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleOperations;
import org.onosproject.net.flow.FlowRuleService;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.criteria.IPCriterion;
import org.onosproject.net.flow.criteria.TcpPortCriterion;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.Instructions.OutputInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.L2SubType;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModEtherInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModIPInstruction;

/**
 * Keeps true what the rules of living connections say of places: the server's MAC address and, in switches with one table,
 * the port towards the server or, in relay rules, towards the owner. It neither adds nor removes any.
 *
 * <p>These rules are looked through only when a server's MAC address changed or a switch with one table reaches a server or
 * an ILB by another port. Not thread-safe.
 */
final class ExactRules {

    private final FlowRuleService flows;
    private final ApplicationId app;
    private Map<IpAddress, Place> servers = Map.of();
    private Map<IpAddress, Place> formerServers = Map.of();
    private ImmutableTable<DeviceId, MacAddress, PortNumber> egress = ImmutableTable.of();
    private ImmutableTable<DeviceId, MacAddress, PortNumber> formerEgress = ImmutableTable.of();

    ExactRules(FlowRuleService flows, ApplicationId app) {
        this.flows = flows;
        this.app = app;
    }

    /**
     * Rewrites the exact rules that a new situation has made wrong.
     *
     * @param situation what is known now
     * @param standing what follows from it
     * @param writable the switches to write to
     */
    void follow(Situation situation, Standing standing, Set<DeviceId> writable) {
        formerServers = servers;
        formerEgress = egress;
        servers = situation.servers();
        egress = standing.egress();
        Set<DeviceId> concerned = new HashSet<>();
        for (DeviceId device : writable) {
            boolean ports = situation.singleTable().contains(device)
                    && !egress.row(device).equals(formerEgress.row(device));
            if (situation.ilb(device).isPresent() && (ports || macsChanged())) {
                concerned.add(device);
            }
        }
        concerned.forEach(device -> rewrite(device, situation));
    }

    private boolean macsChanged() {
        return formerServers.entrySet().stream()
                .anyMatch(entry -> servers.containsKey(entry.getKey())
                        && !servers.get(entry.getKey())
                                .mac()
                                .equals(entry.getValue().mac()));
    }

    private void rewrite(DeviceId device, Situation situation) {
        FlowRuleOperations.Builder batch = FlowRuleOperations.builder();
        boolean any = false;
        for (FlowEntry entry : flows.getFlowEntries(device)) {
            if (entry.appId() == app.id() && Pipeline.isExact(entry)) {
                Optional<FlowRule> corrected = correct(entry, situation);
                corrected.ifPresent(batch::add);
                any |= corrected.isPresent();
            }
        }
        if (any) {
            flows.apply(batch.build());
        }
    }

    private Optional<FlowRule> correct(FlowEntry entry, Situation situation) {
        Optional<MacAddress> destination = Pipeline.isRelay(entry) ? destination(entry) : server(entry, situation);
        return destination.flatMap(mac -> sentTo(mac, entry));
    }

    private static Optional<MacAddress> destination(FlowEntry entry) {
        return entry.treatment().immediate().stream()
                .filter(ExactRules::isDestination)
                .map(instruction -> ((ModEtherInstruction) instruction).mac())
                .findFirst();
    }

    private Optional<MacAddress> server(FlowEntry exact, Situation situation) {
        Optional<Service> untranslated = situation.frontEnd().services().stream()
                .filter(service -> service.returnMode() == ReturnMode.DSR
                        && serviceOf(exact).filter(service.endpoint()::equals).isPresent())
                .findFirst();
        return untranslated.isPresent() ? formerly(exact, untranslated.get()) : rewrittenTo(exact, situation);
    }

    private static Optional<Endpoint> serviceOf(FlowEntry exact) {
        Criterion address = exact.selector().getCriterion(Criterion.Type.IPV4_DST);
        Criterion port = exact.selector().getCriterion(Criterion.Type.TCP_DST);
        return address instanceof IPCriterion && port instanceof TcpPortCriterion
                ? Optional.of(Endpoint.of(
                        ((IPCriterion) address).ip().address(),
                        ((TcpPortCriterion) port).tcpPort().toInt()))
                : Optional.empty();
    }

    /** Nothing but the MAC address tells the server: who had it before may have another now. */
    private Optional<MacAddress> formerly(FlowEntry exact, Service service) {
        Optional<MacAddress> former = destination(exact);
        return service.allServers().stream()
                .map(server -> server.endpoint().address())
                .filter(address -> servers.containsKey(address)
                        && Optional.ofNullable(formerServers.get(address))
                                .map(Place::mac)
                                .equals(former))
                .map(address -> servers.get(address).mac())
                .findFirst();
    }

    private static Optional<MacAddress> rewrittenTo(FlowEntry exact, Situation situation) {
        return exact.treatment().immediate().stream()
                .filter(ModIPInstruction.class::isInstance)
                .map(instruction -> situation.servers().get(((ModIPInstruction) instruction).ip()))
                .filter(Objects::nonNull)
                .map(Place::mac)
                .findFirst();
    }

    private Optional<FlowRule> sentTo(MacAddress mac, FlowEntry entry) {
        PortNumber out = egress.get(entry.deviceId(), mac);
        TrafficTreatment.Builder treatment = DefaultTrafficTreatment.builder();
        for (Instruction instruction : entry.treatment().immediate()) {
            if (isDestination(instruction)) {
                treatment.setEthDst(mac);
            } else if (instruction instanceof OutputInstruction && out != null) {
                treatment.setOutput(outputTo(out, ((OutputInstruction) instruction).port(), entry));
            } else {
                treatment.add(instruction);
            }
        }
        if (entry.treatment().tableTransition() != null) {
            treatment.transition(entry.treatment().tableTransition().tableId());
        }
        TrafficTreatment corrected = treatment.build();
        if (corrected.equals(entry.treatment())) {
            return Optional.empty();
        }
        return Optional.of(DefaultFlowRule.builder()
                .fromApp(app)
                .forDevice(entry.deviceId())
                .forTable(entry.table())
                .withPriority(entry.priority())
                .withSelector(entry.selector())
                .withTreatment(corrected)
                .withHardTimeout(entry.hardTimeout())
                .makeTemporary(entry.timeout())
                .build());
    }

    private static boolean isDestination(Instruction instruction) {
        return instruction instanceof ModEtherInstruction
                && ((ModEtherInstruction) instruction).subtype() == L2SubType.ETH_DST;
    }

    /** What went back by its ingress port does so as long as that is where the server is. */
    private PortNumber outputTo(PortNumber out, PortNumber former, FlowEntry entry) {
        boolean back = former.equals(PortNumber.IN_PORT)
                && formerEgress.row(entry.deviceId()).containsValue(out);
        return back ? former : out;
    }
}
