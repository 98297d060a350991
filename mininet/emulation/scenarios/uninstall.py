"""After the application is gone, switches and ONOS are as they were before it came: no flow, group, packet request or
entry of a map of it remains; installed again, it serves again. The rules of a switch that was away meanwhile, which ONOS keeps,
go as the documentation says.
"""

import re
import time

from emulation.onos import APPLICATION
from emulation.trouble import Broken
from emulation.waiting import wait_until

# In the first round so many that uninstalling must not wait for the end of each connection; the application would log an error.
_REQUESTS = {"first": 2000, "second": 200}


def play(lab):
    plan = lab.routed_plan(clients=2)
    lab.use_controller()
    lab.build(plan)
    lab.start_servers()
    before = _snapshot(lab)
    for round_name, requests in _REQUESTS.items():
        lab.install()
        lab.configure(plan.configuration())
        lab.await_service()
        records = lab.traffic("requests", count=requests, concurrency=4).wait(120)
        failed = [record for record in records if record["error"]]
        if failed:
            raise Broken(f"{len(failed)} of {len(records)} requests failed in the {round_name} round: {failed[0]['error']}")
        during = _snapshot(lab)
        lab.onos.unconfigure()
        since = time.monotonic()
        lab.uninstall()
        took = time.monotonic() - since
        lab.step(f"uninstalled the application, after {len(records)} requests, in {took:.1f} s; looking for what it left")
        # A rule that ONOS forgot but the switch kept would be removed by ONOS only at the next poll: give it one.
        _await_clean(lab, before)
        lab.figures[f"{round_name}Round"] = {
            "requests": len(records),
            "secondsUntilGone": round(took, 1),
            "rulesDuring": sum(len(rules) for rules, _ in during.values()),
            "rulesLeft": sum(len(rules - before[name][0]) for name, (rules, _) in _snapshot(lab).items()),
        }
    lab.console.table(
        "rules on each switch",
        ("switch", "before", "during", "after"),
        [(name, len(before[name][0]), len(during[name][0]), len(rules)) for name, (rules, _) in _snapshot(lab).items()],
    )
    lab.console.line()
    _judge_onos(lab)
    _uninstall_without(lab, before)


def _uninstall_without(lab, before):
    """Uninstalls while a switch is away. ONOS neither shows nor removes what it keeps for it, and gives it back to it."""
    absent = lab.plan.ilbs[0]
    lab.install()
    lab.configure(lab.plan.configuration())
    lab.await_service()
    had = _ours(lab, absent)
    lab.network.kill_switch(absent)
    wait_until("ONOS sees the switch leave", lambda: absent.device not in lab.onos.devices(), 20)
    lab.onos.unconfigure()
    lab.uninstall()
    lab.network.revive_switch(absent, lab.controller.openflow)
    lab.await_switches()
    wait_until("ONOS has given the switch its rules back", lambda: _ours(lab, absent), 20)
    lab.onos.remove_flows_of(APPLICATION)
    _await_clean(lab, before)
    lab.step(f"{absent.name} was away: of {had} rules ONOS gave it some back, and they went by one request")


def _ours(lab, switch):
    """How many flows of the application ONOS has on a switch."""
    return sum(flow.get("appId") == APPLICATION for flow in lab.onos.flows(switch.device))


def _snapshot(lab):
    """For each switch, its rules without their counters, and its groups."""
    return {
        switch.name: (
            {
                (flow.table, flow.priority, tuple(sorted(flow.match.items())), flow.actions)
                for flow in lab.network.flows(switch)
            },
            set(lab.session.openvswitch.groups(lab.network.bridge(switch))),
        )
        for switch in lab.plan.switches
    }


def _await_clean(lab, before):
    def left():
        for name, (rules, groups) in _snapshot(lab).items():
            if groups - before[name][1]:
                return f"{name} still has the group {sorted(groups - before[name][1])[0]}"
            if rules - before[name][0]:
                return f"{name} still has {len(rules - before[name][0])} rules, e.g. {sorted(rules - before[name][0])[0]}"
            if before[name][0] - rules:
                return f"{name} lost a rule that was there before: {sorted(before[name][0] - rules)[0]}"
        return None

    try:
        wait_until("the switches are as before", lambda: not left(), 20, pause=0.5)
    except Broken as broken:
        raise Broken(left() or str(broken)) from None


def _judge_onos(lab):
    """What ONOS itself still knows, by REST, and by its command line where that can be reached."""
    for switch in lab.plan.switches:
        device = switch.device
        if _ours(lab, switch):
            raise Broken(f"ONOS still has {_ours(lab, switch)} flows of the application on {device}")
        groups = [group for group in lab.onos.groups(device) if group.get("appId") == APPLICATION]
        if groups:
            raise Broken(f"ONOS still has {len(groups)} groups of the application on {device}")
    if lab.onos.configuration():
        raise Broken("ONOS still has the application's configuration")
    for line, what in (("packet-requests", "packet request"), ("maps", "map"), ("apps -a -s", "entry")):
        answer = lab.cli(line)
        if answer is None:
            lab.step("ONOS's command line is not reachable from here: packet requests and maps were not looked at")
            return
        left = [found for found in answer.splitlines() if re.search(r"org\.ilb\b(?!\.forwarding)|\bilb-", found)]
        # ONOS cannot remove a map: `destroy` of its ConsistentMap clears it, its name stays with Atomix.
        left = [found for found in left if not (what == "map" and found.strip().endswith("size=0"))]
        lab.step(f"`{line}` names {len(left)} of the application")
        if left:
            raise Broken(f"ONOS still has a {what} of the application: {left[0].strip()}")
