/**
 * What is remembered of connections: claims 10 to 12.
 *
 * <p>Three places remember an {@link org.ilb.Association}. The {@linkplain org.ilb.association.AssociationStore store} is
 * the truth: it decides by put-if-absent which server a connection has, once and for all. The
 * {@linkplain org.ilb.association.Ltoc LTOC} of an ILB holds those that the ILB owns or backs up, so that it answers without
 * asking. Its {@linkplain org.ilb.association.Cache cache} holds a bounded number of those that merely came by. LTOC and
 * cache may lack an entry that the store has; that costs a question, never a connection.
 *
 * <p>{@link org.ilb.association.DistributedAssociationStore} keeps the truth in ONOS's replicated map;
 * {@link org.ilb.association.LocalAssociationStore} keeps it in memory, for tests and simulations, and can be told to be
 * slow or to fail. All but the former is pure: no clock, no thread, no I/O.
 */
package org.ilb.association;
