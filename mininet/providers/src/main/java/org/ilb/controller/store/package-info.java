/**
 * The two services that ONOS's core asks for and that no published artifact of 2.5.6 provides.
 *
 * <p>The embedded controller is ONOS's own core, from the artifacts that the project publishes. Its flow rule store wants a
 * {@link org.onosproject.persistence.PersistenceService}, and its meter manager a {@link
 * org.onosproject.net.meter.MeterStore}. Both are here, as small as a test controller can have them.
 *
 * <p>Deviations from stock ONOS, each towards less:
 *
 * <ul>
 *   <li>persistent maps and sets live in memory: what stock keeps there on disk is lost with the process. (Raft's own log
 *       is another matter: that one is on disk here as there.) Keys and values still pass through their serializer, so
 *       what stock could not store is not storable here either;
 *   <li>there are no meters: every meter is refused at once, where stock would put it on the switch.
 * </ul>
 */
package org.ilb.controller.store;
