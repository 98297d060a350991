package org.ilb.controller.openflow.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.projectfloodlight.openflow.protocol.OFErrorMsg;
import org.projectfloodlight.openflow.protocol.OFFactories;
import org.projectfloodlight.openflow.protocol.OFFactory;
import org.projectfloodlight.openflow.protocol.OFFlowModFailedCode;
import org.projectfloodlight.openflow.protocol.OFMessage;
import org.projectfloodlight.openflow.protocol.OFVersion;
import org.projectfloodlight.openflow.protocol.errormsg.OFFlowModFailedErrorMsg;
import org.projectfloodlight.openflow.types.OFBufferId;
import org.projectfloodlight.openflow.types.OFErrorCauseData;
import org.projectfloodlight.openflow.types.OFPort;
import org.projectfloodlight.openflow.types.U64;

class FailedModsTest {

    private static final OFFactory FACTORY = OFFactories.getFactory(OFVersion.OF_13);
    private static final int QUOTED = 64; // what a switch returns at least

    @Test
    void findsTheCookieInWhatASwitchQuotes() {
        OFMessage mod = FACTORY.buildFlowAdd()
                .setXid(5)
                .setCookie(U64.of(0xab0000cafeL))
                .setBufferId(OFBufferId.NO_BUFFER)
                .setMatch(FACTORY.buildMatch().build())
                .setInstructions(List.of(FACTORY.instructions()
                        .applyActions(List.of(FACTORY.actions()
                                .buildOutput()
                                .setPort(OFPort.of(1))
                                .build()))))
                .build();
        assertEquals(OptionalLong.of(0xab0000cafeL), FailedMods.cookie(error(mod)));
    }

    @Test
    void otherMessagesHaveNone() {
        assertTrue(
                FailedMods.cookie(error(FACTORY.buildBarrierRequest().build())).isEmpty());
        assertTrue(FailedMods.cookie(error(
                        FACTORY.buildEchoRequest().setData(new byte[QUOTED]).build()))
                .isEmpty());
    }

    private static OFErrorMsg error(OFMessage about) {
        ByteBuf bytes = Unpooled.buffer();
        about.writeTo(bytes);
        byte[] quoted = Arrays.copyOf(bytes.array(), Math.min(bytes.readableBytes(), QUOTED));
        OFFlowModFailedErrorMsg.Builder error = FACTORY.errorMsgs().buildFlowModFailedErrorMsg();
        return error.setCode(OFFlowModFailedCode.TABLE_FULL)
                .setData(OFErrorCauseData.of(quoted, OFVersion.OF_13))
                .build();
    }
}
