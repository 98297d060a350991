package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableSet;
import java.util.Set;
import net.jqwik.api.Example;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;

class LinkMemoryTest {

    private static final Cable THERE = cable("1/1", "2/1");
    private static final Cable BACK = cable("2/1", "1/1");
    private static final Set<Cable> LINK = ImmutableSet.of(THERE, BACK);
    private static final DeviceId SECOND = DeviceId.deviceId("of:2");

    private final LinkMemory memory = new LinkMemory();

    @Example
    void aSwitchWithoutItsControllerKeepsItsLinks() {
        memory.update(LINK, device -> true, 0);
        for (long now = 0; now < 10 * LinkMemory.GRACE_MILLIS; now += 1000) {
            Wiring wiring = memory.update(ImmutableSet.of(), device -> !device.equals(SECOND), now);
            assertEquals(LINK, wiring.remembered());
            assertTrue(wiring.isFabric(THERE.source()));
        }
        long back = 10 * LinkMemory.GRACE_MILLIS;
        assertEquals(
                LINK, memory.update(ImmutableSet.of(), device -> true, back).remembered());
        assertEquals(LINK, memory.update(LINK, device -> true, back + 3000).live());
        assertTrue(memory.update(LINK, device -> true, back + 3000).remembered().isEmpty());
    }

    @Example
    void aLinkThatNobodyFindsAgainIsForgotten() {
        memory.update(LINK, device -> true, 0);
        assertEquals(
                LINK, memory.update(ImmutableSet.of(), device -> true, 5000).remembered());
        long last = 5000 + LinkMemory.GRACE_MILLIS;
        assertEquals(
                LINK, memory.update(ImmutableSet.of(), device -> true, last - 1).remembered());
        assertTrue(memory.update(ImmutableSet.of(), device -> true, last).isEmpty());
    }

    @Example
    void aPortThatLeadsElsewhereForgetsAtOnce() {
        memory.update(LINK, device -> true, 0);
        Set<Cable> other = ImmutableSet.of(cable("1/1", "3/1"), cable("3/1", "1/1"));
        Wiring wiring = memory.update(other, device -> true, 1);
        assertEquals(other, wiring.live());
        assertTrue(wiring.remembered().isEmpty());
    }

    @Example
    void oneDirectionThatIsLeftDoesNotDenyTheOther() {
        memory.update(LINK, device -> true, 0);
        Wiring wiring = memory.update(ImmutableSet.of(BACK), device -> true, 1);
        assertEquals(ImmutableSet.of(THERE), wiring.remembered());
    }

    private static Cable cable(String from, String to) {
        return new Cable(ConnectPoint.deviceConnectPoint("of:" + from), ConnectPoint.deviceConnectPoint("of:" + to));
    }
}
