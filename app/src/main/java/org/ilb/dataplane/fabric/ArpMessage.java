package org.ilb.dataplane.fabric;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.onlab.packet.ARP;
import org.onlab.packet.Ethernet;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;

/**
 * An ARP request or reply for IPv4 over Ethernet (RFC 826), as a value.
 *
 * <p>Immutable and thread-safe.
 */
final class ArpMessage {

    private static final IpAddress UNSPECIFIED = IpAddress.valueOf(0);

    private final boolean request;
    private final MacAddress senderMac;
    private final IpAddress sender;
    private final MacAddress targetMac;
    private final IpAddress target;

    private ArpMessage(
            boolean request, MacAddress senderMac, IpAddress sender, MacAddress targetMac, IpAddress target) {
        this.request = request;
        this.senderMac = senderMac;
        this.sender = sender;
        this.targetMac = targetMac;
        this.target = target;
    }

    /**
     * Returns a request: who has the target?
     *
     * @param senderMac who asks
     * @param sender the address of who asks; 0.0.0.0 asks without telling, and enters no neighbour's cache (RFC 5227)
     * @param target the address that is asked for
     * @return the request
     */
    static ArpMessage request(MacAddress senderMac, IpAddress sender, IpAddress target) {
        return new ArpMessage(true, senderMac, sender, MacAddress.ZERO, target);
    }

    /**
     * Returns a reply, asked for or not: the sender is at the sender's MAC address.
     *
     * @param senderMac the MAC address that is told
     * @param sender the address that it is told of
     * @param targetMac who is told
     * @param target the address of who is told
     * @return the reply
     */
    static ArpMessage reply(MacAddress senderMac, IpAddress sender, MacAddress targetMac, IpAddress target) {
        return new ArpMessage(false, senderMac, sender, targetMac, target);
    }

    /**
     * Reads a message from the wire.
     *
     * @param frame a parsed frame, or null where it could not be parsed
     * @return the message, empty if it is none, is malformed or comes from an address that no single station can have
     */
    static Optional<ArpMessage> read(Ethernet frame) {
        if (frame == null || frame.getVlanID() != Ethernet.VLAN_UNTAGGED || !(frame.getPayload() instanceof ARP)) {
            return Optional.empty();
        }
        ARP arp = (ARP) frame.getPayload();
        boolean request = arp.getOpCode() == ARP.OP_REQUEST;
        if (arp.getHardwareType() != ARP.HW_TYPE_ETHERNET
                || arp.getProtocolType() != ARP.PROTO_TYPE_IP
                || !(request || arp.getOpCode() == ARP.OP_REPLY)
                || !hasLength(arp.getSenderHardwareAddress(), MacAddress.MAC_ADDRESS_LENGTH)
                || !hasLength(arp.getTargetHardwareAddress(), MacAddress.MAC_ADDRESS_LENGTH)
                || !hasLength(arp.getSenderProtocolAddress(), IpAddress.INET_BYTE_LENGTH)
                || !hasLength(arp.getTargetProtocolAddress(), IpAddress.INET_BYTE_LENGTH)) {
            return Optional.empty();
        }
        MacAddress senderMac = MacAddress.valueOf(arp.getSenderHardwareAddress());
        if (senderMac.isMulticast() || senderMac.isBroadcast() || senderMac.equals(MacAddress.ZERO)) {
            return Optional.empty();
        }
        return Optional.of(new ArpMessage(
                request,
                senderMac,
                address(arp.getSenderProtocolAddress()),
                MacAddress.valueOf(arp.getTargetHardwareAddress()),
                address(arp.getTargetProtocolAddress())));
    }

    private static boolean hasLength(byte[] bytes, int length) {
        return bytes != null && bytes.length == length;
    }

    private static IpAddress address(byte[] bytes) {
        return IpAddress.valueOf(IpAddress.Version.INET, bytes);
    }

    boolean isRequest() {
        return request;
    }

    MacAddress senderMac() {
        return senderMac;
    }

    IpAddress sender() {
        return sender;
    }

    /** Tells whether the sender says which address it has; one that only looks for duplicates does not. */
    boolean hasSender() {
        return !sender.equals(UNSPECIFIED);
    }

    MacAddress targetMac() {
        return targetMac;
    }

    IpAddress target() {
        return target;
    }

    /**
     * Returns the reply to this request.
     *
     * @param mac the MAC address of the target
     * @return the reply to its sender
     */
    ArpMessage answer(MacAddress mac) {
        return reply(mac, target, senderMac, sender);
    }

    /**
     * Writes the message as a frame.
     *
     * @param destination where the frame goes; a request is usually broadcast
     * @return the frame's bytes
     */
    ByteBuffer toFrame(MacAddress destination) {
        ARP arp = new ARP();
        arp.setHardwareType(ARP.HW_TYPE_ETHERNET)
                .setProtocolType(ARP.PROTO_TYPE_IP)
                .setHardwareAddressLength((byte) MacAddress.MAC_ADDRESS_LENGTH)
                .setProtocolAddressLength((byte) IpAddress.INET_BYTE_LENGTH)
                .setOpCode(request ? ARP.OP_REQUEST : ARP.OP_REPLY)
                .setSenderHardwareAddress(senderMac.toBytes())
                .setSenderProtocolAddress(sender.toOctets())
                .setTargetHardwareAddress(targetMac.toBytes())
                .setTargetProtocolAddress(target.toOctets());
        Ethernet frame = new Ethernet();
        frame.setPad(true)
                .setSourceMACAddress(senderMac)
                .setDestinationMACAddress(destination)
                .setEtherType(Ethernet.TYPE_ARP)
                .setPayload(arp);
        return ByteBuffer.wrap(frame.serialize());
    }

    @Override
    public String toString() {
        return (request ? "who has " + target + "? tell " : "to " + target + ": ") + sender + " at " + senderMac;
    }
}
