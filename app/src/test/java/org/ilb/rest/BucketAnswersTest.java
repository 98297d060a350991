package org.ilb.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.util.List;
import org.ilb.Association;
import org.ilb.BucketState;
import org.ilb.BucketStatus;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FrontEnd;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.junit.jupiter.api.Test;

/** Whose buckets a service's are, where servers back it up. */
class BucketAnswersTest {

    private static final Endpoint SPARE = Endpoint.parse("10.0.1.9:8000");

    @Test
    void serversThatBackUpAreListedBehindThePool() {
        Service service = new SampleIlb(true)
                .frontEnd()
                .map(FrontEnd::services)
                .orElseThrow(AssertionError::new)
                .get(2)
                .backedUpBy(ImmutableList.of(new Server(SPARE, 1, null, null)));
        Association taken = new Association(
                FlowKey.of(service.endpoint(), Endpoint.parse("0.0.0.0:2")),
                SPARE,
                IlbId.parse("10.0.2.1"),
                null,
                3,
                1);
        List<BucketStatus> statuses =
                ImmutableList.of(new BucketStatus(0, BucketState.SETTLED, taken, null, 0, 10, 800));
        ObjectNode json = BucketAnswers.write(service, service.buckets().orElseThrow(AssertionError::new), statuses);
        assertEquals(
                "[{\"server\":\"10.0.1.1:8000\",\"weight\":2,\"buckets\":0},"
                        + "{\"server\":\"10.0.1.9:8000\",\"weight\":1,\"buckets\":1}]",
                json.path("servers").toString());
    }
}
