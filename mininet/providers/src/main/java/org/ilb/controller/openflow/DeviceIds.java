package org.ilb.controller.openflow;

import org.onosproject.net.DeviceId;
import org.onosproject.net.provider.ProviderId;
import org.onosproject.openflow.controller.Dpid;

/** The two names of a switch: ONOS's device id {@code of:<16 hex digits>} and OpenFlow's datapath id. */
public final class DeviceIds {

    /** Scheme of the device ids, and so of the providers that serve them. */
    public static final String SCHEME = "of";

    /** The provider id of stock's OpenFlow providers. */
    public static final ProviderId OPENFLOW = new ProviderId(SCHEME, "org.onosproject.provider.openflow");

    private DeviceIds() {}

    /**
     * Returns the device id of a switch.
     *
     * @param dpid its datapath id
     * @return its device id
     */
    public static DeviceId deviceId(Dpid dpid) {
        return DeviceId.deviceId(Dpid.uri(dpid));
    }

    /**
     * Returns the datapath id of a device.
     *
     * @param deviceId its device id
     * @return its datapath id
     * @throws IllegalArgumentException if the device is not an OpenFlow switch
     */
    public static Dpid dpid(DeviceId deviceId) {
        return Dpid.dpid(deviceId.uri());
    }
}
