/**
 * The live page beneath {@code /onos/ilb/}: what the server's side of it needs beside files and the REST interface.
 *
 * <p>The page itself is in {@code src/main/webapp}: one HTML file, one style sheet and small JavaScript modules without a
 * build step, with <a href="https://lit.dev/docs/libraries/standalone-templates/">lit-html</a> out of its WebJar, so that
 * a browser needs nothing but this bundle. It changes things as everybody does, through {@code /onos/ilb/v1/config}, with the
 * entity tag that it read; there is no second way in.
 *
 * <p>What moves is pushed, by server-sent events (HTML, 9.2) from {@link org.ilb.page.EventsServlet}. A
 * {@link org.ilb.page.Feed} takes a {@link org.ilb.page.Snapshot} each second while somebody looks, and none while nobody
 * does. A snapshot has two parts: the configuration, which is large and seldom changes, and the status, which is columns of
 * numbers in the configuration's order; so 1,000 servers and 64 ILBs cost a browser some tens of kilobytes a second. A
 * {@link org.ilb.page.Viewer} that reads slowly misses snapshots and delays nobody.
 *
 * <p>Users and roles are those of the REST interface: {@code web.xml} asks for them, {@code viewer} looks, {@code admin} acts.
 * {@link org.ilb.page.Safeguards} has the browser run nothing that did not come from here.
 */
package org.ilb.page;
