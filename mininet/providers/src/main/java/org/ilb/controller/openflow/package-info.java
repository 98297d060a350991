/**
 * The southbound side of the embedded controller: what connects ONOS's core with OpenFlow 1.3 switches.
 *
 * <p>ONOS publishes the OpenFlow protocol (channel, handshake, roles) as artifacts, behind {@link
 * org.onosproject.openflow.controller.OpenFlowController}. What it does not publish are the <em>providers</em>, which
 * translate between that controller and the core's services. There is one package for each:
 *
 * <ul>
 *   <li>{@code device}: switches come and go, their ports, port statistics, mastership;
 *   <li>{@code packet}: packet-in and packet-out;
 *   <li>{@code flow}: flow rules as flow mods, batches with barriers, errors, statistics;
 *   <li>{@code group}: groups and their statistics;
 *   <li>{@code host}: end stations learnt from ARP, NDP and IP packets;
 *   <li>{@code link}: links between switches, found by probes.
 * </ul>
 *
 * <p><b>The rule of this code: never kinder than stock ONOS.</b> It exists so that an application that works here works on
 * ONOS 2.5 to 2.7 with the stock providers. Where stock ignores, drops or limits something, so does this; where it cannot do
 * what it is asked, it refuses and says so. The providers carry the provider ids of stock, so that REST answers look the
 * same. Each package documents where it deviates.
 *
 * <p>Deviations that all of them share: OpenFlow 1.3 only; no component configuration (the values are stock's defaults unless
 * the package says otherwise); no optical devices.
 */
package org.ilb.controller.openflow;
