/**
 * Runs one command in the shell of a controller that is up: the program behind {@code bin/controller-cli}.
 *
 * <p>It speaks SSH itself, so that scripts and tests need no SSH client on the machine and no password in a command line:
 * where to connect and as whom it reads from the {@code controller.json} of the controller's home.
 */
package org.ilb.controller.shell;
