/**
 * Starts the embedded controller: one distribution, many runs.
 *
 * <p>The distribution is read only. What a run changes lives in its home directory:
 *
 * <pre>
 * home/
 *   controller.json   where it listens, credentials, process id      (see {@link org.ilb.controller.launch.Description})
 *   ready             there as long as the controller takes requests
 *   apps/  config/    what ONOS keeps beside Karaf: installed applications, presets
 *   karaf/etc         Karaf's configuration, made anew at each start (see {@link org.ilb.controller.launch.RunDirectory})
 *   karaf/data        Karaf's caches, the Raft logs, the logs to read:
 *                     karaf/data/log/karaf.log and karaf/data/log/console.log
 *   karaf/system      bundles of applications that were installed through REST
 * </pre>
 *
 * <p>{@link org.ilb.controller.launch.Launcher} goes through it in order: understand the command line
 * ({@link org.ilb.controller.launch.Options}), take possession of the home and of ports
 * ({@link org.ilb.controller.launch.Ports}), write the run's files, start Karaf in this very JVM, and watch until it answers
 * ({@link org.ilb.controller.launch.Readiness}). If it does not, {@link org.ilb.controller.launch.FailureReport} picks the
 * lines of the logs that say why.
 */
package org.ilb.controller.launch;
