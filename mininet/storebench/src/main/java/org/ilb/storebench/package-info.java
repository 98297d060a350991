/**
 * Measures what ONOS's distributed maps cost as stores of associations, from within a controller.
 *
 * <p>An ONOS application of its own, which {@code mininet/run bench --only store} installs, asks for figures and removes; it is no
 * part of the product. When it is activated, {@link org.ilb.storebench.StoreBench} runs once through
 * {@link org.ilb.storebench.Measurement}: the application's own {@link org.ilb.association.DistributedAssociationStore} first, then
 * an eventually consistent map beside it, with the same {@link org.ilb.storebench.Population}. {@link org.ilb.storebench.Load} keeps
 * a number of operations under way and times each. What came out, and how far it is, is at
 * {@code GET /onos/ilb-storebench/v1/figures}.
 *
 * <p>It measures the map of the application under its own name, so it must not run where the application does.
 */
package org.ilb.storebench;
