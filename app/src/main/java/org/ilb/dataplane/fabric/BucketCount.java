package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;
import org.ilb.Endpoint;
import org.ilb.dataplane.rule.Pipeline;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.TpPort;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.TrafficSelector;
import org.onosproject.net.flow.criteria.Criteria;
import org.onosproject.net.flow.criteria.Criterion;
import org.onosproject.net.flow.criteria.TcpPortCriterion;

/**
 * What the wildcard rule of a bucket counted at one ILB.
 *
 * <p>Immutable and thread-safe.
 */
public final class BucketCount {

    private final long packets;
    private final long bytes;

    BucketCount(long packets, long bytes) {
        this.packets = packets;
        this.bytes = bytes;
    }

    /**
     * Reads the counts of a service's buckets off the rules of a switch.
     *
     * @param entries the rules
     * @param app whose rules count
     * @param service the virtual address and port
     * @return by the buckets' bits of the client's port
     */
    static Map<Integer, BucketCount> read(Iterable<FlowEntry> entries, ApplicationId app, Endpoint service) {
        Criterion address = Criteria.matchIPDst(IpPrefix.valueOf(service.address(), IpPrefix.MAX_INET_MASK_LENGTH));
        Criterion port = Criteria.matchTcpDst(TpPort.tpPort(service.port()));
        Map<Integer, BucketCount> counts = new HashMap<>();
        for (FlowEntry entry : entries) {
            TrafficSelector selector = entry.selector();
            Criterion bits = selector.getCriterion(Criterion.Type.TCP_SRC_MASKED);
            if (entry.appId() == app.id()
                    && Pipeline.isWildcard(entry)
                    && bits instanceof TcpPortCriterion
                    && address.equals(selector.getCriterion(Criterion.Type.IPV4_DST))
                    && port.equals(selector.getCriterion(Criterion.Type.TCP_DST))) {
                counts.merge(
                        ((TcpPortCriterion) bits).tcpPort().toInt(),
                        new BucketCount(entry.packets(), entry.bytes()),
                        BucketCount::plus);
            }
        }
        return ImmutableMap.copyOf(counts);
    }

    private BucketCount plus(BucketCount other) {
        return new BucketCount(packets + other.packets, bytes + other.bytes);
    }

    /**
     * Returns how many packets there were since the bucket's route last changed there.
     *
     * @return as of ONOS's last poll
     */
    public long packets() {
        return packets;
    }

    /**
     * Returns how many bytes these had, as frames.
     *
     * @return as of ONOS's last poll
     */
    public long bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return packets + " packets, " + bytes + " bytes";
    }
}
