package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.ilb.Endpoint;
import org.ilb.Ilb;
import org.ilb.ReturnMode;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.dataplane.flags.FlagRule;
import org.ilb.dataplane.rule.FabricMac;
import org.ilb.dataplane.rule.PortBits;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.flow.FlowRule;

/**
 * From the servers back: the rule at each server's edge switch that restores the virtual address, and in routed mode the
 * transit from there to every uplink.
 *
 * <p>In routed mode a server's replies leave by one uplink, by rendezvous: a live one, of an ILB that is neither out nor
 * draining, as far as there is one. The transit to the others stands already, so pointing replies elsewhere changes one rule
 * per server port. When no uplink is live, replies stay where live ones would have gone: a switch without a controller may
 * well forward. In flat mode replies keep the client's own MAC address.
 *
 * <p>With return mode {@code dsr} there is no virtual address to be restored: servers answer in its name, and their edge switch
 * tells them apart by their MAC addresses. All that is rewritten are MAC addresses, because somebody has to say by which way the
 * answer leaves.
 */
final class ReplyRules {

    private ReplyRules() {}

    static void write(Draft draft) {
        if (draft.situation().routed()) {
            writeUplinks(draft);
        }
        for (Service service : draft.situation().frontEnd().services()) {
            for (Server server : service.allServers()) {
                draft.situation()
                        .server(server.endpoint())
                        .ifPresent(place -> writeReturn(draft, service, server.endpoint(), place));
            }
        }
    }

    private static void writeUplinks(Draft draft) {
        Situation situation = draft.situation();
        for (Ilb ilb : situation.frontEnd().ilbs()) {
            NextHop hop = situation.nextHops().get(ilb.id());
            if (hop == null || ilb.uplink().isEmpty()) {
                continue;
            }
            ConnectPoint port = uplinkPort(ilb);
            for (DeviceId edge : situation.serverEdges()) {
                draft.way(edge, port, ilb.id(), (device, out) -> draft.rules()
                                .uplink(device, FabricMac.of(ilb), hop.mac(), out))
                        .filter(out -> situation.hasServer(new ConnectPoint(edge, out)))
                        .ifPresent(out -> draft.add(draft.rules().uplinkBack(edge, FabricMac.of(ilb), hop.mac(), out)));
            }
        }
    }

    private static void writeReturn(Draft draft, Service service, Endpoint server, Place place) {
        DeviceId edge = place.location().deviceId();
        Endpoint source = service.addressed(server);
        returning(draft, service, server, place).ifPresent(rule -> {
            draft.add(draft.rules().reply(edge, source));
            draft.add(rule);
            if (service.buckets().isEmpty()) {
                draft.addEndCopy(edge, FlagRule.serverEnd(source));
            }
            writeMoving(draft, edge, source, draft.situation().moving(service.endpoint()));
        });
    }

    /** Ends are copied in moving buckets only: the connections of the others are nobody's business. */
    private static void writeMoving(Draft draft, DeviceId edge, Endpoint source, Set<PortBits> moving) {
        if (moving.isEmpty() || draft.situation().singleTable().contains(edge)) {
            return;
        }
        draft.add(draft.rules().movingReplyOn(edge, source));
        moving.forEach(bits -> draft.add(draft.rules().movingReply(edge, source, bits)));
        draft.addEndCopy(edge, FlagRule.movingServerEnd(source));
    }

    private static Optional<FlowRule> returning(Draft draft, Service service, Endpoint server, Place place) {
        DeviceId edge = place.location().deviceId();
        Situation situation = draft.situation();
        if (situation.routed()) {
            return exit(draft, edge, server).map(ilb -> byUplink(draft, service, server, place, ilb));
        }
        if (situation.frontEnd().ilbs().stream()
                .noneMatch(ilb -> draft.reaches(ilb.device(), place.location().deviceId()))) {
            return Optional.empty();
        }
        // Which ILB's MAC address replies carry as their source matters to nobody, but that it stays the same.
        return Rendezvous.pick(server, situation.frontEnd().ilbs(), Ilb::id)
                .map(ilb -> toClient(draft, service, server, place, ilb));
    }

    private static FlowRule byUplink(Draft draft, Service service, Endpoint server, Place place, Ilb ilb) {
        DeviceId edge = place.location().deviceId();
        MacAddress mac = FabricMac.of(ilb);
        MacAddress hop = draft.situation().nextHops().get(ilb.id()).mac();
        return service.returnMode() == ReturnMode.DSR
                ? draft.rules().carryByUplink(edge, place.mac(), service.endpoint(), mac, hop)
                : draft.rules().returnByUplink(edge, server, service.endpoint(), mac, hop);
    }

    private static FlowRule toClient(Draft draft, Service service, Endpoint server, Place place, Ilb ilb) {
        DeviceId edge = place.location().deviceId();
        MacAddress mac = FabricMac.of(ilb);
        return service.returnMode() == ReturnMode.DSR
                ? draft.rules().carryToClient(edge, place.mac(), service.endpoint(), mac)
                : draft.rules().returnToClient(edge, server, service.endpoint(), mac);
    }

    /** Returns the ILB whose uplink the replies of a server leave by; empty while no uplink is resolved and in reach. */
    static Optional<Ilb> exit(Draft draft, DeviceId edge, Endpoint server) {
        Situation situation = draft.situation();
        List<Ilb> resolved = situation.frontEnd().ilbs().stream()
                .filter(ilb -> ilb.uplink().isPresent()
                        && situation.nextHops().containsKey(ilb.id())
                        && draft.reaches(edge, ilb.device()))
                .collect(ImmutableList.toImmutableList());
        List<Ilb> live =
                preferred(resolved, ilb -> situation.nextHops().get(ilb.id()).live());
        List<Ilb> in = preferred(live, ilb -> !situation.isOut(ilb.id()));
        return Rendezvous.pick(server, preferred(in, ilb -> !ilb.draining()), Ilb::id);
    }

    /** Those that meet a condition, or all if none does. */
    private static List<Ilb> preferred(List<Ilb> ilbs, Predicate<Ilb> condition) {
        List<Ilb> meeting = ilbs.stream().filter(condition).collect(ImmutableList.toImmutableList());
        return meeting.isEmpty() ? ilbs : meeting;
    }

    private static ConnectPoint uplinkPort(Ilb ilb) {
        return new ConnectPoint(ilb.device(), ilb.uplink().orElseThrow().port());
    }
}
