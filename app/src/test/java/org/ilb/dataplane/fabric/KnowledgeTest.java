package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ilb.IlbId;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;

/** What is left to the next run is what it reads. */
class KnowledgeTest {

    @Property(tries = 50)
    void isReadAsItWasWritten(@ForAll long seed) {
        RandomNetwork network = new RandomNetwork(seed, true);
        Map<IlbId, MacAddress> routers = new HashMap<>();
        network.nextHops.forEach((ilb, hop) -> routers.put(ilb, hop.mac()));
        Knowledge knowledge = new Knowledge(network.servers, routers, ImmutableSet.copyOf(network.cables));
        assertEquals(knowledge, Knowledge.read(knowledge.written()));
    }

    @Property
    void noTextMakesItThrow(@ForAll String text, @ForAll long seed) {
        Random random = new Random(seed);
        Knowledge.read(text);
        Knowledge.read("server " + text + "\nrouter " + text + " " + text + "\ncable " + text);
        StringBuilder broken = new StringBuilder("server 10.0.0.1 00:00:00:00:00:01 of:0000000000000001/1\n");
        broken.setCharAt(random.nextInt(broken.length()), (char) random.nextInt(128));
        Knowledge.read(broken.toString());
    }

    @Example
    void whatCannotBeReadIsLeftOut() {
        assertEquals(
                IpAddress.valueOf("10.0.0.1"),
                Knowledge.read("nonsense\nserver 10.0.0.1 00:00:00:00:00:01 of:0000000000000001/1\nrouter\ncable x y\n")
                        .servers()
                        .keySet()
                        .iterator()
                        .next());
    }
}
