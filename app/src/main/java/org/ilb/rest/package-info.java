/**
 * The REST interface beneath {@code /onos/ilb/v1}, in two halves.
 *
 * <p><b>What is</b>, from {@link org.ilb.IlbService}: {@link org.ilb.rest.Answers} makes the JSON; the CLI's {@code -j} prints
 * the same. The resources only find out what is asked for, by {@link org.ilb.rest.Query}.
 *
 * <p><b>What is configured</b>, beneath {@code config}: {@link org.ilb.rest.ConfigurationResource} reads and changes
 * {@linkplain org.ilb.rest.Part parts} of the {@linkplain org.ilb.config.StoredConfiguration stored configuration}, which is
 * ONOS's network configuration. It is kept apart from what is, because that also shows what was learnt, and defaults: who
 * read a service there, changed a weight and wrote it back would pin the servers' MAC addresses for ever.
 *
 * <p>Each change reads, checks the {@linkplain org.ilb.rest.Tags entity tag} that the writer has seen, edits and stores, and
 * nobody else's change through this interface comes in between.
 *
 * <p>What cannot be answered is an {@code application/problem+json}, made by {@link org.ilb.rest.ProblemMapper}, most often
 * from a {@link org.ilb.rest.Problem} that names the field. That includes a parameter that does not exist: a filter that
 * is misspelt must not answer with everything.
 *
 * <p>{@link org.ilb.rest.ApiDocumentation} has ONOS's own API page show all of it, out of {@code apidoc/swagger.json}. Who adds a
 * resource adds it there: a test compares paths, methods, parameters and media types with the resources, and
 * {@code docs/reference.md} is written from it.
 *
 * <p>Users and roles are ONOS's own: {@code viewer} reads, {@code admin} writes. Only {@code admin} sees the seed of the
 * scores here (ONOS's own network configuration interface shows it to every viewer).
 */
package org.ilb.rest;
