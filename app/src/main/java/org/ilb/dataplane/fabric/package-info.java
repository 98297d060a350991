/**
 * What stands in the switches without any connection, and the ARP that makes it reachable.
 *
 * <p>{@link org.ilb.dataplane.fabric.Fabric} is the only class that the rest of the application needs.
 */
package org.ilb.dataplane.fabric;
