/**
 * Who owns a connection: claims 2 to 9, as arithmetic.
 *
 * <p>Every ILB asserts for itself, without asking anybody, which ILB owns a connection and which backs it up. All come to
 * the same answer because all compute the same thing: a <em>score</em> per ILB, a CRC over the ILB's id followed by the
 * connection id. The largest score owns, the second largest backs up.
 *
 * <p>An {@link org.ilb.election.Electorate} holds the ILBs of one view, ready to be scored. CRC is affine: the CRC of
 * {@code id ‖ connection} is a term of the id XOR a term of the connection. So the ids' terms are computed once per view,
 * the connection's once per election, and each further ILB costs a few machine instructions.
 *
 * <p>The same property makes bare CRCs rank badly: which of two ILBs scores more depends on one bit of the connection's
 * term, and who comes second on hardly more. {@link org.ilb.ScoreKind#CRC32_MIXED} therefore sends the CRC, keyed with a
 * secret, through a bijection that leaves nothing of it linear. The tests show both.
 *
 * <p>What is elected for is a flow key: a connection id under a {@link org.ilb.FlowMask}.
 *
 * <p>This package is pure: no clock, no thread, no I/O, nothing of ONOS but values.
 */
package org.ilb.election;
