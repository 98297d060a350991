/**
 * The REST interface beneath {@code /onos/ilb/v1}: what {@link org.ilb.IlbService} shows, as JSON.
 *
 * <p>{@link org.ilb.rest.Answers} makes the JSON; the CLI's {@code -j} prints the same. The resources only find out what is
 * asked for, by {@link org.ilb.rest.Query}, and answer
 *
 * <ul>
 *   <li>400 with a sentence for a question that cannot be understood, also for a parameter that does not exist: a filter that
 *       is misspelt must not answer with everything;
 *   <li>404 with a sentence for what there is not;
 *   <li>503 while the application starts or stops.
 * </ul>
 *
 * <p>Users and roles are ONOS's own: {@code viewer} reads. Only {@code admin} sees the seed of the scores here (ONOS's own
 * network configuration interface shows it to every viewer).
 */
package org.ilb.rest;
