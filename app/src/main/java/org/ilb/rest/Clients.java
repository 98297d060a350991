package org.ilb.rest;

import org.ilb.AssociationFilter;
import org.ilb.Endpoint;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;

/** Which clients are meant, as people write it. Stateless and thread-safe. */
public final class Clients {

    private Clients() {}

    /**
     * Narrows a filter to connections of some clients.
     *
     * @param filter what else is wanted
     * @param text an IPv4 address, a prefix, or an address and port
     * @return the narrower filter
     * @throws IllegalArgumentException with the text and what it must be, if it is none of these
     */
    public static AssociationFilter narrow(AssociationFilter filter, String text) {
        try {
            AssociationFilter narrower = filter;
            IpPrefix prefix;
            if (text.contains(":")) {
                Endpoint endpoint = Endpoint.parse(text);
                narrower = filter.clientPort(endpoint.port());
                prefix = endpoint.address().toIpPrefix();
            } else {
                prefix = text.contains("/")
                        ? IpPrefix.valueOf(text)
                        : IpAddress.valueOf(text).toIpPrefix();
            }
            if (prefix.isIp4()) {
                return narrower.clients(prefix);
            }
        } catch (IllegalArgumentException e) {
            // What it must be is said below.
        }
        throw new IllegalArgumentException(
                "'" + text + "'; it must be an IPv4 address, a prefix such as 10.0.0.0/24 or address:port");
    }
}
