"""A thousand servers are checked each second, and none of them is found down that is not: all come up, stay up, and when a quarter
of them end they, and nobody else, are down within a few seconds.
"""

import collections
import secrets
import time

from emulation.servers import Servers
from emulation.trouble import Broken
from emulation.waiting import wait_until

_PER_HOST = 250
_FIRST_PORT = 9000
_CHECK = {"kind": "tcp", "interval": 1000, "timeout": 900, "rise": 2, "fall": 3}
_UP_WITHIN, _DOWN_WITHIN = 20, 12
_WATCH = 5


def play(lab):
    plan = lab.routed_plan(clients=1, ilbs=1, leaves=1)
    ports = range(_FIRST_PORT, _FIRST_PORT + _PER_HOST)
    pool = [
        {"address": server.ip, "port": port, "location": plan.location(server.name), "mac": server.mac}
        for server in plan.servers
        for port in ports
    ]
    service = {**plan.service(), "servers": pool, "health": _CHECK}
    lab.use_controller()
    lab.build(plan)
    lab.servers = Servers(lab.network, lab.directory / "servers", port=ports[0], more_ports=ports[1:])
    lab.later(lab.servers.close)
    lab.install()
    lab.configure(plan.configuration(services=[service], settings={"seed": secrets.token_hex(8)}), seconds=60)
    since = time.monotonic()
    wait_until(f"all {len(pool)} servers are up", lambda: _states(lab) == {"up": len(pool)}, _UP_WITHIN)
    up = time.monotonic() - since
    lab.step(f"{len(pool)} servers are up {up:.1f} s after they were configured")
    time.sleep(_WATCH)
    early = lab.onos.ilb.counters()["servers-down"]
    if early:
        raise Broken(f"{early} servers were found down that are not")
    ended = plan.servers[0]
    lab.servers.stop(ended)
    since = time.monotonic()
    wait_until(
        f"{_PER_HOST} servers are down", lambda: _states(lab) == {"up": len(pool) - _PER_HOST, "down": _PER_HOST}, _DOWN_WITHIN
    )
    down = time.monotonic() - since
    if {each["address"] for each in _servers(lab) if each["health"]["state"] == "down"} != {ended.ip}:
        raise Broken(f"others than those of {ended.name} are down")
    counted = lab.onos.ilb.counters()["servers-down"]
    lab.step(f"the {_PER_HOST} of {ended.name} ended: down after {down:.1f} s; {counted} counted")
    lab.figures.update(servers=len(pool), secondsUntilUp=round(up, 1), secondsUntilDown=round(down, 1), counted=counted)
    if counted != _PER_HOST:
        raise Broken(f"{counted} servers were found down, not {_PER_HOST}")


def _servers(lab):
    return lab.onos.ilb.service("web")["servers"]


def _states(lab):
    return collections.Counter(each["health"]["state"] for each in _servers(lab))
