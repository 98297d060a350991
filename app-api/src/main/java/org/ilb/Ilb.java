package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.base.MoreObjects;
import java.util.Objects;
import java.util.Optional;
import org.onlab.packet.IpAddress;
import org.onosproject.net.DeviceId;

/**
 * An individual load balancer: an OpenFlow switch that is enrolled in the front-end function.
 *
 * <p>Immutable and thread-safe.
 */
public final class Ilb {

    private final IlbId id;
    private final DeviceId device;
    private final IpAddress address;
    private final Uplink uplink;
    private final boolean draining;

    /**
     * Creates an ILB.
     *
     * @param id what is scored
     * @param device the switch
     * @param address its own IP address, the router's next hop; null only without an uplink
     * @param uplink its way to the router in routed mode, or null in flat mode
     * @throws IllegalArgumentException if there is an uplink but no address
     */
    public Ilb(IlbId id, DeviceId device, IpAddress address, Uplink uplink) {
        this(id, device, address, uplink, false);
    }

    private Ilb(IlbId id, DeviceId device, IpAddress address, Uplink uplink, boolean draining) {
        checkArgument(uplink == null || address != null, "ILB %s has an uplink but no address", id);
        this.id = checkNotNull(id);
        this.device = checkNotNull(device);
        this.address = address;
        this.uplink = uplink;
        this.draining = draining;
    }

    /**
     * Returns what is scored (claims 5 and 6).
     *
     * @return the id, unique in the function
     */
    public IlbId id() {
        return id;
    }

    /**
     * Returns the switch.
     *
     * @return the device, unique in the function
     */
    public DeviceId device() {
        return device;
    }

    /**
     * Returns the ILB's own address, which an upstream router uses as next hop.
     *
     * @return the address, empty in flat mode with an index for an id
     */
    public Optional<IpAddress> address() {
        return Optional.ofNullable(address);
    }

    /**
     * Returns the way to the upstream router.
     *
     * @return the uplink, empty in flat mode
     */
    public Optional<Uplink> uplink() {
        return Optional.ofNullable(uplink);
    }

    /**
     * Tells whether the ILB is being drained: it owns nothing, and what comes in by it is served as ever.
     *
     * @return true if an administrator drains it
     */
    public boolean draining() {
        return draining;
    }

    /**
     * Returns this ILB, being drained or not.
     *
     * @param drain true to drain it
     * @return the ILB
     */
    public Ilb draining(boolean drain) {
        return drain == draining ? this : new Ilb(id, device, address, uplink, drain);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, device, address, uplink, draining);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Ilb)) {
            return false;
        }
        Ilb that = (Ilb) other;
        return id.equals(that.id)
                && device.equals(that.device)
                && Objects.equals(address, that.address)
                && Objects.equals(uplink, that.uplink)
                && draining == that.draining;
    }

    @Override
    public String toString() {
        return MoreObjects.toStringHelper(this)
                .addValue(id)
                .addValue(device)
                .add("address", address)
                .add("uplink", uplink)
                .add("draining", draining ? true : null)
                .omitNullValues()
                .toString();
    }
}
