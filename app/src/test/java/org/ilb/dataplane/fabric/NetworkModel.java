package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.Multimap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ilb.dataplane.flags.FlagRule;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;
import org.onosproject.net.flow.FlowRule;

/** Switches with rules, linked by cables: follows a segment until it leaves the network. */
final class NetworkModel {

    /** A segment that left the network: by an edge port, or to the controller. */
    static final class Arrival {
        final ConnectPoint port;
        final Packet packet;

        Arrival(ConnectPoint port, Packet packet) {
            this.port = port;
            this.packet = packet;
        }

        @Override
        public String toString() {
            return packet + " at " + port;
        }
    }

    private static final int MAX_HOPS = 100;

    private final Multimap<DeviceId, FlowRule> rules = LinkedHashMultimap.create();
    private final Multimap<DeviceId, FlagRule> flags = LinkedHashMultimap.create();
    private final Map<ConnectPoint, ConnectPoint> cables = new HashMap<>();

    NetworkModel(Set<Cable> cables) {
        for (Cable cable : cables) {
            this.cables.put(cable.source(), cable.destination());
        }
    }

    NetworkModel install(Standing standing) {
        standing.devices().forEach(device -> install(standing.rules(device)));
        standing.flags().forEach(flags::putAll);
        return this;
    }

    void install(Collection<FlowRule> added) {
        added.forEach(rule -> rules.put(rule.deviceId(), rule));
    }

    void install(FlowRule rule) {
        install(ImmutableSet.of(rule));
    }

    /** Sends a frame out of a port to the switch behind it. */
    List<Arrival> emit(ConnectPoint out, Packet packet) {
        return send(cables.get(out), packet);
    }

    /** Sends a frame into a port; a loop fails the test. */
    List<Arrival> send(ConnectPoint edge, Packet packet) {
        List<Arrival> arrivals = new ArrayList<>();
        Deque<Arrival> onTheWay = new ArrayDeque<>();
        onTheWay.add(new Arrival(edge, packet));
        int hops = 0;
        while (!onTheWay.isEmpty()) {
            if (++hops > MAX_HOPS) {
                throw new AssertionError("loop: " + packet + " from " + edge);
            }
            Arrival at = onTheWay.remove();
            DeviceId device = at.port.deviceId();
            for (SwitchModel.Sent sent :
                    new SwitchModel(rules.get(device), flags.get(device)).receive(at.port.port(), at.packet)) {
                ConnectPoint out = new ConnectPoint(device, sent.port);
                if (sent.port.equals(PortNumber.CONTROLLER)) {
                    arrivals.add(new Arrival(out, sent.packet));
                } else if (cables.containsKey(out)) {
                    onTheWay.add(new Arrival(cables.get(out), sent.packet));
                } else {
                    arrivals.add(new Arrival(out, sent.packet));
                }
            }
        }
        return arrivals;
    }
}
