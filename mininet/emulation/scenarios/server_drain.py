"""A server is drained, until a deadline; enabled again; and another is disabled: for single connections and for buckets. Who is
drained gets no new connection and keeps those that it has; at the deadline, and at once when a server is disabled, their clients
are told by resets. No other server's connection notices.
"""

import collections
import datetime
import secrets
import time

from emulation import topology
from emulation.servers import LastingServers
from emulation.trouble import Broken
from emulation.waiting import wait_until

_GATHERED_PORT, _GATHERED_SERVER_PORT = 8, 9001
_PORTS = {"lasting": topology.LASTING_PORT, "gathered": _GATHERED_PORT}
_BUCKETS = {"moveSynAfter": 1, "movePinAfter": 2, "count": 16, "moving": 16}
_CONNECTIONS = 60
_NEW = 60
_DEADLINE = 12
# Buckets take this long to send new connections elsewhere: moveSynAfter, and what the switches need.
_MOVED_AFTER = 4
_TOLD_WITHIN = 6


def play(lab):
    plan = lab.routed_plan(clients=2, ilbs=2, servers=3)
    seed = secrets.token_hex(8)

    def configuration(**states):
        services = [
            plan.lasting_service(),
            plan.service(
                "gathered", _GATHERED_PORT, server_port=_GATHERED_SERVER_PORT, granularity="buckets", buckets=_BUCKETS
            ),
        ]
        for service in services:
            for server, host in zip(service["servers"], plan.servers):
                server.update(states.get(host.name, {}))
        return plan.configuration(services=services, settings={"seed": seed, "associationIdle": 6})

    drained, disabled, _ = plan.servers
    lab.use_controller()
    lab.build(plan)
    lab.start_lasting_servers()
    gathered = LastingServers(lab.network, port=_GATHERED_SERVER_PORT)
    lab.later(gathered.close)
    servers = {"lasting": lab.lasting_servers, "gathered": gathered}
    lab.install()
    lab.configure(configuration())
    for name in _PORTS:
        wait_until(f"{name} serves", lambda name=name: sum(_new(lab, name, count=4, judge=False).values()) == 4, 30)
    crowds = {
        name: lab.traffic("lasting", port=port, count=_CONNECTIONS, interval=0.5, ramp=60, patience=5)
        for name, port in _PORTS.items()
    }
    for name, crowd in crowds.items():
        wait_until(f"every connection of {name} stands", lambda crowd=crowd: crowd.progress()[0] >= _CONNECTIONS, 30)
    living = {name: {each.name: servers[name].sockets(each) for each in plan.servers} for name in _PORTS}
    lab.step(f"{_CONNECTIONS} connections of each service: {living}")

    until = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(seconds=_DEADLINE)
    lab.onos.configure(
        configuration(**{drained.name: {"state": "draining", "drainUntil": until.strftime("%Y-%m-%dT%H:%M:%SZ")}})
    )
    since = time.monotonic()
    time.sleep(1)
    shares = _new(lab, "lasting")
    _refuse(shares, drained, "lasting", "is drained")
    while time.monotonic() < since + _MOVED_AFTER:
        # Where buckets that move send new connections is judged later, but that none breaks is judged now.
        _new(lab, "gathered")
    more = _new(lab, "gathered")
    _refuse(more, drained, "gathered", "is drained")
    kept = {name: servers[name].sockets(drained) for name in _PORTS}
    lab.step(f"{drained.name} is drained: new connections went {dict(shares)} and {dict(more)}; it keeps {kept}")
    if time.time() < until.timestamp() - 0.5:
        _untouched(crowds, {name: 0 for name in _PORTS}, "before the deadline")
        for name in _PORTS:
            if kept[name] < living[name][drained.name]:
                raise Broken(f"{drained.name} had {living[name][drained.name]} connections of {name} and keeps {kept[name]}")
    time.sleep(max(0.0, until.timestamp() - time.time()))
    told = {name: living[name][drained.name] for name in _PORTS}
    seconds = _await_told(crowds, told, until.timestamp())
    lab.step(f"the deadline is over: its clients were told within {seconds:.1f} s, nobody else")

    lab.onos.configure(configuration(**{disabled.name: {"state": "disabled"}}))
    since = time.time()
    for name in _PORTS:
        told[name] += living[name][disabled.name]
    seconds_disabled = _await_told(crowds, told, since)
    for name in _PORTS:
        _refuse(_new(lab, name), disabled, name, "is disabled")
    lab.step(f"{drained.name} is enabled and {disabled.name} disabled: its clients were told within {seconds_disabled:.1f} s")

    lab.onos.configure(configuration())
    wait_until(f"{disabled.name} gets connections again", lambda: _new(lab, "lasting")[disabled.name], 10)
    wait_until(f"{disabled.name} gets buckets again", lambda: _new(lab, "gathered")[disabled.name], 30)
    _untouched(crowds, told, "in the end")
    lab.figures.update(toldAfterDeadline=round(seconds, 2), toldAfterDisabling=round(seconds_disabled, 2), living=living)
    for name, crowd in crowds.items():
        crowd.stop()
        _judge(name, crowd.records(), {drained.name, disabled.name})


def _new(lab, name, count=_NEW, judge=True):
    """New connections: how many each server got; raises Broken where one failed, unless that is not to be judged."""
    records = lab.traffic("endings", port=_PORTS[name], count=count, concurrency=2, ways=["server"], timeout=8).wait(60)
    failed = [record for record in records if record["error"]]
    if failed and judge:
        lab.broken += failed
        raise Broken(f"{len(failed)} of {count} new connections of {name} failed: {failed[0]['error']}")
    return collections.Counter(record["server"] for record in records if not record["error"])


def _refuse(shares, server, name, what):
    if shares[server.name]:
        raise Broken(f"{server.name} {what} and got {shares[server.name]} of {_NEW} new connections of {name}")


def _untouched(crowds, told, when):
    for name, crowd in crowds.items():
        if crowd.progress()[1] > told[name]:
            raise Broken(f"{crowd.progress()[1] - told[name]} connections of {name} broke {when} that should not have")


def _await_told(crowds, told, since):
    for name, crowd in crowds.items():
        wait_until(
            f"{told[name]} clients of {name} are told", lambda crowd=crowd, name=name: crowd.progress()[1] >= told[name], _TOLD_WITHIN
        )
    return time.time() - since


def _judge(name, records, gone):
    broken = [record for record in records if record["error"]]
    others = [record for record in broken if record["server"] not in gone]
    untold = [record for record in broken if "reset" not in record["error"].lower()]
    if others:
        raise Broken(f"{len(others)} connections of {name} to other servers broke: {others[0]['server']}: {others[0]['error']}")
    if untold:
        raise Broken(f"{len(untold)} clients of {name} were not told by a reset: {untold[0]['error']}")
