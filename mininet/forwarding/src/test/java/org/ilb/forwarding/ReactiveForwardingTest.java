package org.ilb.forwarding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.onlab.packet.Ethernet;
import org.onlab.packet.MacAddress;
import org.onosproject.app.ApplicationService;
import org.onosproject.core.CoreService;
import org.onosproject.core.DefaultApplicationId;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.Host;
import org.onosproject.net.HostLocation;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.DefaultTrafficSelector;
import org.onosproject.net.flow.DefaultTrafficTreatment;
import org.onosproject.net.flow.FlowRule;
import org.onosproject.net.flow.FlowRuleService;
import org.onosproject.net.flow.TrafficTreatment;
import org.onosproject.net.host.HostService;
import org.onosproject.net.packet.DefaultInboundPacket;
import org.onosproject.net.packet.PacketContext;
import org.onosproject.net.packet.PacketPriority;
import org.onosproject.net.packet.PacketProcessor;
import org.onosproject.net.packet.PacketService;
import org.onosproject.net.topology.TopologyService;

class ReactiveForwardingTest {

    private static final MacAddress FROM = MacAddress.valueOf("02:00:00:00:00:01");
    private static final MacAddress TO = MacAddress.valueOf("02:00:00:00:00:02");
    private static final ConnectPoint HERE = ConnectPoint.deviceConnectPoint("of:0000000000000001/1");
    private static final ConnectPoint THERE = ConnectPoint.deviceConnectPoint("of:0000000000000001/7");

    private final ApplicationService applications = mock(ApplicationService.class);
    private final FlowRuleService rules = mock(FlowRuleService.class);
    private final HostService hosts = mock(HostService.class);
    private final TopologyService topology = mock(TopologyService.class);
    private final PacketContext context = mock(PacketContext.class);
    private final TrafficTreatment.Builder treatment = DefaultTrafficTreatment.builder();
    private final PacketService packets = mock(PacketService.class);
    private ReactiveForwarding forwarding;
    private PacketProcessor processor;

    @BeforeEach
    void start() {
        CoreService core = mock(CoreService.class);
        when(core.registerApplication(ReactiveForwarding.NAME))
                .thenReturn(new DefaultApplicationId(1, ReactiveForwarding.NAME));
        forwarding = new ReactiveForwarding(core, applications, packets, rules, hosts, topology);
        ArgumentCaptor<PacketProcessor> added = ArgumentCaptor.forClass(PacketProcessor.class);
        verify(packets).addProcessor(added.capture(), eq(PacketProcessor.director(2)));
        processor = added.getValue();
        when(context.treatmentBuilder()).thenReturn(treatment);
    }

    @Test
    void leavesAloneWhatIsHandled() {
        receive(Ethernet.TYPE_IPV4);
        when(context.isHandled()).thenReturn(true);
        processor.process(context);
        verify(context, never()).send();
        verify(context, never()).block();
    }

    @Test
    void aPacketForAKnownHostGoesThereAndLeavesARule() {
        receive(Ethernet.TYPE_IPV4);
        knowTheDestination();
        processor.process(context);
        ArgumentCaptor<FlowRule> rule = ArgumentCaptor.forClass(FlowRule.class);
        verify(rules).applyFlowRules(rule.capture());
        assertEquals(10, rule.getValue().priority());
        assertEquals(10, rule.getValue().timeout());
        assertEquals(
                DefaultTrafficSelector.builder()
                        .matchInPort(HERE.port())
                        .matchEthSrc(FROM)
                        .matchEthDst(TO)
                        .build(),
                rule.getValue().selector());
        assertSent(THERE.port());
    }

    @Test
    void arpLeavesNoRule() {
        receive(Ethernet.TYPE_ARP);
        knowTheDestination();
        processor.process(context);
        verify(rules, never()).applyFlowRules(any());
        assertSent(THERE.port());
    }

    @Test
    void anUnknownDestinationIsFloodedWhereABroadcastMayGo() {
        receive(Ethernet.TYPE_ARP);
        when(topology.isBroadcastPoint(any(), eq(HERE))).thenReturn(true);
        processor.process(context);
        assertSent(PortNumber.FLOOD);
    }

    @Test
    void anUnknownDestinationIsBlockedElsewhere() {
        receive(Ethernet.TYPE_ARP);
        processor.process(context);
        verify(context).block();
        verify(context, never()).send();
    }

    @Test
    void takesEverythingBackWhenItIsDeactivated() {
        ArgumentCaptor<Runnable> hook = ArgumentCaptor.forClass(Runnable.class);
        verify(applications).registerDeactivateHook(any(), hook.capture());
        hook.getValue().run();
        verify(packets).removeProcessor(processor);
        verify(packets).cancelPackets(any(), eq(PacketPriority.REACTIVE), any());
        verify(rules).removeFlowRulesById(any());
    }

    @Test
    void leavesItsRulesToTheSwitchesWhenTheControllerStops() {
        forwarding.stop();
        verify(packets).removeProcessor(processor);
        verify(rules, never()).removeFlowRulesById(any());
    }

    private void receive(short type) {
        Ethernet frame = new Ethernet();
        frame.setEtherType(type).setSourceMACAddress(FROM).setDestinationMACAddress(TO);
        when(context.inPacket()).thenReturn(new DefaultInboundPacket(HERE, frame, null));
    }

    private void knowTheDestination() {
        Host host = mock(Host.class);
        when(host.location()).thenReturn(new HostLocation(THERE, 0));
        when(hosts.getHost(any())).thenReturn(host);
    }

    private void assertSent(PortNumber port) {
        verify(context).send();
        assertEquals(DefaultTrafficTreatment.builder().setOutput(port).build(), treatment.build());
    }
}
