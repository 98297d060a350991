/**
 * The words of front-end load balancing, as values, and the service that shows them.
 *
 * <p>A front-end function ({@link org.ilb.FrontEnd}) spreads {@linkplain org.ilb.Service services} over the
 * {@linkplain org.ilb.Server servers} behind them. The function is not one box but many
 * {@linkplain org.ilb.Ilb individual load balancers}, ILBs, each an OpenFlow switch. Every ILB is scored for every
 * connection ({@link org.ilb.FlowKey}); the {@linkplain org.ilb.Ranking ranking} names the connection's owner and its
 * backup among the ILBs of the {@linkplain org.ilb.View view} in force. What was decided for a connection is its
 * {@linkplain org.ilb.Association association}.
 *
 * <p>Everything here is immutable. {@link org.ilb.IlbService} is what an application, the REST interface or the CLI asks.
 */
package org.ilb;
