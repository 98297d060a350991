package org.ilb.election;

import java.util.Random;
import java.util.function.IntFunction;
import org.ilb.FlowKey;
import org.onlab.packet.IpAddress;

/** Connections as clients make them. */
final class Keys {

    private static final int SERVICE =
            IpAddress.valueOf("10.100.0.1").getIp4Address().toInt();
    private static final int CLIENT =
            IpAddress.valueOf("10.1.0.1").getIp4Address().toInt();
    private static final int FIRST_PORT = 1024;

    private Keys() {}

    /** A connection between any two end points. */
    static FlowKey anywhere(Random random) {
        return FlowKey.of(random.nextInt(), 1 + random.nextInt(0xffff), random.nextInt(), 1 + random.nextInt(0xffff));
    }

    /** Connections of clients anywhere to one service. */
    static IntFunction<FlowKey> ofRandomClients(Random random) {
        return i -> FlowKey.of(SERVICE, 80, random.nextInt(), FIRST_PORT + random.nextInt(0xffff - FIRST_PORT));
    }

    /** Connections of one client that takes its ports one after the other, 64,512 at most. */
    static IntFunction<FlowKey> ofOneClient() {
        return i -> FlowKey.of(SERVICE, 80, CLIENT, FIRST_PORT + i);
    }
}
