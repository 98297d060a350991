package org.ilb.dataplane.rule;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.flow.criteria.Criteria;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.criteria.EthCriterion;
import org.onosproject.net.flow.instructions.Instruction;
import org.onosproject.net.flow.instructions.L2ModificationInstruction.ModEtherInstruction;
import org.onosproject.net.flow.instructions.L3ModificationInstruction.ModIPInstruction;
import org.onosproject.net.flow.instructions.L4ModificationInstruction.ModTransportPortInstruction;

/** The fields of a packet that the rules of the pipeline match or rewrite. */
enum Field {
    IN_PORT,
    ETH_TYPE,
    ETH_SRC,
    ETH_DST,
    IP_PROTO,
    IPV4_SRC,
    IPV4_DST,
    TCP_SRC,
    TCP_DST;

    /** Returns the field that a criterion looks at, masked or not. */
    static Field of(Criterion criterion) {
        switch (criterion.type()) {
            case ETH_SRC_MASKED:
                return ETH_SRC;
            case ETH_DST_MASKED:
                return ETH_DST;
            default:
                return valueOf(criterion.type().name());
        }
    }

    /** Returns what a treatment writes, as the criteria that match exactly that. */
    static Map<Field, Criterion> rewrittenBy(TrafficTreatment treatment) {
        Map<Field, Criterion> written = new EnumMap<>(Field.class);
        for (Instruction instruction : treatment.immediate()) {
            writtenBy(instruction).ifPresent(criterion -> written.put(of(criterion), criterion));
        }
        return written;
    }

    private static Optional<Criterion> writtenBy(Instruction instruction) {
        if (instruction instanceof ModEtherInstruction) {
            ModEtherInstruction write = (ModEtherInstruction) instruction;
            switch (write.subtype()) {
                case ETH_SRC:
                    return Optional.of(Criteria.matchEthSrc(write.mac()));
                case ETH_DST:
                    return Optional.of(Criteria.matchEthDst(write.mac()));
                default:
                    return Optional.empty();
            }
        }
        if (instruction instanceof ModIPInstruction) {
            ModIPInstruction write = (ModIPInstruction) instruction;
            switch (write.subtype()) {
                case IPV4_SRC:
                    return Optional.of(Criteria.matchIPSrc(host(write.ip())));
                case IPV4_DST:
                    return Optional.of(Criteria.matchIPDst(host(write.ip())));
                default:
                    return Optional.empty();
            }
        }
        if (instruction instanceof ModTransportPortInstruction) {
            ModTransportPortInstruction write = (ModTransportPortInstruction) instruction;
            switch (write.subtype()) {
                case TCP_SRC:
                    return Optional.of(Criteria.matchTcpSrc(write.port()));
                case TCP_DST:
                    return Optional.of(Criteria.matchTcpDst(write.port()));
                default:
                    return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static IpPrefix host(IpAddress address) {
        return IpPrefix.valueOf(address, IpPrefix.MAX_INET_MASK_LENGTH);
    }

    /**
     * Returns what matches both of two criteria on the same field; masks apart, only equal ones have that in our pipeline.
     *
     * @param one a criterion
     * @param other a criterion on the same field
     * @return the narrower of the two, empty if they exclude each other
     */
    static Optional<Criterion> both(Criterion one, Criterion other) {
        if (one.equals(other)) {
            return Optional.of(one);
        }
        if (one instanceof EthCriterion && other instanceof EthCriterion) {
            if (covers((EthCriterion) one, (EthCriterion) other)) {
                return Optional.of(other);
            }
            if (covers((EthCriterion) other, (EthCriterion) one)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }

    private static boolean covers(EthCriterion masked, EthCriterion exact) {
        MacAddress mask = masked.mask();
        return mask != null
                && exact.mask() == null
                && (masked.mac().toLong() & mask.toLong()) == (exact.mac().toLong() & mask.toLong());
    }
}
