package org.ilb.controller.openflow.group;

import com.google.common.collect.ImmutableList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ilb.controller.openflow.flow.Actions;
import org.onosproject.core.GroupId;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.group.DefaultGroup;
import org.onosproject.net.group.DefaultGroupBucket;
import org.onosproject.net.group.Group;
import org.onosproject.net.group.GroupBucket;
import org.onosproject.net.group.GroupBuckets;
import org.onosproject.net.group.GroupDescription;
import org.onosproject.net.group.StoredGroupBucketEntry;
import org.projectfloodlight.openflow.protocol.OFBucket;
import org.projectfloodlight.openflow.protocol.OFBucketCounter;
import org.projectfloodlight.openflow.protocol.OFGroupDescStatsEntry;
import org.projectfloodlight.openflow.protocol.OFGroupDescStatsReply;
import org.projectfloodlight.openflow.protocol.OFGroupStatsEntry;
import org.projectfloodlight.openflow.protocol.OFGroupStatsReply;
import org.projectfloodlight.openflow.protocol.OFGroupType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a switch says of its groups, in ONOS's words. Stateless. */
final class Groups {

    private static final Logger LOG = LoggerFactory.getLogger(Groups.class);

    private Groups() {}

    /**
     * Translates a switch's groups.
     *
     * @param deviceId the switch
     * @param descriptions their buckets
     * @param counters their counters, or null if the switch has none
     * @return the groups
     */
    static Collection<Group> of(DeviceId deviceId, OFGroupDescStatsReply descriptions, OFGroupStatsReply counters) {
        Map<Integer, DefaultGroup> groups = new LinkedHashMap<>();
        for (OFGroupDescStatsEntry entry : descriptions.getEntries()) {
            int id = entry.getGroup().getGroupNumber();
            groups.put(
                    id,
                    new DefaultGroup(
                            GroupId.valueOf(id),
                            deviceId,
                            type(entry.getGroupType()),
                            new GroupBuckets(buckets(entry.getBuckets(), entry.getGroupType()))));
        }
        if (counters != null) {
            for (OFGroupStatsEntry entry : counters.getEntries()) {
                DefaultGroup group = groups.get(entry.getGroup().getGroupNumber());
                if (group != null) { // it may have come between the two replies
                    count(group, entry);
                }
            }
        }
        return ImmutableList.copyOf(groups.values());
    }

    private static GroupDescription.Type type(OFGroupType type) {
        switch (type) {
            case SELECT:
                return GroupDescription.Type.SELECT;
            case INDIRECT:
                return GroupDescription.Type.INDIRECT;
            case FF:
                return GroupDescription.Type.FAILOVER;
            default:
                return GroupDescription.Type.ALL;
        }
    }

    private static List<GroupBucket> buckets(List<OFBucket> buckets, OFGroupType type) {
        ImmutableList.Builder<GroupBucket> translated = ImmutableList.builder();
        for (OFBucket bucket : buckets) {
            TrafficTreatment.Builder treatment = DefaultTrafficTreatment.builder();
            Actions.read(bucket.getActions(), treatment);
            translated.add(bucket(bucket, type, treatment.build()));
        }
        return translated.build();
    }

    private static GroupBucket bucket(OFBucket bucket, OFGroupType type, TrafficTreatment treatment) {
        switch (type) {
            case SELECT:
                return DefaultGroupBucket.createSelectGroupBucket(treatment, (short) bucket.getWeight());
            case INDIRECT:
                return DefaultGroupBucket.createIndirectGroupBucket(treatment);
            case FF:
                return DefaultGroupBucket.createFailoverGroupBucket(
                        treatment,
                        PortNumber.portNumber(bucket.getWatchPort().getPortNumber()),
                        GroupId.valueOf(bucket.getWatchGroup().getGroupNumber()));
            default:
                return DefaultGroupBucket.createAllGroupBucket(treatment);
        }
    }

    private static void count(DefaultGroup group, OFGroupStatsEntry entry) {
        group.setPackets(entry.getPacketCount().getValue());
        group.setBytes(entry.getByteCount().getValue());
        group.setLife(entry.getDurationSec());
        group.setReferenceCount(entry.getRefCount());
        List<GroupBucket> buckets = group.buckets().buckets();
        if (buckets.size() != entry.getBucketStats().size()) {
            LOG.debug("Group {} changed between its two statistics replies", group.id());
            return;
        }
        for (int i = 0; i < buckets.size(); i++) {
            OFBucketCounter counter = entry.getBucketStats().get(i);
            StoredGroupBucketEntry bucket = (StoredGroupBucketEntry) buckets.get(i);
            bucket.setPackets(counter.getPacketCount().getValue());
            bucket.setBytes(counter.getByteCount().getValue());
        }
    }
}
