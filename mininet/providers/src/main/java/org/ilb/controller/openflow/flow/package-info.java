/**
 * Flow rules as OpenFlow 1.3 flow mods, and back.
 *
 * <p>The core hands over batches ({@link org.ilb.controller.openflow.flow.OpenFlowFlowRules#executeBatch}). Each becomes one
 * write of flow mods in no particular order and a barrier request, all with the batch's number as their xid. The barrier
 * reply completes the batch; an error message names the rule that failed by its cookie, which is the rule's flow id, and the
 * batch by its xid. A batch without a barrier reply fails as a whole after ten seconds.
 *
 * <p>Every five seconds the master of a switch asks for its whole flow table and hands it to the core, translated back. The
 * core compares: a rule of its store that the switch lacks is written again, a rule of the switch that the store lacks is
 * removed, and the counters drive idle timeouts. So what is written must read back equal; {@link
 * org.ilb.controller.openflow.flow.Matches} and {@link org.ilb.controller.openflow.flow.Actions} each keep both directions of a
 * translation in one line. The poll pauses, as stock's does, while rules are written at a high rate.
 *
 * <p>As on stock ONOS:
 *
 * <ul>
 *   <li>idle timeouts are not sent to the switch: the core enforces them from the statistics. Hard timeouts are sent;
 *   <li>flows are removed strictly: same match, priority and table;
 *   <li>set-fields of IPv6 addresses and flow labels are written but not read back, so the core takes such a rule for
 *       changed and writes it again at every poll;
 *   <li>a rule on the switch that matches a field that is not understood (TCP flags, say, written by other means) is reported
 *       without that field, with the log line {@code Match type … not yet implemented}; the core then removes a rule with that
 *       narrower description, which hits nothing.
 * </ul>
 *
 * <p>Deviations from stock, beside those of {@link org.ilb.controller.openflow}:
 *
 * <ul>
 *   <li>a rule with a criterion or an instruction that is not translated is refused with a warning: it fails its batch and the
 *       core marks it FAILED. Stock logs a warning and installs what is left of the rule, which then matches more than asked.
 *       TCP flags, inner VLANs and MPLS traffic classes are such criteria on both; here also IN_PHY_PORT (which stock writes as
 *       IN_PORT), optical ones and driver extensions;
 *   <li>meters and statistics triggers are refused;
 *   <li>no adaptive statistics polling (off by default in stock, too).
 * </ul>
 */
package org.ilb.controller.openflow.flow;
