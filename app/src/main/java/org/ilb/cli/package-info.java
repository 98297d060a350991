/**
 * The commands of the Karaf console: what {@link org.ilb.IlbService} shows, as tables, or with {@code -j} as the JSON of the
 * REST interface.
 *
 * <p>They read only, but for {@link org.ilb.cli.DrainCommand}, which changes the stored configuration as an operator would. Their names start with {@code ilb-}; ONOS completes arguments with the Tab key.
 */
package org.ilb.cli;
