package org.ilb.controller.openflow.flow;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.projectfloodlight.openflow.protocol.OFErrorMsg;
import org.projectfloodlight.openflow.protocol.OFType;

/**
 * Which flow an error message is about.
 *
 * <p>A switch returns at least the first 64 bytes of the message that it refused (OpenFlow 1.3.5, 7.4.4). That is usually not all
 * of a flow mod, so it cannot be parsed as one, but it contains the cookie, which is the flow id. Stateless.
 */
final class FailedMods {

    private static final int COOKIE_OFFSET = 8; // after the OpenFlow header
    private static final int FLOW_MOD_LENGTH = 56; // OpenFlow 1.3.5, 7.3.4.1: the fixed part with the shortest match

    private FailedMods() {}

    /**
     * Finds the cookie of the flow mod that an error quotes.
     *
     * @param error an error message
     * @return the cookie, or nothing if no flow mod is quoted
     */
    static OptionalLong cookie(OFErrorMsg error) {
        ByteBuffer quoted = ByteBuffer.wrap(error.getData().getData());
        boolean flowMod = quoted.remaining() >= FLOW_MOD_LENGTH
                && quoted.get(0) == error.getVersion().getWireVersion()
                && quoted.get(1) == OFType.FLOW_MOD.ordinal();
        return flowMod ? OptionalLong.of(quoted.getLong(COOKIE_OFFSET)) : OptionalLong.empty();
    }
}
