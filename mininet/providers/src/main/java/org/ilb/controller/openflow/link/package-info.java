/**
 * Links between switches, found by probes.
 *
 * <p>The master of a switch sends an LLDP and a BDDP frame out of every enabled port, at once when the port comes up and every
 * three seconds after that. ONOS's own {@code ONOSLLDP} writes what is in them: device, port, time and a signature. Such a
 * frame that comes back as a packet-in from another switch is a link: DIRECT when it is LLDP, INDIRECT when it is BDDP (which
 * also crosses ordinary bridges). Rules at CONTROL priority (40000) bring both to the controller. A link that was not seen for
 * ten seconds is gone; one whose port or switch goes down is gone at once.
 *
 * <p>As on stock ONOS, a probe whose signature is wrong or that was on its way for longer than one second is dropped, and
 * probes of another cluster make a link of type EDGE.
 *
 * <p>Deviations from stock, beside those of {@link org.ilb.controller.openflow}: no suppression of devices or ports by network
 * configuration or annotation, and LLDP that other equipment sends makes no links.
 */
package org.ilb.controller.openflow.link;
