package org.ilb.storebench;

import com.google.common.io.BaseEncoding;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.onlab.packet.IpAddress;

/** Associations by number, as 16 ILBs with addresses for ids and 8 servers make them. */
final class Population {

    /** How long the application's own code makes a value, give or take a byte. */
    private static final int VALUE_BYTES = 40;

    private static final int ILBS = 16;
    private static final int SERVERS = 8;
    private static final int PORTS = 50_000;
    private static final int FIRST_PORT = 10_000;
    private static final int CLIENTS = 0xc6120000; // 198.18.0.0, the network for benchmarks
    private static final int POOL = 0x0a000000;
    private static final int FRONT = 0x0a0a0000;
    private static final Endpoint SERVICE = Endpoint.parse("203.0.113.10:80");

    private Population() {}

    /** Returns the association of a number; another number is another connection. */
    static Association association(int number) {
        Endpoint client = Endpoint.of(IpAddress.valueOf(CLIENTS + number / PORTS), FIRST_PORT + number % PORTS);
        Endpoint server = Endpoint.of(IpAddress.valueOf(POOL + 1 + number % SERVERS), 8080);
        return new Association(
                        FlowKey.of(SERVICE, client), server, ilb(number), ilb(number + 1 + number % 7), 1, number * 31)
                .receivedBy(ilb(number + 2));
    }

    private static IlbId ilb(int number) {
        return IlbId.of(IpAddress.valueOf(FRONT + 1 + number % ILBS));
    }

    /** Returns the key that the application's own code gives an association. */
    static String key(int number) {
        return BaseEncoding.base64().encode(association(number).key().toBytes());
    }

    /** Returns a value that is as long as that of an association. */
    static byte[] value(int number) {
        byte[] value = new byte[VALUE_BYTES];
        value[number % VALUE_BYTES] = 1;
        return value;
    }
}
