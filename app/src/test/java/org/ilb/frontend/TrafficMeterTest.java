package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.ReturnMode;
import org.ilb.ServerStatistics;
import org.ilb.Service;
import org.ilb.Traffic;
import org.ilb.dataplane.fabric.Place;
import org.ilb.dataplane.rule.PortBits;
import org.ilb.dataplane.rule.Rules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlab.packet.MacAddress;
import org.onosproject.core.ApplicationId;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultFlowEntry;
import org.onosproject.net.flow.FlowEntry;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleEvent;

/** Each packet counts once, whatever happens to the rules that count it. */
class TrafficMeterTest {

    private static final ApplicationId APP = new DefaultApplicationId(7, "org.ilb");
    private static final MacAddress MAC = MacAddress.valueOf("00:00:00:00:00:0b");
    private static final DeviceId EDGE = DeviceId.deviceId("of:00000000000000aa");
    private static final FlowKey KEY = FlowKey.of(TestFrontEnd.SERVICE, Endpoint.parse("10.9.0.1:40000"));

    private final AtomicLong now = new AtomicLong();
    private final Meters meters = new Meters();
    private final ReceivedConnections received = new ReceivedConnections();
    private final Rules rules = new Rules(APP);
    private FrontEnd frontEnd = TestFrontEnd.routed(2, 2);
    private final TrafficMeter meter = new TrafficMeter(
            APP,
            meters,
            () -> new Enrolment(frontEnd),
            server -> Optional.of(new Place(
                    server.equals(server(0)) ? MAC : MacAddress.valueOf("00:00:00:00:00:0c"),
                    ConnectPoint.deviceConnectPoint("of:00000000000000aa/1"))),
            received,
            now::get);

    @BeforeEach
    void configure() {
        meters.configure(frontEnd);
    }

    private Ilb ilb(int index) {
        return frontEnd.ilbs().get(index);
    }

    private Endpoint server(int index) {
        return frontEnd.services().get(0).servers().get(index).endpoint();
    }

    private FlowRule exact(int ilb, Endpoint addressed) {
        return rules.exact(ilb(ilb).device(), MacAddress.BROADCAST, KEY, addressed, MAC);
    }

    private void polled(FlowRule rule, long life, long packets) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(5));
        tell(FlowRuleEvent.Type.RULE_UPDATED, rule, life, packets);
    }

    private void tell(FlowRuleEvent.Type type, FlowRule rule, long life, long packets) {
        FlowRuleEvent event = new FlowRuleEvent(
                type, new DefaultFlowEntry(rule, FlowEntry.FlowEntryState.ADDED, life, packets, packets * 100));
        assertTrue(meter.isRelevant(event), rule.toString());
        meter.event(event);
    }

    private ServerStatistics statistics(int server) {
        return meters.services(frontEnd, (service, endpoint) -> 0)
                .get(0)
                .servers()
                .get(server);
    }

    private Traffic at(int ilb) {
        return meters.ilbs(frontEnd).get(ilb).received();
    }

    private static Traffic packets(long packets) {
        return new Traffic(packets, packets * 100);
    }

    @Test
    void countsWhatWasAddedSinceTheLastPoll() {
        FlowRule rule = exact(0, server(0));
        polled(rule, 1, 3);
        polled(rule, 6, 3);
        polled(rule, 11, 10);
        assertEquals(packets(10), statistics(0).received());
        assertEquals(packets(10), at(0));
        assertEquals(Traffic.NONE, at(1));
        assertEquals(Traffic.NONE, statistics(1).received());
    }

    @Test
    void countsAnewWhatIsPutAgain() {
        FlowRule rule = exact(0, server(0));
        polled(rule, 1, 10);
        polled(rule, 1, 4);
        tell(FlowRuleEvent.Type.RULE_REMOVED, rule, 6, 4);
        polled(rule, 1, 7);
        assertEquals(packets(21), statistics(0).received());
    }

    @Test
    void doesNotCountWhatWasBefore() {
        polled(exact(0, server(0)), 3600, 1_000);
        polled(exact(0, server(0)), 3605, 1_001);
        assertEquals(packets(1), statistics(0).received());
    }

    @Test
    void aRuleThatLeadsElsewhereCountsForItsNewServer() {
        polled(exact(0, server(0)), 1, 10);
        polled(exact(0, server(1)), 6, 12);
        assertEquals(packets(10), statistics(0).received());
        assertEquals(packets(2), statistics(1).received());
    }

    @Test
    void whatIsRelayedCountsWhereItWasReceived() {
        frontEnd = TestFrontEnd.handedOff(frontEnd, HandOff.RELAY, 0);
        received.getOrAdd(ilb(1).id(), KEY)
                .putting(exact(1, server(0)), Route.byOwner(ilb(0).id(), server(0)), PortNumber.portNumber(1));
        FlowRule relay = rules.relay(ilb(1).device(), MacAddress.BROADCAST, KEY, MAC);
        assertFalse(meter.isRelevant(new FlowRuleEvent(
                FlowRuleEvent.Type.RULE_UPDATED,
                new DefaultFlowEntry(relay, FlowEntry.FlowEntryState.ADDED, 1, 5, 500))));
        polled(exact(0, server(0)), 1, 5);
        assertEquals(packets(5), at(1));
        assertEquals(Traffic.NONE, at(0));
    }

    @Test
    void bucketsCountByTheRuleThatLeadsToAServer() {
        PortBits bits = PortBits.of(0x0002, 0x001e);
        polled(rules.bucket(ilb(0).device(), MacAddress.BROADCAST, TestFrontEnd.SERVICE, bits, server(0), MAC), 1, 4);
        polled(rules.movingBucket(ilb(1).device(), TestFrontEnd.SERVICE, bits), 1, 100);
        polled(rules.fallback(ilb(1).device(), MacAddress.BROADCAST, TestFrontEnd.SERVICE, bits, server(1), MAC), 1, 6);
        assertEquals(packets(4), at(0));
        assertEquals(packets(6), at(1));
        assertEquals(packets(6), statistics(1).received());
    }

    @Test
    void answersCountWhereTheyAreTranslated() {
        polled(rules.returnByUplink(EDGE, server(1), TestFrontEnd.SERVICE, MacAddress.BROADCAST, MAC), 1, 9);
        assertEquals(packets(9), statistics(1).sent());
    }

    @Test
    void withoutTranslationTheMacAddressTellsTheServer() {
        Service service = frontEnd.services().get(0);
        frontEnd =
                new FrontEnd(ImmutableList.of(service.returning(ReturnMode.DSR)), frontEnd.ilbs(), frontEnd.settings());
        polled(exact(0, TestFrontEnd.SERVICE), 1, 8);
        polled(rules.carryByUplink(EDGE, MAC, TestFrontEnd.SERVICE, MacAddress.BROADCAST, MAC), 1, 6);
        assertEquals(packets(8), statistics(0).received());
        assertEquals(packets(6), statistics(0).sent());
    }
}
