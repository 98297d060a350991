package org.ilb.dataplane.fabric;

import java.util.Objects;
import org.ilb.Endpoint;
import org.onlab.packet.IpAddress;
import org.onlab.packet.MacAddress;

/** A TCP segment, an ICMP message or an ID message of the model network: only what the rules look at. */
final class Packet {

    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int ACK = 0x10;
    private static final int ICMP = 0x100;

    final MacAddress ethSrc;
    final MacAddress ethDst;
    final Endpoint source;
    final Endpoint destination;
    final int flags;

    /** An ID message. */
    Packet(MacAddress ethSrc, MacAddress ethDst) {
        this(ethSrc, ethDst, null, null);
    }

    /** A segment of an established connection. */
    Packet(MacAddress ethSrc, MacAddress ethDst, Endpoint source, Endpoint destination) {
        this(ethSrc, ethDst, source, destination, ACK);
    }

    Packet(MacAddress ethSrc, MacAddress ethDst, Endpoint source, Endpoint destination, int flags) {
        this.ethSrc = ethSrc;
        this.ethDst = ethDst;
        this.source = source;
        this.destination = destination;
        this.flags = flags;
    }

    /** An ICMP message; its ports are nothing's. */
    static Packet icmp(MacAddress ethSrc, MacAddress ethDst, IpAddress source, IpAddress destination) {
        return new Packet(ethSrc, ethDst, Endpoint.of(source, 1), Endpoint.of(destination, 1), ICMP);
    }

    boolean isIcmp() {
        return flags == ICMP;
    }

    /** The same segment with these TCP flags. */
    Packet with(int tcpFlags) {
        return new Packet(ethSrc, ethDst, source, destination, tcpFlags);
    }

    boolean isIdMessage() {
        return source == null;
    }

    @Override
    public int hashCode() {
        return Objects.hash(ethSrc, ethDst, source, destination, flags);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Packet && toString().equals(other.toString());
    }

    @Override
    public String toString() {
        return ethSrc + ">" + ethDst + " " + source + ">" + destination + " " + flags;
    }
}
