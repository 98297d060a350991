/**
 * The configuration: JSON that an operator writes, made once into values that the rest works with.
 *
 * <p>The JSON lives in ONOS's network configuration, subject class {@code apps}, subject {@code org.ilb}, key
 * {@code ilb}. Reading it is a matter of three steps, each of a few small classes:
 *
 * <ol>
 *   <li>{@link org.ilb.config.Field} is one place in the JSON. It knows its path and turns what it holds into an address, a
 *       port, a list, or into a {@link org.ilb.config.ConfigException} that says in one sentence which field is wrong, what
 *       it holds and what is allowed.
 *   <li>{@link org.ilb.config.FrontEndReader} knows the shape: which object has which fields, and their defaults. A field that
 *       it does not know is an error: a misspelt field must not become a default. What it knows of buckets is in
 *       {@link org.ilb.config.BucketsReader}.
 *   <li>{@link org.ilb.config.Coherence} looks at the whole: names that must differ, addresses that must not collide.
 * </ol>
 *
 * <p>{@link org.ilb.config.FrontEndWriter} is the way back; what was read and written is read as the same.
 *
 * <p>All of this is pure. ONOS meets it in {@link org.ilb.config.FrontEndConfig}, which is asked whether it is valid before
 * a configuration is stored, so a wrong one never replaces a good one; and in
 * {@link org.ilb.config.FrontEndWatcher}, which tells the application of every configuration that comes into force.
 *
 * <h2>The seed</h2>
 *
 * <p>The secret that keys the scores is drawn once and kept in the configuration, where it survives restarts and is the same
 * on every node. A configuration that comes without it gets the seed of the one in force, so that posting an edited file
 * re-elects nobody, else a new one. This happens within {@link org.ilb.config.FrontEndConfig#isValid()}, the one moment
 * between "posted" and "stored" at which ONOS calls the application: what is stored has a seed from the start, there is no
 * second write that could overtake an operator's, and no node to agree with.
 */
package org.ilb.config;
