package org.ilb.dataplane.rule;

import static com.google.common.base.Preconditions.checkNotNull;

import java.util.Optional;
import org.ilb.Endpoint;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.criteria.EthCriterion;
import org.onosproject.net.flow.criteria.IPCriterion;
import org.onosproject.net.flow.criteria.TcpPortCriterion;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.L2SubType;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModEtherInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.L3SubType;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModIPInstruction;
import org.onosproject.net.flow.instructions.L4ModificationInstruction.L4SubType;
import org.onosproject.net.flow.instructions.L4ModificationInstruction.ModTransportPortInstruction;

/**
 * What the packets are that a rule of the pipeline counts: those of a service's clients to one of its servers, or that server's
 * answers. Each packet that reaches a server meets one rule at an ILB that says so, and each answer that is translated one at
 * the server's edge; a packet that is relayed meets its rule at the owner.
 *
 * <p>Immutable and thread-safe.
 */
public final class Passage {

    private final Endpoint service;
    private final Endpoint server;
    private final MacAddress mac;
    private final boolean toServer;

    private Passage(boolean toServer, Endpoint service, Endpoint server, MacAddress mac) {
        this.toServer = toServer;
        this.service = checkNotNull(service);
        this.server = server;
        this.mac = mac;
    }

    /**
     * Tells whether a rule may be one that packets pass by, without looking closely.
     *
     * @param rule a rule of this application
     * @return false if {@link #of} is empty for sure
     */
    public static boolean mayBe(FlowRule rule) {
        return Pipeline.isExact(rule) && !Pipeline.isRelay(rule) || Pipeline.isBucket(rule) || isReply(rule);
    }

    private static boolean isReply(FlowRule rule) {
        boolean flat = Pipeline.isIn(rule, Pipeline.CLASSIFY_TABLE);
        return (flat || Pipeline.isIn(rule, Pipeline.REPLY_TABLE))
                && (rule.priority() == Pipeline.RETURN_PRIORITY
                        || flat && rule.priority() == Pipeline.RETURN_PRIORITY + 1);
    }

    /**
     * Reads a rule.
     *
     * @param rule a rule of this application
     * @return whose packets it counts; empty if they do not go from a client to a server or back by it
     */
    public static Optional<Passage> of(FlowRule rule) {
        if (!mayBe(rule)) {
            return Optional.empty();
        }
        return isReply(rule) ? reply(rule) : request(rule);
    }

    private static Optional<Passage> request(FlowRule rule) {
        Optional<Endpoint> service = endpoint(rule.selector(), Criterion.Type.IPV4_DST, Criterion.Type.TCP_DST);
        Optional<MacAddress> mac = rule.treatment().immediate().stream()
                .filter(ModEtherInstruction.class::isInstance)
                .map(ModEtherInstruction.class::cast)
                .filter(write -> write.subtype() == L2SubType.ETH_DST)
                .map(ModEtherInstruction::mac)
                .findFirst();
        Optional<Endpoint> server = rewritten(rule.treatment(), L3SubType.IPV4_DST, L4SubType.TCP_DST);
        return service.isPresent() && mac.isPresent()
                ? Optional.of(new Passage(true, service.get(), server.orElse(null), mac.get()))
                : Optional.empty();
    }

    private static Optional<Passage> reply(FlowRule rule) {
        Optional<Endpoint> source = endpoint(rule.selector(), Criterion.Type.IPV4_SRC, Criterion.Type.TCP_SRC);
        Optional<Endpoint> restored = rewritten(rule.treatment(), L3SubType.IPV4_SRC, L4SubType.TCP_SRC);
        if (source.isPresent() && restored.isPresent()) {
            return Optional.of(new Passage(false, restored.get(), source.get(), null));
        }
        Criterion mac = rule.selector().getCriterion(Criterion.Type.ETH_SRC);
        return source.filter(service -> mac instanceof EthCriterion)
                .map(service -> new Passage(false, service, null, ((EthCriterion) mac).mac()));
    }

    private static Optional<Endpoint> endpoint(TrafficSelector selector, Criterion.Type address, Criterion.Type port) {
        Criterion ip = selector.getCriterion(address);
        Criterion tcp = selector.getCriterion(port);
        return ip instanceof IPCriterion && tcp instanceof TcpPortCriterion
                ? Optional.of(Endpoint.of(
                        ((IPCriterion) ip).ip().address(),
                        ((TcpPortCriterion) tcp).tcpPort().toInt()))
                : Optional.empty();
    }

    private static Optional<Endpoint> rewritten(TrafficTreatment treatment, L3SubType address, L4SubType port) {
        IpAddress ip = null;
        int tcp = 0;
        for (Instruction instruction : treatment.immediate()) {
            if (instruction instanceof ModIPInstruction && ((ModIPInstruction) instruction).subtype() == address) {
                ip = ((ModIPInstruction) instruction).ip();
            } else if (instruction instanceof ModTransportPortInstruction
                    && ((ModTransportPortInstruction) instruction).subtype() == port) {
                tcp = ((ModTransportPortInstruction) instruction).port().toInt();
            }
        }
        return ip == null || tcp == 0 ? Optional.empty() : Optional.of(Endpoint.of(ip, tcp));
    }

    /**
     * Tells whether clients' packets pass, rather than a server's.
     *
     * @return true for those that go to a server
     */
    public boolean isToServer() {
        return toServer;
    }

    /**
     * Returns the service.
     *
     * @return the virtual address and port
     */
    public Endpoint service() {
        return service;
    }

    /**
     * Returns the server.
     *
     * @return where it serves; empty where packets pass as they are, so that only its MAC address tells
     */
    public Optional<Endpoint> server() {
        return Optional.ofNullable(server);
    }

    /**
     * Returns the server's MAC address.
     *
     * @return the address; empty for answers that name their server otherwise
     */
    public Optional<MacAddress> mac() {
        return Optional.ofNullable(mac);
    }
}
