package org.ilb.dataplane.fabric;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.rule.Pipeline;
import org.ilb.dataplane.rule.PortBits;
import org.ilb.dataplane.rule.Rules;
import org.onlab.packet.EthType.EtherType;
import org.onlab.packet.IPv4;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.criteria.EthCriterion;
import org.onosproject.net.flow.criteria.EthTypeCriterion;
import org.onosproject.net.flow.criteria.IPCriterion;
import org.onosproject.net.flow.criteria.IPProtocolCriterion;
import org.onosproject.net.flow.criteria.PortCriterion;
import org.onosproject.net.flow.criteria.TcpPortCriterion;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.Instructions.OutputInstruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModEtherInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModIPInstruction;
import org.onosproject.net.flow.instructions.L4ModificationInstruction.ModTransportPortInstruction;

/** What an OpenFlow switch does with a segment, read from its rules; whatever it does not know fails the test. */
final class SwitchModel {

    /** A segment that leaves the switch. */
    static final class Sent {
        final PortNumber port;
        final Packet packet;

        Sent(PortNumber port, Packet packet) {
            this.port = port;
            this.packet = packet;
        }
    }

    private final Collection<FlowRule> rules;
    private final Collection<FlagRule> flagRules;

    SwitchModel(Collection<FlowRule> rules, Collection<FlagRule> flagRules) {
        this.rules = rules;
        this.flagRules = flagRules;
    }

    List<Sent> receive(PortNumber inPort, Packet received) {
        List<Sent> sent = new ArrayList<>();
        Packet packet = received;
        int table = 0;
        while (true) {
            int at = table;
            Packet now = packet;
            Optional<FlowRule> hit = rules.stream()
                    .filter(rule -> Pipeline.isIn(rule, at))
                    .filter(rule -> rule.selector().criteria().stream().allMatch(c -> matches(c, inPort, now)))
                    .max(Comparator.comparingInt(FlowRule::priority));
            Optional<FlagRule> flagged = flagRules.stream()
                    .filter(rule -> at == rule.table() && singlesOut(rule, now))
                    .filter(rule -> hit.isEmpty() || rule.priority() > hit.get().priority())
                    .findFirst();
            if (flagged.isPresent()) {
                sent.add(new Sent(PortNumber.CONTROLLER, packet));
                if (flagged.get().nextTable().isEmpty()) {
                    return sent;
                }
                table = flagged.get().nextTable().getAsInt();
                continue;
            }
            if (hit.isEmpty()) {
                return sent;
            }
            for (Instruction instruction : hit.get().treatment().immediate()) {
                if (instruction instanceof OutputInstruction) {
                    PortNumber port = ((OutputInstruction) instruction).port();
                    if (port.equals(PortNumber.IN_PORT)) {
                        sent.add(new Sent(inPort, packet));
                    } else if (!port.equals(inPort)) {
                        sent.add(new Sent(port, packet));
                    }
                } else {
                    packet = rewrite(instruction, packet);
                }
            }
            if (hit.get().treatment().tableTransition() == null) {
                return sent;
            }
            int next = hit.get().treatment().tableTransition().tableId();
            if (next <= table) {
                throw new IllegalStateException("OpenFlow has no transition from table " + table + " to " + next);
            }
            table = next;
        }
    }

    private static Packet rewrite(Instruction instruction, Packet p) {
        if (instruction instanceof ModEtherInstruction) {
            ModEtherInstruction write = (ModEtherInstruction) instruction;
            switch (write.subtype()) {
                case ETH_SRC:
                    return new Packet(write.mac(), p.ethDst, p.source, p.destination, p.flags);
                case ETH_DST:
                    return new Packet(p.ethSrc, write.mac(), p.source, p.destination, p.flags);
                default:
            }
        } else if (instruction instanceof ModIPInstruction) {
            ModIPInstruction write = (ModIPInstruction) instruction;
            switch (write.subtype()) {
                case IPV4_SRC:
                    return new Packet(
                            p.ethSrc, p.ethDst, Endpoint.of(write.ip(), p.source.port()), p.destination, p.flags);
                case IPV4_DST:
                    return new Packet(
                            p.ethSrc, p.ethDst, p.source, Endpoint.of(write.ip(), p.destination.port()), p.flags);
                default:
            }
        } else if (instruction instanceof ModTransportPortInstruction) {
            ModTransportPortInstruction write = (ModTransportPortInstruction) instruction;
            int port = write.port().toInt();
            switch (write.subtype()) {
                case TCP_SRC:
                    return new Packet(
                            p.ethSrc, p.ethDst, Endpoint.of(p.source.address(), port), p.destination, p.flags);
                case TCP_DST:
                    return new Packet(
                            p.ethSrc, p.ethDst, p.source, Endpoint.of(p.destination.address(), port), p.flags);
                default:
            }
        } else if (instruction.type() == Instruction.Type.NOACTION) {
            return p;
        }
        throw new IllegalStateException("unknown to the model: " + instruction);
    }

    private static boolean singlesOut(FlagRule rule, Packet p) {
        if (p.isIdMessage()
                || p.isIcmp()
                || !rule.ilb().map(p.ethDst::equals).orElse(true)
                || !rule.bucket().map(bits -> matches(bits, p.source.port())).orElse(true)) {
            return false;
        }
        boolean syn = (p.flags & Packet.SYN) != 0;
        boolean end = !syn && (p.flags & (Packet.FIN | Packet.RST)) != 0;
        switch (rule.kind()) {
            case CLIENT_SYN:
                return syn && (p.flags & (Packet.ACK | Packet.RST)) == 0 && p.destination.equals(rule.endpoint());
            case CLIENT_END:
                return end && p.destination.equals(rule.endpoint());
            default:
                return end && p.source.equals(rule.endpoint());
        }
    }

    private static boolean matches(Criterion criterion, PortNumber inPort, Packet p) {
        switch (criterion.type()) {
            case IN_PORT:
                return ((PortCriterion) criterion).port().equals(inPort);
            case ETH_TYPE:
                return ((EthTypeCriterion) criterion)
                        .ethType()
                        .equals(p.isIdMessage() ? Rules.ID_MESSAGE : EtherType.IPV4.ethType());
            case IP_PROTO:
                return !p.isIdMessage()
                        && ((IPProtocolCriterion) criterion).protocol()
                                == (p.isIcmp() ? IPv4.PROTOCOL_ICMP : IPv4.PROTOCOL_TCP);
            case ETH_SRC:
            case ETH_SRC_MASKED:
                return matches((EthCriterion) criterion, p.ethSrc);
            case ETH_DST:
            case ETH_DST_MASKED:
                return matches((EthCriterion) criterion, p.ethDst);
            case IPV4_SRC:
                return matches((IPCriterion) criterion, p.source.address());
            case IPV4_DST:
                return matches((IPCriterion) criterion, p.destination.address());
            case TCP_SRC:
            case TCP_SRC_MASKED:
                return matches((TcpPortCriterion) criterion, p.source.port());
            case ARP_OP:
            case ARP_SHA:
            case ARP_SPA:
            case ARP_TPA:
                return false;
            case TCP_DST:
            case TCP_DST_MASKED:
                return matches((TcpPortCriterion) criterion, p.destination.port());
            default:
                throw new IllegalStateException("unknown to the model: " + criterion);
        }
    }

    private static boolean matches(PortBits bits, int port) {
        return (port & bits.mask().toInt()) == bits.bits();
    }

    private static boolean matches(TcpPortCriterion criterion, int port) {
        int mask = criterion.mask() == null ? 0xffff : criterion.mask().toInt();
        return (port & mask) == (criterion.tcpPort().toInt() & mask);
    }

    private static boolean matches(EthCriterion criterion, MacAddress mac) {
        long mask = criterion.mask() == null ? -1L : criterion.mask().toLong();
        return (criterion.mac().toLong() & mask) == (mac.toLong() & mask);
    }

    private static boolean matches(IPCriterion criterion, IpAddress address) {
        return criterion.ip().contains(address);
    }
}
