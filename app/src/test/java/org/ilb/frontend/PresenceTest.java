package org.ilb.frontend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ilb.Absence;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.membership.Authenticator;
import org.ilb.membership.IdMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlab.packet.DeserializationException;
import org.onlab.packet.Ethernet;
import org.onlab.packet.MacAddress;
import org.onosproject.mastership.MastershipServiceAdapter;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.device.DeviceServiceAdapter;
import org.onosproject.net.flow.instructions.Instructions.OutputInstruction;
import org.onosproject.net.packet.OutboundPacket;
import org.onosproject.net.packet.PacketServiceAdapter;

/** Claim 16 on switches: what is sent, what is believed, and who is told. */
class PresenceTest {

    private static final PortNumber PORT = PortNumber.portNumber(3);
    private static final int ILBS = 6;
    private static final int HEARERS = 3;

    private final FrontEnd frontEnd = TestFrontEnd.routed(ILBS, 1);
    private final Tally tally = new Tally();
    private final Set<DeviceId> available = new HashSet<>();
    private final Set<DeviceId> foreign = new HashSet<>();
    private final Set<DeviceId> mute = new HashSet<>();
    private final Set<DeviceId> cut = new HashSet<>();
    private final List<OutboundPacket> sent = new ArrayList<>();
    private final List<Set<IlbId>> told = new ArrayList<>();
    private long millis = 5_000;
    private Presence presence;

    @BeforeEach
    void start() {
        presence = newPresence();
        frontEnd.ilbs().forEach(each -> available.add(each.device()));
        presence.configure(frontEnd);
    }

    private Presence newPresence() {
        return new Presence(
                new DeviceServiceAdapter() {
                    @Override
                    public boolean isAvailable(DeviceId device) {
                        return available.contains(device);
                    }
                },
                new MastershipServiceAdapter() {
                    @Override
                    public boolean isLocalMaster(DeviceId device) {
                        return !foreign.contains(device);
                    }
                },
                new PacketServiceAdapter() {
                    @Override
                    public void emit(OutboundPacket packet) {
                        sent.add(packet);
                        deliver(packet);
                    }
                },
                (device, destination, ingress) -> cut.contains(device) ? Optional.empty() : Optional.of(PORT),
                () -> 7,
                told::add,
                tally,
                () -> TimeUnit.MILLISECONDS.toNanos(millis),
                () -> 1_600_000_000_000L + millis);
    }

    private Ilb ilb(int index) {
        return frontEnd.ilbs().get(index - 1);
    }

    private static Ethernet frame(OutboundPacket packet) {
        try {
            byte[] bytes = packet.data().array();
            return Ethernet.deserializer().deserialize(bytes, 0, bytes.length);
        } catch (DeserializationException e) {
            throw new AssertionError(e);
        }
    }

    private void deliver(OutboundPacket packet) {
        if (mute.contains(packet.sendThrough())) {
            return;
        }
        Ethernet frame = frame(packet);
        MacAddress to = frame.getDestinationMAC();
        frontEnd.ilbs().stream()
                .filter(each -> FabricMac.of(each).equals(to) && available.contains(each.device()))
                .forEach(each -> presence.heard(each, frame.getPayload().serialize()));
    }

    private void run(long time) {
        long end = millis + time;
        while (millis < end) {
            millis += 50;
            presence.tick();
        }
    }

    private Set<IlbId> out() {
        return told.isEmpty() ? Set.of() : told.get(told.size() - 1);
    }

    private byte[] captured() {
        return frame(sent.get(0)).getPayload().serialize();
    }

    private Ilb hearerOf(byte[] payload) {
        IlbId hearer = IdMessage.parse(payload).orElseThrow().hearer();
        return frontEnd.ilbs().stream()
                .filter(each -> each.id().equals(hearer))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachSendsAFewMessagesAPeriod() {
        run(10_000);
        assertEquals((10_000 / 200 + 1) * ILBS * HEARERS, sent.size());
        assertEquals(sent.size(), tally.get(Count.ID_SENT));
        assertEquals(sent.size(), tally.get(Count.ID_HEARD));
        assertTrue(told.isEmpty());
    }

    @Test
    void aMessageSaysWhoSendsItToWhom() {
        run(400);
        for (OutboundPacket packet : sent) {
            Ethernet frame = frame(packet);
            assertEquals((short) 0x88b5, frame.getEtherType());
            assertTrue(packet.treatment().allInstructions().stream()
                    .allMatch(each -> ((OutputInstruction) each).port().equals(PORT)));
            byte[] payload = frame.getPayload().serialize();
            assertTrue(new Authenticator(frontEnd.settings().seed()).isGenuine(payload));
            IdMessage message = IdMessage.parse(payload).orElseThrow();
            Ilb sender = frontEnd.ilbs().stream()
                    .filter(each -> each.device().equals(packet.sendThrough()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(sender.id(), message.sender());
            assertEquals(FabricMac.of(sender), frame.getSourceMAC());
            assertEquals(FabricMac.of(hearerOf(payload)), frame.getDestinationMAC());
            assertEquals(7, message.view());
        }
    }

    @Test
    void whoFallsSilentIsOutAndBackWhenItIsHeardAgain() {
        run(2_000);
        mute.add(ilb(4).device());
        run(1_300);
        assertEquals(List.of(Set.of(ilb(4).id())), told);
        assertEquals(Optional.of(Absence.SILENT), presence.absence(ilb(4).id()));
        mute.clear();
        run(5_000);
        assertEquals(2, told.size());
        assertTrue(out().isEmpty());
        assertEquals(1, tally.get(Count.ILBS_OUT));
        assertEquals(1, tally.get(Count.ILBS_BACK));
    }

    @Test
    void whoseSwitchGoesIsOutAtOnce() {
        run(2_000);
        available.remove(ilb(2).device());
        presence.tick();
        assertEquals(Set.of(ilb(2).id()), out());
        assertEquals(Optional.of(Absence.AWAY), presence.absence(ilb(2).id()));
        sent.clear();
        run(1_000);
        assertTrue(sent.stream()
                .noneMatch(packet -> packet.sendThrough().equals(ilb(2).device())
                        || frame(packet).getDestinationMAC().equals(FabricMac.of(ilb(2)))));
        available.add(ilb(2).device());
        run(1_000);
        assertTrue(out().isEmpty());
    }

    @Test
    void whatIsForgedReplayedOrMalformedChangesNothingAndIsCounted() {
        run(2_000);
        Ilb victim = ilb(5);
        byte[] genuine = captured();
        Ilb hearer = hearerOf(genuine);
        mute.add(victim.device());
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            // A forger that knows the format, the epoch and the sequence, but not the secret.
            byte[] forged = new IdMessage(victim.id(), ilb(6).id(), Long.MAX_VALUE, i, 7).sealed(new Authenticator(99));
            presence.heard(ilb(6), forged);
            sent.stream()
                    .filter(packet -> packet.sendThrough().equals(victim.device()))
                    .limit(20)
                    .forEach(this::replay);
            byte[] junk = new byte[random.nextInt(100)];
            random.nextBytes(junk);
            presence.heard(hearer, junk);
            run(50);
        }
        assertEquals(Set.of(victim.id()), out());
        assertEquals(60, tally.get(Count.ID_FORGED));
        assertEquals(60, tally.get(Count.ID_MALFORMED));
        assertEquals(1_200, tally.get(Count.ID_REPLAYED));
    }

    private void replay(OutboundPacket packet) {
        byte[] payload = frame(packet).getPayload().serialize();
        presence.heard(hearerOf(payload), payload);
    }

    @Test
    void whatOneWasSentAnotherDoesNotBelieve() {
        run(400);
        long replayed = tally.get(Count.ID_REPLAYED);
        byte[] payload = captured();
        frontEnd.ilbs().forEach(each -> presence.heard(each, payload));
        assertEquals(replayed + ILBS, tally.get(Count.ID_REPLAYED));
    }

    @Test
    void whatWasCapturedBeforeTheControllerRestartedIsNotBelievedAfterwards() {
        mute.add(ilb(1).device());
        run(2_000);
        byte[] payload = sent.stream()
                .filter(packet -> packet.sendThrough().equals(ilb(1).device()))
                .findFirst()
                .map(packet -> frame(packet).getPayload().serialize())
                .orElseThrow();
        presence = newPresence();
        millis += 10_000;
        presence.configure(frontEnd);
        presence.heard(hearerOf(payload), payload);
        assertEquals(1, tally.get(Count.ID_REPLAYED));
    }

    @Test
    void aPauseOfTheControllerExpelsNobody() {
        run(2_000);
        for (int i = 0; i < 5; i++) {
            millis += 5_000;
            run(3_000);
        }
        assertTrue(told.isEmpty());
        assertEquals(5, tally.get(Count.ID_STALLS));
        assertEquals(tally.get(Count.ID_SENT), tally.get(Count.ID_HEARD));
    }

    @Test
    void onlyTheMasterOfASwitchSendsFromIt() {
        foreign.add(ilb(3).device());
        run(1_000);
        assertFalse(sent.isEmpty());
        assertTrue(sent.stream().noneMatch(packet -> packet.sendThrough().equals(ilb(3).device())));
    }

    @Test
    void withoutAWayNothingIsSentAndNothingFollows() {
        frontEnd.ilbs().forEach(each -> cut.add(each.device()));
        run(60_000);
        assertTrue(sent.isEmpty());
        assertTrue(told.isEmpty());
        cut.clear();
        run(60_000);
        assertTrue(told.isEmpty());
    }

    @Test
    void payloadsAreSentAsTheyAre() {
        run(400);
        byte[] bytes = sent.get(0).data().array();
        assertArrayEquals(captured(), Arrays.copyOfRange(bytes, 14, bytes.length));
        assertTrue(bytes.length >= 60, "no switch has to pad it");
    }
}
