package org.ilb.dataplane.fabric;

import java.util.Objects;
import org.ilb.Endpoint;
import org.onlab.packet.MacAddress;

/** A TCP segment or an ID message of the model network: only what the rules look at. */
final class Packet {

    final MacAddress ethSrc;
    final MacAddress ethDst;
    final Endpoint source;
    final Endpoint destination;

    /** An ID message. */
    Packet(MacAddress ethSrc, MacAddress ethDst) {
        this(ethSrc, ethDst, null, null);
    }

    Packet(MacAddress ethSrc, MacAddress ethDst, Endpoint source, Endpoint destination) {
        this.ethSrc = ethSrc;
        this.ethDst = ethDst;
        this.source = source;
        this.destination = destination;
    }

    boolean isIdMessage() {
        return source == null;
    }

    @Override
    public int hashCode() {
        return Objects.hash(ethSrc, ethDst, source, destination);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Packet && toString().equals(other.toString());
    }

    @Override
    public String toString() {
        return ethSrc + ">" + ethDst + " " + source + ">" + destination;
    }
}
