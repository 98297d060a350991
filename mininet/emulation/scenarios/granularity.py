"""Live services change their granularity: into buckets, into more of them, into fewer, and back to connections of their own. No
connection breaks, and none that lives changes its server.
"""

import secrets
import time

from emulation import bucketlab
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

_SETTINGS = {"associationIdle": 6, "linger": 3}
_MOVES = {"moveSynAfter": 1, "movePinAfter": 2, "moving": 16}
_PAUSE = 4
# Uneven, so that the buckets that are to become one do not have one server by chance.
_WEIGHTS = [5, 3, 2, 1]


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed, _SETTINGS, weights=_WEIGHTS)
    crowd = Crowd(lab, connections=300, rate=10)
    living = _sockets(lab, plan)
    for count in (32, 64, 16):
        took = _gather(lab, plan, seed, count)
        states = {service: bucketlab.Buckets(lab, service).states() for service in bucketlab.SERVICES}
        lab.step(f"{count} buckets, after {took:.1f} s: {states}")
        lab.figures[f"secondsTo{count}"] = round(took, 1)
        crowd.watch(_PAUSE)
    lab.onos.configure(plan.lasting_configuration(seed, _SETTINGS, weights=_WEIGHTS))
    lab.step("connections on their own again")
    # The buckets are remembered for the idle time, and a look after it.
    crowd.watch(_SETTINGS["associationIdle"] + 3)
    after = _sockets(lab, plan)
    crowd.end()
    if after != living:
        raise Broken(f"the servers had {living} of the lasting connections before and {after} afterwards")
    answered = lab.onos.ilb.counters()
    lab.figures.update(bucketsMoved=answered["buckets-moved"], pinned=answered["pinned"], letGo=answered["let-go"])


def _gather(lab, plan, seed, count):
    since = time.monotonic()
    bucketlab.configure(lab, plan, seed, weights=_WEIGHTS, settings=_SETTINGS, count=count, **_MOVES)

    def there():
        found = [bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES]
        return all(len(each.entries) == count and set(each.states()) <= bucketlab.MOVED for each in found)

    # Fewer buckets take a move for each sibling that has another server, some together.
    wait_until(f"both services have {count} buckets and none moves", there, 90)
    return time.monotonic() - since


def _sockets(lab, plan):
    return {server.name: lab.lasting_servers.sockets(server) for server in plan.servers}
