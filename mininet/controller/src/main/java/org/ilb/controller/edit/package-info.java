/**
 * Small edits of third-party byte code, made while the classes are loaded.
 *
 * <p>The embedded controller runs the ONOS core as it was published. Four things in it cannot be configured and would hurt
 * here:
 *
 * <ol>
 *   <li>ONOS's OpenFlow controller listens on every address of the machine. A test's controller must be reachable from the
 *       machine itself only, so {@link org.ilb.controller.edit.ClassEdits#LOOPBACK_OPENFLOW} binds it to 127.0.0.1.
 *   <li>Atomix, which keeps ONOS's distributed state, does the same with TCP and UDP:
 *       {@link org.ilb.controller.edit.ClassEdits#LOOPBACK_MESSAGING} and
 *       {@link org.ilb.controller.edit.ClassEdits#LOOPBACK_UNICAST}.
 *   <li>Atomix elects a leader for each of its two Raft partitions, one after the other, and waits 2.5 to 5 s before each
 *       election to hear from an older leader. In a cluster of one there is none, and the wait was half of the boot:
 *       {@link org.ilb.controller.edit.ClassEdits#PROMPT_ELECTION} makes it 0.3 to 0.6 s. Nothing else depends on this
 *       figure as long as there is a single member.
 *   <li>Netty waits for two seconds without a task before it ends its threads, once for OpenFlow and once for Atomix:
 *       {@link org.ilb.controller.edit.ClassEdits#PROMPT_STOP} makes stopping four seconds shorter.
 * </ol>
 *
 * <p>Each edit must find exactly what it is looking for, once. {@link org.ilb.controller.edit.EditAgent} counts, and the
 * launcher refuses to report a controller as ready in which an edit of a loaded class missed: after an upgrade of ONOS the
 * controller then fails with a sentence instead of listening to the world.
 */
package org.ilb.controller.edit;
