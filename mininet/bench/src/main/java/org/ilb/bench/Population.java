package org.ilb.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.onlab.packet.IpAddress;

/** The ILBs, servers and clients that the benchmarks are about; the same in every run. */
final class Population {

    static final long SEED = 0x9e3779b97f4a7c15L;
    static final Endpoint SERVICE = Endpoint.parse("10.100.0.1:80");

    private static final int VIRTUAL_ADDRESS = SERVICE.address().getIp4Address().toInt();
    private static final int FIRST_CLIENT =
            IpAddress.valueOf("10.1.0.0").getIp4Address().toInt();
    private static final int FIRST_PORT = 32_768;
    private static final int PORTS_PER_CLIENT = 256;

    private Population() {}

    /** ILBs with addresses as an operator would give them. */
    static List<IlbId> ilbs(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> IlbId.parse("10.10." + i + ".1"))
                .collect(Collectors.toList());
    }

    /** The connection of a number: clients with some hundred ports in a row each. */
    static FlowKey connection(int number) {
        return FlowKey.of(
                VIRTUAL_ADDRESS,
                SERVICE.port(),
                FIRST_CLIENT + number / PORTS_PER_CLIENT,
                FIRST_PORT + number % PORTS_PER_CLIENT);
    }

    /** Connections with nothing in common but the service. */
    static FlowKey[] strangers(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        FlowKey[] keys = new FlowKey[count];
        for (int i = 0; i < count; i++) {
            keys[i] =
                    FlowKey.of(VIRTUAL_ADDRESS, SERVICE.port(), random.nextInt(), random.nextInt(1, Endpoint.MAX_PORT));
        }
        return keys;
    }
}
