/**
 * Switches as devices.
 *
 * <p>When the OpenFlow controller has finished its handshake with a switch, this provider tells the core that a device is
 * connected and which ports it has. The core elects a master and asks back for a role ({@link
 * org.ilb.controller.openflow.device.OpenFlowDevices#roleChanged}); the switch's role reply is passed on. Port status messages
 * keep the ports current. Every five seconds the master asks for port statistics.
 *
 * <p>Deviations from stock, beside those of {@link org.ilb.controller.openflow}: none known.
 */
package org.ilb.controller.openflow.device;
