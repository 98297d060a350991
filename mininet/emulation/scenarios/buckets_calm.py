"""One of two servers of services with buckets is drained where little is asked for: all of its buckets, not only as many as may move
together, soon send their new connections to the other one, although no bucket settles before an hour is over; no connection breaks.
"""

import secrets
import time

from emulation import bucketlab
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

# The association idle time is the default, an hour, and so is the bound: a quarter of the buckets.
_MOVES = {"moveSynAfter": 1, "movePinAfter": 5}
_BOUND = 1 / 4
_CROWD = 60
_RATE = 20
_LEFT_WITHIN = 40
# From when its buckets are said to move to when the last SYN that was under way has been answered.
_SYNS_FOLLOW = _MOVES["moveSynAfter"] + 3
_WATCH = 5


def play(lab):
    plan = lab.routed_plan(clients=2, ilbs=2, servers=2)
    seed = secrets.token_hex(8)
    bucketlab.bring_up(lab, plan, seed, **_MOVES)
    crowd = Crowd(lab, connections=_CROWD, rate=_RATE)
    drained = plan.servers[0]
    before = {service: bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES}
    since = time.monotonic()
    bucketlab.configure(lab, plan, seed, weights=[0, 1], **_MOVES)
    most = [0]

    def left():
        buckets = [bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES]
        most[0] = max(most[0], *(sum(count for state, count in each.states().items() if state != "settled") for each in buckets))
        return not any(each.per_server().get(drained.ip, 0) for each in buckets)

    wait_until(f"no bucket is to stay at {drained.name}", left, _LEFT_WITHIN, pause=0.5)
    took = time.monotonic() - since
    count = len(before["web"].entries)
    lab.step(f"{drained.name} had {before['web'].per_server()[drained.ip]} of {count} buckets; the last began to move after "
             f"{took:.1f} s; {most[0]} moved together")
    time.sleep(_SYNS_FOLLOW)
    clock = time.time()
    crowd.watch(_WATCH)
    crowd.end()
    late = [record for record in crowd.arrived if record["start"] > clock and record["server"] == drained.name]
    watched = [record for record in crowd.arrived if record["start"] > clock]
    lab.figures.update(secondsUntilLeft=round(took, 1), movedTogether=most[0], watched=len(watched), late=len(late))
    if late or not watched:
        raise Broken(f"{len(late)} of {len(watched)} new connections went to {drained.name} when all of its buckets had moved on")
    if most[0] <= count * _BOUND:
        raise Broken(f"{most[0]} buckets moved together, which the bound allows: nothing was shown")
