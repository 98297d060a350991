package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.onlab.packet.IpAddress;
import org.onosproject.net.ConnectPoint;

class HostTableTest {

    private static final int CAPACITY = 8;

    @Property(tries = 100)
    void neverHoldsMoreThanItMay(@ForAll long seed) {
        HostTable table = new HostTable(CAPACITY);
        Random random = new Random(seed);
        long now = 0;
        for (int i = 0; i < 200; i++) {
            now += random.nextInt(20_000);
            table.hear(address(random.nextInt(30)), place(random.nextInt(30), random.nextInt(4)), now);
            assertTrue(table.places().size() <= CAPACITY);
        }
    }

    @Example
    void whoTalksIsNotPushedOut() {
        HostTable table = new HostTable(CAPACITY);
        for (int host = 0; host < CAPACITY; host++) {
            assertTrue(table.hear(address(host), place(host, host), 0));
        }
        assertFalse(table.hear(address(100), place(100, 100), HostTable.SAFE_MILLIS - 1));
        assertFalse(table.hear(address(0), place(0, 0), HostTable.SAFE_MILLIS), "heard again is no news");
        assertTrue(table.hear(address(100), place(100, 100), HostTable.SAFE_MILLIS));
        assertTrue(table.contains(address(0)));
        assertFalse(table.contains(address(1)), "silent longest");
    }

    @Example
    void aPortMayFillAQuarter() {
        HostTable table = new HostTable(CAPACITY);
        int heard = 0;
        for (int host = 0; host < CAPACITY; host++) {
            heard += table.hear(address(host), place(host, 1), 0) ? 1 : 0;
        }
        assertEquals(CAPACITY / 4, heard);
        assertTrue(table.hear(address(50), place(50, 2), 0));
    }

    @Example
    void aMoveIsNewsAndSilenceIsForgotten() {
        HostTable table = new HostTable(CAPACITY);
        assertTrue(table.hear(address(1), place(1, 1), 0));
        assertTrue(table.hear(address(1), place(1, 2), 5));
        assertEquals(place(1, 2), table.places().get(address(1)));
        assertTrue(table.silent(6).containsKey(address(1)));
        assertFalse(table.forgetSilent(5));
        assertTrue(table.forgetSilent(6));
        assertTrue(table.places().isEmpty());
    }

    private static IpAddress address(int number) {
        return IpAddress.valueOf(0x0a000000 + number);
    }

    private static Place place(int host, int port) {
        return new Place(RandomNetwork.mac(host + 1), ConnectPoint.deviceConnectPoint("of:0000000000000001/" + port));
    }
}
