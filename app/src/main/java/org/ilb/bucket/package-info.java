/**
 * How buckets get servers and change them without a connection noticing.
 *
 * <p>A bucket is a set of connections that share one wildcard rule, so that a new one asks nobody. What nobody is asked about,
 * nobody knows: when a bucket is to have another server, the connections that live in it are not on any list. Three
 * questions follow, and each has its class:
 *
 * <ul>
 *   <li><b>Which server should a bucket have?</b> {@link org.ilb.bucket.Spread} shares the buckets out by weight, each server
 *       within one bucket of its ideal share, and from what stands it gets there with the least moves;
 *       {@link org.ilb.bucket.Leveling} evens out what counters say of their loads instead.
 *   <li><b>Which buckets change now?</b> {@link org.ilb.bucket.Plan} compares what stands with what should, and says which
 *       buckets to bind, to begin to move, to turn to another server halfway, or to flip because their server failed. Few
 *       move together, for a moving bucket costs packet-ins; {@link org.ilb.bucket.Haste} says when it may be more.
 *   <li><b>How does one bucket change?</b> {@link org.ilb.bucket.Move}: first its SYNs come up and still go to the former
 *       server, so that a SYN that is sent again meets the same one; then they go to the next server, by exact rules, while
 *       the wildcard serves those that lived before; then the wildcard punts, and whoever speaks gets an exact rule to the
 *       former server; when for long enough nobody unknown spoke, the wildcard leads to the next server. The exact rules to
 *       the former one live on as long as their connections.
 * </ul>
 *
 * <p>{@link org.ilb.bucket.Regrouping} is the arithmetic of changing the port bits that tell buckets apart.
 *
 * <p>This package is pure: time comes in as an argument, in nanoseconds of any clock that does not go back.
 */
package org.ilb.bucket;
