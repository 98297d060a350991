package org.ilb.election;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ilb.IlbId;
import org.onlab.packet.IpAddress;

/** How operators name their ILBs. */
enum Ids {
    /** By index (claim 6): 1, 2, 3, … */
    INDEXES {
        @Override
        List<IlbId> some(int count, Random random) {
            return IntStream.rangeClosed(1, count).mapToObj(IlbId::ofIndex).collect(Collectors.toList());
        }
    },
    /** By addresses that follow one another (claim 5). */
    CONSECUTIVE_ADDRESSES {
        @Override
        List<IlbId> some(int count, Random random) {
            int first = random.nextInt() & ~0xff;
            return IntStream.rangeClosed(1, count)
                    .mapToObj(i -> IlbId.of(IpAddress.valueOf(first + i)))
                    .collect(Collectors.toList());
        }
    },
    /** By addresses from anywhere (claim 5). */
    RANDOM_ADDRESSES {
        @Override
        List<IlbId> some(int count, Random random) {
            Set<IlbId> ids = new LinkedHashSet<>();
            while (ids.size() < count) {
                ids.add(IlbId.of(IpAddress.valueOf(random.nextInt())));
            }
            return ids.stream().collect(Collectors.toList());
        }
    };

    abstract List<IlbId> some(int count, Random random);
}
