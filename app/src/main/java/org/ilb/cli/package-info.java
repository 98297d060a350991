/**
 * The commands of the Karaf console: what {@link org.ilb.IlbService} shows, as tables, or with {@code -j} as the JSON of the
 * REST interface.
 *
 * <p>Most of them {@linkplain org.ilb.cli.IlbCommand read only}. Those that drain, enable, disable and weigh
 * {@linkplain org.ilb.cli.ConfigCommand change the stored configuration} as an operator would, and so do what the REST
 * interface's {@code PATCH} does; with {@code -j} they print what is stored then. A wrong argument is one sentence, and changes
 * nothing. Their names start with {@code ilb-}; the Tab key completes arguments from the configuration in force.
 */
package org.ilb.cli;
