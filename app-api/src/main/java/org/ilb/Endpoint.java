package org.ilb;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.net.HostAndPort;
import org.onlab.packet.IpAddress;

/**
 * An address and a TCP port: where a service listens, where a server serves, or one end of a connection.
 *
 * <p>Immutable and thread-safe.
 */
public final class Endpoint {

    /** The largest TCP port. */
    public static final int MAX_PORT = 0xffff;

    private final IpAddress address;
    private final int port;

    private Endpoint(IpAddress address, int port) {
        this.address = address;
        this.port = port;
    }

    /**
     * Returns the end point of an address and a port.
     *
     * @param address the address
     * @param port the TCP port, 1 to 65535
     * @return the end point
     * @throws IllegalArgumentException if the port is outside its range
     */
    public static Endpoint of(IpAddress address, int port) {
        checkArgument(port > 0 && port <= MAX_PORT, "port %s is not within 1 to 65535", port);
        return new Endpoint(checkNotNull(address), port);
    }

    /**
     * Parses {@code address:port}, an IPv6 address in brackets.
     *
     * @param text for example {@code 10.0.0.1:80}
     * @return the end point
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static Endpoint parse(String text) {
        HostAndPort parsed;
        try {
            parsed = HostAndPort.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not of the form address:port", e);
        }
        checkArgument(parsed.hasPort(), "'%s' is not of the form address:port", text);
        return of(IpAddress.valueOf(parsed.getHost()), parsed.getPort());
    }

    /**
     * Returns the address.
     *
     * @return the address
     */
    public IpAddress address() {
        return address;
    }

    /**
     * Returns the TCP port.
     *
     * @return the port, 1 to 65535
     */
    public int port() {
        return port;
    }

    @Override
    public int hashCode() {
        return address.hashCode() * 31 + port;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Endpoint
                && port == ((Endpoint) other).port
                && address.equals(((Endpoint) other).address);
    }

    @Override
    public String toString() {
        return (address.isIp6() ? "[" + address + "]" : address.toString()) + ":" + port;
    }
}
