/**
 * What the function exports to monitoring, from {@link org.ilb.IlbService} alone.
 *
 * <p>{@link org.ilb.metrics.Metrics} is the one place that says which metrics there are: their names, their kind, what they
 * mean and how they are labelled. Labels name what is configured (services, servers, ILBs), counters and states, so that
 * their number is bounded by the configuration. From there they go two ways: {@link org.ilb.metrics.PrometheusText} writes them
 * for who asks by REST, and {@link org.ilb.metrics.MetricsPublisher} shows each value as a gauge in ONOS's own registry of metrics.
 *
 * <p>The text is written here rather than by Prometheus's Java client: what of that would be used is one class, and it brings
 * imports of tracing libraries that no ONOS has.
 *
 * <p>The dashboard in {@code docs/grafana} shows these metrics; a test compares the names.
 */
package org.ilb.metrics;
