package org.ilb.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ilb.rest.SampleIlb;
import org.junit.jupiter.api.Test;
import org.onlab.metrics.MetricsManager;

/** ONOS's registry has a gauge for each value while the publisher is there, and none after it. */
class MetricsPublisherTest {

    @Test
    void publishesAndTakesAway() {
        MetricsPublisher publisher = new MetricsPublisher();
        publisher.metricsService = new MetricsManager();
        publisher.ilb = new SampleIlb(true);
        publisher.activate();
        publisher.follow();
        assertEquals(
                7000.0,
                publisher
                        .metricsService
                        .getGauges((name, metric) -> true)
                        .get("ilb.ilb_server_received_bytes_total.web/10.0.1.1:8080")
                        .getValue());
        assertEquals(
                3.0,
                publisher
                        .metricsService
                        .getGauges((name, metric) -> true)
                        .get("ilb.ilb_view_number.value")
                        .getValue());
        publisher.ilb = new SampleIlb(false);
        publisher.follow();
        assertTrue(publisher
                .metricsService
                .getGauges((name, metric) -> name.contains("ilb_server"))
                .isEmpty());
        publisher.deactivate();
        assertTrue(publisher.metricsService.getMetrics().isEmpty());
    }
}
