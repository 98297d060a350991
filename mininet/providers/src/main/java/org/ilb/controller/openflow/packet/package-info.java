/**
 * Packet-in and packet-out.
 *
 * <p>A packet-in goes to the core's packet processors on the thread of its switch, with the cookie of the rule that punted it,
 * in a context that processors may block, fill with a treatment and send. Three limits of stock are kept on purpose, because
 * applications have to live with them:
 *
 * <ul>
 *   <li>a packet-out executes <em>only OUTPUT</em>: every other instruction of its treatment is ignored. {@code emit} sends one
 *       message for each OUTPUT; a context's {@code send} obeys the first one alone;
 *   <li>a packet-out without an ingress port carries CONTROLLER as its {@code in_port}; with one, the switch silently drops an
 *       output to that same port (IN_PORT is the way);
 *   <li>nothing is buffered on the switch: whole packets travel both ways.
 * </ul>
 *
 * <p>Deviations from stock, beside those of {@link org.ilb.controller.openflow}: an instruction that is ignored is logged at
 * WARN, and {@code send} with no OUTPUT in the treatment sends nothing, where stock ends in a NullPointerException.
 */
package org.ilb.controller.openflow.packet;
