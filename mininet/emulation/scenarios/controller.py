"""The embedded controller does what any OpenFlow controller must, against real Open vSwitch: it finds switches, links,
hosts and port changes, keeps flows and groups as ordered, and survives its own restart.

Without the ILB application, on a ring of three switches.
"""

import re
import time

from emulation import topology
from emulation.onos import Refused
from emulation.trouble import Broken
from emulation.waiting import wait_until

# Its own controller, which it stops and starts; no other scenario shall feel that.
EMBEDDED_ONLY = True
_APPLICATION = "org.ilb.test.controller"
# ONOS polls flows every 5 s; three polls is what a rule may take to come back.
_POLLS = 15


def play(lab):
    plan = topology.flat(clients=1, ilbs=3, servers=1, ordinary=2)
    lab.use_controller(lab.session.new_controller())
    checks = [
        ("handshake", _handshake),
        ("links", _links),
        ("port down and up", _ports),
        ("flow added, replaced, removed", _flows),
        ("flow refused by the switch", _refused_flow),
        ("flows restored after del-flows", _restored),
        ("group added, changed, removed", _groups),
        ("packet-in and packet-out, hosts", _hosts),
        ("switch reconnects", _reconnect),
        ("warm restart of the controller", _warm_restart),
    ]
    lab.build(plan)
    lab.figures["checks"] = {}
    for name, check in checks:
        begin = time.monotonic()
        try:
            check(lab)
        except (Broken, OSError) as problem:
            lab.figures["checks"][name] = str(problem)
            lab.step(f"{name}: FAILED: {problem}")
        else:
            lab.figures["checks"][name] = "passed"
            lab.step(f"{name}: passed in {time.monotonic() - begin:.1f} s")
    failed = {name: problem for name, problem in lab.figures["checks"].items() if problem != "passed"}
    if failed:
        name = next(iter(failed))
        raise Broken(f"{len(failed)} of {len(checks)} checks failed, the first of them: {name}: {failed[name]}")


def _handshake(lab):
    for switch in lab.plan.switches:
        device = lab.onos.core.get(f"devices/{switch.device}")
        _expect(device["available"], f"{switch.device} is not available")
        _expect(device["role"] == "MASTER", f"the role for {switch.device} is {device['role']}")
        _expect("Open vSwitch" in device["hw"], f"the hardware of {switch.device} is {device['hw']}")
        wanted = {str(port) for port in _ports_of(lab, switch)}
        known = {port["port"] for port in lab.onos.ports(switch.device)}
        _expect(wanted <= known, f"ports {sorted(wanted - known)} of {switch.device} are not known")


def _links(lab):
    found, expected = lab.onos.links(), lab.expected_links()
    _expect(found == expected, f"links found {sorted(found)} are not those that are there")


def _ports(lab):
    link = lab.plan.switch_links()[0]
    switch, port = lab.plan.switch(link.left), str(link.left_port)
    far = (lab.plan.switch(link.right).device, str(link.right_port))

    def enabled():
        return next(entry for entry in lab.onos.ports(switch.device) if entry["port"] == port)["isEnabled"]

    lab.network.set_link(link.left, link.left_port, up=False)
    wait_until("ONOS sees the port go down", lambda: not enabled(), 10)
    wait_until("ONOS sees the link go", lambda: not any((switch.device, port) in pair for pair in lab.onos.links()), 15)
    lab.network.set_link(link.left, link.left_port, up=True)
    wait_until("ONOS sees the port come back", enabled, 10)
    wait_until("ONOS finds the link again", lambda: ((switch.device, port), far) in lab.onos.links(), 20)


def _flows(lab):
    switch = lab.plan.switches[0]
    selector = [{"type": "ETH_TYPE", "ethType": "0x800"}, {"type": "IPV4_DST", "ip": "192.0.2.1/32"}]
    lab.onos.add_flow(switch.device, _APPLICATION, 1234, selector, _output(1), table=1)
    found = wait_until("the flow is on the switch", lambda: _on_switch(lab, switch, 1234), 10)
    _expect(found.table == 1 and "output:1" in found.actions.replace('"', ""), f"the flow is {found}")
    _expect(found.match.get("nw_dst") == "192.0.2.1", f"the flow matches {found.match}")
    wait_until("ONOS calls the flow added", lambda: _state(lab, switch, 1234) == "ADDED", _POLLS)
    # The same match again: a flow is its match, so the treatment is replaced.
    lab.onos.add_flow(switch.device, _APPLICATION, 1234, selector, _output(2), table=1)
    wait_until("the flow is replaced", lambda: "output:2" in _on_switch(lab, switch, 1234).actions, 10)
    wait_until("ONOS calls the new flow added", lambda: _state(lab, switch, 1234) == "ADDED", _POLLS)
    lab.onos.remove_flows_of(_APPLICATION)
    wait_until("the flow is gone", lambda: not _on_switch(lab, switch, 1234), 10)
    wait_until("ONOS has forgotten the flow", lambda: _state(lab, switch, 1234) is None, _POLLS)


def _refused_flow(lab):
    """A flow to a group that is not there: the switch refuses it, and only it."""
    switch = lab.plan.switches[0]
    selector = [{"type": "IN_PORT", "port": 1}]
    lab.onos.add_flow(switch.device, _APPLICATION, 1300, selector, [{"type": "GROUP", "groupId": 4711}])
    lab.onos.add_flow(switch.device, _APPLICATION, 1301, selector, _output(2))
    wait_until("the good flow is added", lambda: _state(lab, switch, 1301) == "ADDED", _POLLS)
    _expect(not _on_switch(lab, switch, 1300), "a flow to a group that is not there is on the switch")
    state = _state(lab, switch, 1300)
    _expect(state != "ADDED", f"ONOS calls a flow {state} that the switch refused")
    lab.onos.remove_flows_of(_APPLICATION)
    wait_until("the good flow is gone", lambda: not _on_switch(lab, switch, 1301), 10)


def _restored(lab):
    switch = lab.plan.switches[1]
    lab.onos.add_flow(switch.device, _APPLICATION, 1400, [{"type": "IN_PORT", "port": 1}], _output(2))
    wait_until("ONOS calls the flow added", lambda: _state(lab, switch, 1400) == "ADDED", _POLLS)
    before = {(flow.priority, str(flow.match)) for flow in lab.network.flows(switch)}
    lab.session.openvswitch.ofctl("del-flows", lab.network.bridge(switch))

    def back():
        return before <= {(flow.priority, str(flow.match)) for flow in lab.network.flows(switch)}

    wait_until(f"all {len(before)} flows are back", back, _POLLS)
    lab.session.openvswitch.ofctl(
        "add-flow", lab.network.bridge(switch), "priority=77,in_port=2,actions=drop"
    )
    wait_until("a flow that ONOS does not know is removed", lambda: not _on_switch(lab, switch, 77), _POLLS)
    lab.onos.remove_flows_of(_APPLICATION)
    wait_until("the flow is gone", lambda: not _on_switch(lab, switch, 1400), 10)


def _groups(lab):
    switch, cookie = lab.plan.switches[0], "0x1234abcd"
    path = f"groups/{switch.device}"

    def buckets():
        lines = [line for line in lab.session.openvswitch.groups(lab.network.bridge(switch)) if "group_id=77," in line]
        return lines[0].count("bucket=") if lines else 0

    lab.onos.core.call("POST", path, {
        "type": "ALL", "appCookie": cookie, "groupId": "77", "buckets": [_bucket(1)],
    })  # fmt: skip
    wait_until("the group is on the switch", lambda: buckets() == 1, 10)
    wait_until("ONOS calls the group added", lambda: _group_state(lab, switch, 77) == "ADDED", _POLLS)
    lab.onos.core.call("POST", f"{path}/{cookie}/buckets", {"buckets": [_bucket(2)]})
    wait_until("the group has two buckets", lambda: buckets() == 2, 10)
    wait_until("ONOS calls the changed group added", lambda: _group_state(lab, switch, 77) == "ADDED", _POLLS)
    lab.onos.core.call("DELETE", f"{path}/{cookie}")
    wait_until("the group is gone", lambda: buckets() == 0, 10)
    wait_until("ONOS has forgotten the group", lambda: _group_state(lab, switch, 77) is None, _POLLS)


def _hosts(lab):
    """Pings need an ARP punted, answered by packet-outs, and rules made from what was learnt."""
    lab.install_forwarding()
    first, second = lab.plan.role("ordinary")
    wait_until("a ping gets through", lambda: lab.pings(first, second, 1) == 1, 20)
    _expect(lab.pings(first, second, 10) == 10, "pings were lost once the way was known")
    for host in (first, second):
        found = [entry for entry in lab.onos.hosts() if entry["mac"].lower() == host.mac]
        _expect(found, f"{host.name} was not found as a host")
        _expect(host.ip in found[0]["ipAddresses"], f"{host.name} was found with {found[0]['ipAddresses']}")
        places = [f"{place['elementId']}/{place['port']}" for place in found[0]["locations"]]
        _expect(places == [lab.plan.location(host.name)], f"{host.name} was found at {places}")


def _reconnect(lab):
    switch = lab.plan.switches[2]
    lab.onos.add_flow(switch.device, _APPLICATION, 1500, [{"type": "IN_PORT", "port": 1}], _output(2))
    wait_until("ONOS calls the flow added", lambda: _state(lab, switch, 1500) == "ADDED", _POLLS)
    lab.network.disconnect_switch(switch)
    wait_until("ONOS sees the switch leave", lambda: switch.device not in lab.onos.devices(), 15)
    lab.session.openvswitch.ofctl("del-flows", lab.network.bridge(switch))
    lab.network.connect_switch(switch, lab.controller.openflow)
    lab.await_switches()
    wait_until("the flow is on the switch again", lambda: _on_switch(lab, switch, 1500), _POLLS)
    lab.onos.remove_flows_of(_APPLICATION)
    wait_until("the flow is gone", lambda: not _on_switch(lab, switch, 1500), 10)


def _warm_restart(lab):
    """Switches forward while the controller is away; what it kept in its store is there again afterwards."""
    first, second = lab.plan.role("ordinary")
    _expect(lab.pings(first, second, 3) == 3, "pings were lost before the restart")
    path = f"network/configuration/devices/{lab.plan.switches[0].device}/basic"
    lab.onos.core.call("POST", path, {"name": "kept"})
    # Rules of the forwarding application expire when idle, so traffic goes on through the outage.
    order = ["ping", "-n", "-q", "-i", "0.2", "-W", "1", "-c", "60", second.ip]
    pings = lab.network.start(first, *order, stdout=-1, text=True)
    time.sleep(1)
    lab.controller.stop()
    lab.step("the controller is down")
    _expect(pings.wait(60) is not None, "the pings did not end")
    answered = int(re.search(r"(\d+) received", pings.process.stdout.read())[1])
    _expect(answered == 60, f"{60 - answered} of 60 pings were lost while the controller was down")
    lab.controller.start()
    lab.step("the controller is up again")
    lab.await_switches()
    _expect(lab.onos.core.get(path).get("name") == "kept", "a configuration from before the restart is lost")
    _expect(lab.onos.is_active("org.ilb.forwarding"), "an application that was active before the restart is not")
    wait_until("a ping gets through", lambda: lab.pings(first, second, 1) == 1, 20)


def _expect(condition, otherwise):
    if not condition:
        raise Broken(otherwise)


def _ports_of(lab, switch):
    for link in lab.plan.links:
        if link.left == switch.name:
            yield link.left_port
        if link.right == switch.name:
            yield link.right_port


def _output(port):
    return [{"type": "OUTPUT", "port": str(port)}]


def _bucket(port):
    return {"type": "ALL", "treatment": {"instructions": _output(port)}}


def _on_switch(lab, switch, priority):
    return next((flow for flow in lab.network.flows(switch) if flow.priority == priority), None)


def _state(lab, switch, priority):
    return next((flow["state"] for flow in lab.onos.flows(switch.device) if flow["priority"] == priority), None)


def _group_state(lab, switch, number):
    try:
        groups = lab.onos.groups(switch.device)
    except Refused:
        return None
    return next((group["state"] for group in groups if str(group["id"]) == str(number)), None)
