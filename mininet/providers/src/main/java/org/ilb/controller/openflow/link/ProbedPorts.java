package org.ilb.controller.openflow.link;

import com.google.common.base.Strings;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.onosproject.net.AnnotationKeys;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.Port;
import org.onosproject.net.PortNumber;

/** The ports that probes are sent out of, with their names. Thread-safe. */
final class ProbedPorts {

    private final Map<DeviceId, Map<PortNumber, String>> devices = new ConcurrentHashMap<>();

    /**
     * Adds a port.
     *
     * @param port the port
     * @return whether it was not there before
     */
    boolean add(Port port) {
        DeviceId device = (DeviceId) port.element().id();
        String name = Strings.nullToEmpty(port.annotations().value(AnnotationKeys.PORT_NAME));
        return devices.computeIfAbsent(device, d -> new ConcurrentHashMap<>()).put(port.number(), name) == null;
    }

    /**
     * Removes a port.
     *
     * @param port where
     */
    void remove(ConnectPoint port) {
        devices.computeIfPresent(port.deviceId(), (device, ports) -> {
            ports.remove(port.port());
            return ports.isEmpty() ? null : ports;
        });
    }

    /**
     * Removes all ports of a switch.
     *
     * @param device the switch
     */
    void remove(DeviceId device) {
        devices.remove(device);
    }

    /** Returns the switches that have ports to probe. */
    Set<DeviceId> devices() {
        return devices.keySet();
    }

    /**
     * Calls back for each port of a switch.
     *
     * @param device the switch
     * @param visitor told the port's number and name
     */
    void forEach(DeviceId device, BiConsumer<PortNumber, String> visitor) {
        devices.getOrDefault(device, Map.of()).forEach(visitor);
    }
}
