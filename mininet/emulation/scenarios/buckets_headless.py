"""The only controller is killed in front of services with buckets, at full load: living connections go on and new ones are made, also
when router and hosts ask for addresses again; and when the controller is back, none breaks either.

It stays away for half a minute, or for as long as `--seconds` says. Five hundred connections carry data both ways.
"""

import secrets
import time

from emulation import bucketlab, load
from emulation.crowd import Crowd
from emulation.trouble import Broken

# Its own controller, which it kills; no other scenario shall feel that.
EMBEDDED_ONLY = True
_SECONDS = 30
# When router and hosts forget their neighbours, so that they have to ask. Time alone does not bring that about: the kernel that
# all hosts share lets clients' progress with TCP confirm the router's neighbours, too.
_FORGETTING_AFTER = 8
_CONCURRENCY = 8
_AT_A_TIME = 5.0
# ONOS removes the rules that it does not know within three polls of 5 s.
_AFTERWARDS = 16


def play(lab):
    seconds = lab.size("seconds", _SECONDS)
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    addresses = bucketlab.bring_up(lab, plan, seed, controller=lab.session.new_controller())
    crowd = Crowd(lab, rate=0)
    before = {service: bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES}
    time.sleep(2)
    rates = {"before": _load(lab, addresses, crowd, 5, "before")}
    crowd.mark()
    asked = _asked(lab)
    since = time.monotonic()
    lab.controller.stop(kill=True)
    lab.step(f"the controller is killed, for {seconds} s")
    rates["without"] = _load(lab, addresses, crowd, _FORGETTING_AFTER, "without a controller")
    for host in plan.hosts:
        lab.network.run(host, "ip", "neigh", "flush", "all")
    rates["without"] += _load(lab, addresses, crowd, seconds - _FORGETTING_AFTER, "when addresses were asked for")
    asked = {name: count - asked[name] for name, count in _asked(lab).items()}
    lab.step(f"switches were asked for addresses so often meanwhile: {asked}")
    crowd.mark()
    lab.step("the controller is started again")
    back = time.monotonic()
    lab.controller.start()
    lab.step(f"it is up again after {time.monotonic() - back:.1f} s")
    rates["back"] = _load(lab, addresses, crowd, _AFTERWARDS, "when it is back")
    lab.await_switches()
    for service in bucketlab.SERVICES:
        after = bucketlab.await_states(lab, service, bucketlab.SETTLED, 30)
        strangers = [index for index, server in after.servers.items() if server != before[service].servers[index]]
        if strangers:
            raise Broken(f"{len(strangers)} buckets of {service} have another server than before the restart")
    rates["after"] = _load(lab, addresses, crowd, 5, "afterwards")
    lab.figures.update(secondsWithout=round(back - since, 1), asked=asked, connectionsPerSecond=rates)
    crowd.end()
    unasked = [name for name, count in asked.items() if not count]
    if unasked:
        raise Broken(f"nobody asked {unasked[0]} for an address while the controller was away")


def _asked(lab):
    """How often each switch has answered a question for an address."""
    return {
        switch.name: sum(flow.packets for flow in lab.network.flows(switch, "arp") if "IN_PORT" in flow.actions)
        for switch in lab.plan.switches
    }


def _load(lab, addresses, crowd, seconds, when):
    """New connections as fast as they go for a while; the rate of every few seconds."""
    rates, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        outcome = load.run(lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, seconds=_AT_A_TIME)
        bucketlab.judge_load(outcome, when)
        rates.append(round(outcome.rate))
        if crowd.broken:
            lab.step(f"  {crowd.broken} lasting connections broke {when}")
            crowd.end()
    lab.step(f"  connections/s {when}: {', '.join(map(str, rates))}")
    return rates
