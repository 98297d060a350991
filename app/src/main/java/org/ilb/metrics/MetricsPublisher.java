package org.ilb.metrics;

import static org.onlab.util.Tools.groupedThreads;

import com.codahale.metrics.Gauge;
import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.ilb.IlbService;
import org.onlab.metrics.MetricsComponent;
import org.onlab.metrics.MetricsFeature;
import org.onlab.metrics.MetricsService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows every value of the metrics, but for histograms' bounds, as a gauge of ONOS's own registry of metrics: component
 * {@code ilb}, the metric as feature, its labels' values as name. Servers and ILBs come and go with the configuration, and
 * their gauges follow within seconds.
 *
 * <p>A component of its own, so that nothing else needs that registry.
 */
@Component(immediate = true)
public class MetricsPublisher {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPublisher.class);

    private static final String COMPONENT = "ilb";
    private static final int FOLLOW_SECONDS = 5;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected MetricsService metricsService;

    @Reference(cardinality = ReferenceCardinality.MANDATORY)
    protected IlbService ilb;

    private final Map<String, MetricsFeature> features = new HashMap<>();
    /** What is registered: the feature of each full name. */
    private final Map<String, Published> published = new HashMap<>();

    private MetricsComponent component;
    private ScheduledExecutorService executor;
    /** Who reads gauges reads them all, one by one. */
    private Supplier<Map<String, Double>> values;

    /** Begins to publish. */
    @Activate
    protected void activate() {
        component = metricsService.registerComponent(COMPONENT);
        values = Suppliers.memoizeWithExpiration(this::read, 1, TimeUnit.SECONDS);
        executor = Executors.newSingleThreadScheduledExecutor(groupedThreads("ilb/metrics", "publisher", LOG));
        executor.scheduleWithFixedDelay(this::follow, 0, FOLLOW_SECONDS, TimeUnit.SECONDS);
    }

    /** Takes all gauges away. */
    @Deactivate
    protected void deactivate() {
        executor.shutdownNow();
        synchronized (this) {
            published.values().forEach(gone -> metricsService.removeMetric(component, gone.feature, gone.name));
            published.clear();
            executor = null;
        }
    }

    private Map<String, Double> read() {
        Map<String, Double> all = new HashMap<>();
        forEach((published, value) -> all.put(published.toString(), value));
        return all;
    }

    private void forEach(Visitor visitor) {
        for (Family family : Metrics.of(ilb)) {
            for (Sample sample : family.samples()) {
                if (!sample.labels().containsKey("le")) {
                    visitor.visit(new Published(feature(sample.name()), name(sample)), sample.value());
                }
            }
        }
    }

    private synchronized MetricsFeature feature(String name) {
        return features.computeIfAbsent(name, component::registerFeature);
    }

    private static String name(Sample sample) {
        return sample.labels().isEmpty()
                ? "value"
                : String.join("/", sample.labels().values());
    }

    /** Registers what is new and removes what is gone. */
    void follow() {
        try {
            Set<String> present = new HashSet<>();
            forEach((one, value) -> {
                present.add(one.toString());
                publish(one);
            });
            retain(present);
        } catch (RuntimeException e) {
            // Thrown on, it would end the schedule.
            LOG.warn("Could not publish metrics", e);
        }
    }

    private synchronized void publish(Published one) {
        String key = one.toString();
        if (executor != null && published.putIfAbsent(key, one) == null) {
            Gauge<Double> gauge = () -> values.get().getOrDefault(key, 0.0);
            metricsService.registerMetric(component, one.feature, one.name, gauge);
        }
    }

    private synchronized void retain(Set<String> present) {
        published.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            if (gone) {
                metricsService.removeMetric(component, entry.getValue().feature, entry.getValue().name);
            }
            return gone;
        });
    }

    /** Is shown values. */
    private interface Visitor {
        void visit(Published published, double value);
    }

    /** A gauge's place in ONOS's registry. */
    private static final class Published {

        private final MetricsFeature feature;
        private final String name;

        Published(MetricsFeature feature, String name) {
            this.feature = feature;
            this.name = name;
        }

        @Override
        public String toString() {
            return feature.getName() + '.' + name;
        }
    }
}
