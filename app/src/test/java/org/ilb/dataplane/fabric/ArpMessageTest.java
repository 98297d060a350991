package org.ilb.dataplane.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.onlab.packet.ARP;
import org.onlab.packet.DeserializationException;
import org.onlab.packet.Ethernet;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;

class ArpMessageTest {

    private static final MacAddress HERE = MacAddress.valueOf("00:00:5e:00:00:01");
    private static final MacAddress THERE = MacAddress.valueOf("00:00:5e:00:00:02");
    private static final IpAddress ONE = IpAddress.valueOf("10.0.0.1");
    private static final IpAddress TWO = IpAddress.valueOf("10.0.0.2");

    @Example
    void aRequestIsReadAsItWasWritten() {
        ArpMessage read = read(ArpMessage.request(HERE, ONE, TWO)
                        .toFrame(MacAddress.BROADCAST)
                        .array())
                .orElseThrow();
        assertTrue(read.isRequest());
        assertTrue(read.hasSender());
        assertEquals(HERE, read.senderMac());
        assertEquals(ONE, read.sender());
        assertEquals(TWO, read.target());
    }

    @Example
    void anAnswerGoesBackToWhoAsked() {
        ArpMessage request = ArpMessage.request(HERE, ONE, TWO);
        ByteBuffer frame = request.answer(THERE).toFrame(HERE);
        ArpMessage read = read(frame.array()).orElseThrow();
        assertFalse(read.isRequest());
        assertEquals(THERE, read.senderMac());
        assertEquals(TWO, read.sender());
        assertEquals(HERE, read.targetMac());
        assertEquals(ONE, read.target());
        assertTrue(frame.array().length >= 60, "Ethernet frames have 60 bytes at least, without their checksum");
    }

    @Example
    void whoLooksForDuplicatesTellsNoAddress() {
        assertFalse(ArpMessage.request(HERE, IpAddress.valueOf(0), TWO).hasSender());
    }

    @Example
    void whatIsNoArpForIpv4IsRefused() {
        assertTrue(ArpMessage.read(null).isEmpty());
        assertTrue(ArpMessage.read(new Ethernet()).isEmpty());
        assertTrue(ArpMessage.read(frame(message())).isPresent());
        assertTrue(ArpMessage.read(frame(message().setHardwareType((short) 6))).isEmpty());
        assertTrue(ArpMessage.read(frame(message().setProtocolType((short) 0x86dd)))
                .isEmpty());
        assertTrue(ArpMessage.read(frame(message().setOpCode((short) 3))).isEmpty());
        assertTrue(ArpMessage.read(frame(message().setSenderHardwareAddress(new byte[8])))
                .isEmpty());
        assertTrue(ArpMessage.read(frame(message().setTargetProtocolAddress(new byte[16])))
                .isEmpty());
        Ethernet tagged = frame(message());
        tagged.setVlanID((short) 7);
        assertTrue(ArpMessage.read(tagged).isEmpty());
    }

    @Example
    void noStationHasAGroupsMacAddress() {
        for (String mac : new String[] {"ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "00:00:00:00:00:00"}) {
            byte[] bytes = MacAddress.valueOf(mac).toBytes();
            assertTrue(ArpMessage.read(frame(message().setSenderHardwareAddress(bytes)))
                    .isEmpty());
        }
    }

    @Property
    void bytesFromTheWireNeverThrow(@ForAll @Size(max = 80) byte[] bytes) {
        read(bytes);
        byte[] arp = new byte[bytes.length + 14];
        System.arraycopy(bytes, 0, arp, 14, bytes.length);
        arp[12] = 0x08;
        arp[13] = 0x06;
        read(arp);
    }

    @Property
    void aDamagedMessageNeverThrows(
            @ForAll @IntRange(max = 59) int at, @ForAll byte value, @ForAll @IntRange(max = 60) int length) {
        byte[] whole =
                ArpMessage.request(HERE, ONE, TWO).toFrame(MacAddress.BROADCAST).array();
        whole[at] = value;
        byte[] cut = new byte[length];
        System.arraycopy(whole, 0, cut, 0, length);
        read(cut);
        read(whole).ifPresent(message -> assertEquals(0, message.senderMac().toBytes()[0] & 1));
    }

    private static Ethernet frame(ARP message) {
        Ethernet frame = new Ethernet();
        frame.setEtherType(Ethernet.TYPE_ARP)
                .setSourceMACAddress(HERE)
                .setDestinationMACAddress(MacAddress.BROADCAST)
                .setPayload(message);
        return frame;
    }

    private static ARP message() {
        return (ARP) parse(ArpMessage.request(HERE, ONE, TWO)
                        .toFrame(MacAddress.BROADCAST)
                        .array())
                .getPayload();
    }

    private static Optional<ArpMessage> read(byte[] bytes) {
        return ArpMessage.read(parse(bytes));
    }

    /** As ONOS does: what cannot be parsed is null. */
    static Ethernet parse(byte[] bytes) {
        try {
            return Ethernet.deserializer().deserialize(bytes, 0, bytes.length);
        } catch (DeserializationException | RuntimeException e) {
            return null;
        }
    }
}
