/**
 * Groups as OpenFlow 1.3 group mods, and back.
 *
 * <p>A group operation is one message, sent without a barrier. Every ten seconds the master of a switch asks for the counters
 * and the buckets of all groups and hands both to the core, which takes a group for ADDED when it sees it there, writes those that
 * are missing and removes those that it does not know. So an application waits up to ten seconds for GROUP_ADDED, as on stock.
 * A switch's refusal is reported for the operation whose message had that xid.
 *
 * <p>Also as on stock: SELECT groups have weights but neither a watch port nor a selection method; FAILOVER groups have watch port
 * and watch group; the core is told of FAILOVER groups whose last live bucket up to the failed port is gone.
 *
 * <p>Deviations from stock, beside those of {@link org.ilb.controller.openflow}: a bucket with an instruction that is not translated
 * fails the operation ({@code INVALID_GROUP}) with a warning, where stock writes the bucket without it; driver extensions count as
 * such. A driver's property {@code groupCapable} is not asked.
 */
package org.ilb.controller.openflow.group;
