package org.ilb.dataplane.flags;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.ilb.Endpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.onlab.packet.MacAddress;
import org.onosproject.net.DeviceId;
import org.onosproject.openflow.controller.Dpid;
import org.onosproject.openflow.controller.OpenFlowController;
import org.onosproject.openflow.controller.OpenFlowEventListener;
import org.onosproject.openflow.controller.OpenFlowSwitch;
import org.onosproject.openflow.controller.OpenFlowSwitchListener;
import org.onosproject.openflow.controller.RoleState;
import org.projectfloodlight.openflow.protocol.OFBadMatchCode;
import org.projectfloodlight.openflow.protocol.OFFactories;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFlowMod;
import org.projectfloodlight.openflow.protocol.OFFlowModCommand;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFVersion;
import org.projectfloodlight.openflow.protocol.match.MatchField;
import org.projectfloodlight.openflow.types.OFPort;
import org.projectfloodlight.openflow.types.TableId;
import org.projectfloodlight.openflow.types.TransportPort;
import org.projectfloodlight.openflow.types.U16;

/** The keeper of rules on TCP flags over a controller that only writes down what is sent. */
class OpenFlowFlagRulesTest {

    private static final DeviceId DEVICE = DeviceId.deviceId("of:0000000000000001");
    private static final Dpid DPID = Dpid.dpid(DEVICE.uri());
    private static final FlagRule WEB =
            FlagRule.clientSyn(MacAddress.valueOf("02:49:0a:0a:01:01"), Endpoint.parse("10.100.0.1:80"));
    private static final FlagRule MAIL =
            FlagRule.clientSyn(MacAddress.valueOf("02:49:0a:0a:01:01"), Endpoint.parse("10.100.0.1:25"));

    private final OFFactory factory = OFFactories.getFactory(OFVersion.OF_13);
    private final OpenFlowController controller = mock(OpenFlowController.class);
    private final OpenFlowSwitch sw = mock(OpenFlowSwitch.class);
    private final List<OFFlowMod> sent = new ArrayList<>();
    private final OpenFlowFlagRules keeper = new OpenFlowFlagRules();
    private volatile long barrier;
    private OpenFlowSwitchListener switches;
    private OpenFlowEventListener events;

    @BeforeEach
    void activate() {
        when(sw.factory()).thenReturn(factory);
        when(sw.isConnected()).thenReturn(true);
        when(sw.getRole()).thenReturn(RoleState.MASTER);
        doAnswer(call -> {
                    List<OFMessage> messages = call.getArgument(0);
                    synchronized (sent) {
                        for (OFMessage message : messages) {
                            if (message instanceof OFFlowMod) {
                                sent.add((OFFlowMod) message);
                            } else {
                                barrier = message.getXid();
                            }
                        }
                    }
                    return null;
                })
                .when(sw)
                .sendMsg(anyList());
        keeper.controller = controller;
        keeper.activate();
        ArgumentCaptor<OpenFlowSwitchListener> switchListener = ArgumentCaptor.forClass(OpenFlowSwitchListener.class);
        verify(controller).addListener(switchListener.capture());
        switches = switchListener.getValue();
        ArgumentCaptor<OpenFlowEventListener> eventListener = ArgumentCaptor.forClass(OpenFlowEventListener.class);
        verify(controller).addEventListener(eventListener.capture());
        events = eventListener.getValue();
    }

    @AfterEach
    void deactivate() {
        keeper.deactivate();
    }

    private void connect() {
        when(controller.getSwitch(DPID)).thenReturn(sw);
        switches.switchAdded(DPID);
    }

    private void keep(FlagRule... punts) {
        keeper.keep(ImmutableMap.of(DEVICE, ImmutableSet.copyOf(punts)));
    }

    private List<OFFlowMod> sent(OFFlowModCommand command) {
        synchronized (sent) {
            return sent.stream().filter(mod -> mod.getCommand() == command).collect(Collectors.toList());
        }
    }

    private OFFlowMod lastAdded() {
        List<OFFlowMod> added = sent(OFFlowModCommand.ADD);
        return added.get(added.size() - 1);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not come to that");
            Thread.onSpinWait();
        }
    }

    @Test
    void matchesNothingButSynsOfTheService() {
        connect();
        keep(WEB);
        await(() -> !sent(OFFlowModCommand.ADD).isEmpty());
        OFFlowMod rule = sent(OFFlowModCommand.ADD).get(0);
        assertEquals(TransportPort.of(80), rule.getMatch().get(MatchField.TCP_DST));
        assertEquals(
                U16.of(0x02),
                rule.getMatch().getMasked(MatchField.OVS_TCP_FLAGS).getValue());
        assertEquals(
                U16.of(0x16),
                rule.getMatch().getMasked(MatchField.OVS_TCP_FLAGS).getMask(),
                "SYN, ACK and RST are looked at");
    }

    @Test
    void copiesEndsAndLetsThemGoOn() {
        connect();
        Endpoint server = Endpoint.parse("10.0.0.11:8080");
        keep(FlagRule.clientEnd(WEB.ilb().orElseThrow(), WEB.endpoint()), FlagRule.serverEnd(server));
        await(() -> sent(OFFlowModCommand.ADD).size() >= 4);
        List<OFFlowMod> added = sent(OFFlowModCommand.ADD);
        for (int i = 0; i < 4; i++) {
            boolean ofClient = i < 2;
            OFFlowMod rule = added.get(i);
            assertEquals(ofClient ? 30_001 : 27_001, rule.getPriority());
            assertEquals(
                    (ofClient ? FlagRule.Kind.CLIENT_END : FlagRule.Kind.SERVER_END).cookie(),
                    rule.getCookie().getValue());
            assertEquals(ofClient, rule.getMatch().isExact(MatchField.ETH_DST));
            assertEquals(
                    TransportPort.of(ofClient ? 80 : 8080),
                    rule.getMatch().get(ofClient ? MatchField.TCP_DST : MatchField.TCP_SRC));
            assertEquals(
                    i % 2 == 0 ? U16.of(0x01) : U16.of(0x04),
                    rule.getMatch().getMasked(MatchField.OVS_TCP_FLAGS).getValue());
            assertEquals(
                    i % 2 == 0 ? U16.of(0x03) : U16.of(0x06),
                    rule.getMatch().getMasked(MatchField.OVS_TCP_FLAGS).getMask(),
                    "the flag itself, and no SYN");
            assertEquals(
                    ImmutableList.of(
                            factory.instructions()
                                    .applyActions(ImmutableList.of(
                                            factory.actions().output(OFPort.CONTROLLER, FlagRuleMessages.COPIED))),
                            factory.instructions().gotoTable(TableId.of(ofClient ? 1 : 4))),
                    rule.getInstructions());
        }
    }

    @Test
    void putsRulesOnASwitchThatComesLaterAndSweepsWhatWasThere() {
        keep(WEB, MAIL);
        connect();
        await(() -> sent(OFFlowModCommand.ADD).size() >= 2);
        assertEquals(OFFlowModCommand.DELETE, sent.get(0).getCommand());
        assertEquals(FlagRule.Kind.CLIENT_SYN.cookie(), sent.get(0).getCookie().getValue());
    }

    @Test
    void leavesASwitchThatAnotherNodeMastersToThatNode() {
        when(sw.getRole()).thenReturn(RoleState.SLAVE);
        keep(WEB);
        connect();
        verify(sw, timeout(1000).atLeastOnce()).getRole();
        assertEquals(0, sent(OFFlowModCommand.ADD).size());
        when(sw.getRole()).thenReturn(RoleState.MASTER);
        switches.receivedRoleReply(DPID, RoleState.MASTER, RoleState.MASTER);
        await(() -> !sent(OFFlowModCommand.ADD).isEmpty());
    }

    @Test
    void removesExactlyWhatIsNotWantedAnyMore() {
        connect();
        keep(WEB, MAIL);
        await(() -> sent(OFFlowModCommand.ADD).size() >= 2);
        keep(WEB);
        await(() -> sent(OFFlowModCommand.DELETE_STRICT).size() >= 1);
        assertEquals(
                TransportPort.of(25),
                sent(OFFlowModCommand.DELETE_STRICT).get(0).getMatch().get(MatchField.TCP_DST));
    }

    @Test
    void leavesASwitchAloneThatCannotMatchFlagsUntilItComesAgain() {
        connect();
        keep(WEB);
        await(() -> sent(OFFlowModCommand.ADD).size() >= 1);
        events.handleMessage(
                DPID,
                factory.errorMsgs()
                        .buildBadMatchErrorMsg()
                        .setXid(sent(OFFlowModCommand.ADD).get(0).getXid())
                        .setCode(OFBadMatchCode.BAD_FIELD)
                        .build());
        keep(WEB, MAIL);
        keeper.keep(ImmutableMap.of(DEVICE, ImmutableSet.of(MAIL)));
        switches.switchAdded(DPID);
        await(() -> sent(OFFlowModCommand.ADD).size() >= 2);
        assertEquals(TransportPort.of(25), lastAdded().getMatch().get(MatchField.TCP_DST));
    }

    @Test
    void confirmsWhatTheSwitchHasAcknowledged() {
        connect();
        keep(FlagRule.movingSyn(WEB.endpoint()));
        CompletableFuture<Boolean> confirmed = keeper.confirm(DEVICE);
        await(() -> barrier != 0);
        assertEquals(TableId.of(2), lastAdded().getTableId());
        assertFalse(lastAdded().getMatch().isExact(MatchField.ETH_DST), "an earlier table looked at that");
        events.handleMessage(DPID, factory.buildBarrierReply().setXid(42).build());
        assertFalse(confirmed.isDone());
        events.handleMessage(DPID, factory.buildBarrierReply().setXid(barrier).build());
        assertTrue(confirmed.join());
    }

    @Test
    void confirmsNothingThatASwitchRefuses() {
        connect();
        keep(WEB);
        await(() -> sent(OFFlowModCommand.ADD).size() >= 1);
        events.handleMessage(
                DPID,
                factory.errorMsgs()
                        .buildBadMatchErrorMsg()
                        .setXid(sent(OFFlowModCommand.ADD).get(0).getXid())
                        .setCode(OFBadMatchCode.BAD_FIELD)
                        .build());
        assertFalse(keeper.confirm(DEVICE).join());
    }

    @Test
    void cannotConfirmWithoutTheSwitch() {
        keep(WEB);
        assertThrows(CompletionException.class, () -> keeper.confirm(DEVICE).join());
    }

    @Test
    void takesNoNoticeOfErrorsOfOthers() {
        connect();
        keep(WEB);
        await(() -> sent(OFFlowModCommand.ADD).size() >= 1);
        events.handleMessage(
                DPID,
                factory.errorMsgs()
                        .buildBadMatchErrorMsg()
                        .setXid(42)
                        .setCode(OFBadMatchCode.BAD_FIELD)
                        .build());
        keep(WEB, MAIL);
        await(() -> sent(OFFlowModCommand.ADD).size() >= 3);
    }

    @Test
    void takesAllAwayWhenItIsDeactivated() {
        connect();
        keep(WEB);
        await(() -> sent(OFFlowModCommand.ADD).size() >= 1);
        keeper.deactivate();
        assertEquals(1, sent(OFFlowModCommand.DELETE_STRICT).size());
        verify(controller, timeout(1000)).removeListener(any());
        keeper.activate();
    }
}
