package org.ilb.dataplane.fabric;

import java.util.Optional;
import org.ilb.Ilb;
import org.ilb.dataplane.rule.FabricMac;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;

/**
 * Which ARP is ours, and what it is answered with: a pure function of the situation.
 *
 * <p>Ours are the virtual addresses, the gateway addresses and, in routed mode, the ILBs' addresses. A virtual address is
 * answered on the uplinks in routed mode and to clients in flat mode, an ILB's address on its own uplink only, so that a
 * router whose broadcasts reach several ILBs gets one answer, and a gateway address anywhere but on uplinks. On the uplink of
 * an ILB that is out nothing is answered, so that the router stops using it as a next hop. Beside them a
 * server and a host that uses it from the servers' own network, a flat client or a direct host, are told of each other.
 * Everything else is left to others.
 */
final class ArpPolicy {

    private ArpPolicy() {}

    /**
     * Tells whether a message is for us alone, so that no other application may see it.
     *
     * @param situation what is known
     * @param message the message
     * @return true if it asks for an address of ours, or comes from or goes to one
     */
    static boolean isOurs(Situation situation, ArpMessage message) {
        return FabricMac.isOurs(message.senderMac())
                || !message.isRequest() && FabricMac.isOurs(message.targetMac())
                || message.isRequest() && isOurs(situation, message.target());
    }

    /**
     * Tells whether an address is ours to answer for.
     *
     * @param situation what is known
     * @param address any address
     * @return true for virtual and gateway addresses and, in routed mode, ILBs' addresses
     */
    static boolean isOurs(Situation situation, IpAddress address) {
        return situation.isVirtual(address)
                || situation.frontEnd().settings().gateways().contains(address)
                || ilbAt(situation, address).isPresent();
    }

    private static Optional<Ilb> ilbAt(Situation situation, IpAddress address) {
        return situation.frontEnd().ilbs().stream()
                .filter(ilb -> ilb.uplink().isPresent())
                .filter(ilb -> ilb.address().filter(address::equals).isPresent())
                .findFirst();
    }

    /**
     * Returns what a request is answered with.
     *
     * @param situation what is known
     * @param message the message
     * @param at the port that it came in by
     * @return the MAC address, empty if it is not answered
     */
    static Optional<MacAddress> answer(Situation situation, ArpMessage message, ConnectPoint at) {
        if (!message.isRequest()
                || FabricMac.isOurs(message.senderMac())
                || situation.wiring().isFabric(at)) {
            return Optional.empty();
        }
        IpAddress target = message.target();
        if (situation.uplinks().contains(at)) {
            return situation
                    .ilb(at.deviceId())
                    .filter(ilb -> !situation.isOut(ilb.id()))
                    .filter(ilb -> situation.isVirtual(target)
                            || ilb.address().filter(target::equals).isPresent())
                    .map(FabricMac::of);
        }
        if (situation.frontEnd().settings().gateways().contains(target)) {
            return Optional.of(FabricMac.of(target));
        }
        if (situation.isVirtual(target)) {
            return situation.routed()
                    ? Optional.empty()
                    : ClientRules.ilbOf(situation, message.sender(), at).map(FabricMac::of);
        }
        return introduction(situation, message).map(Place::mac);
    }

    /** A server asks for a client or direct host, or the other way round. */
    private static Optional<Place> introduction(Situation situation, ArpMessage message) {
        if (situation.servers().containsKey(message.sender())) {
            return host(situation, message.target());
        }
        return mayMeetServers(situation, message.sender())
                ? Optional.ofNullable(situation.servers().get(message.target()))
                : Optional.empty();
    }

    private static Optional<Place> host(Situation situation, IpAddress address) {
        Place client = situation.clients().get(address);
        return Optional.ofNullable(
                client != null ? client : situation.directHosts().get(address));
    }

    private static boolean mayMeetServers(Situation situation, IpAddress address) {
        return situation.clients().containsKey(address) || isDirect(situation, address);
    }

    /**
     * Tells whether an address is in a prefix configured as direct.
     *
     * @param situation what is known
     * @param address any address
     * @return true if it is in a prefix of any service
     */
    static boolean isDirect(Situation situation, IpAddress address) {
        return situation.frontEnd().services().stream()
                .flatMap(service -> service.direct().stream())
                .anyMatch(prefix -> prefix.contains(address));
    }
}
