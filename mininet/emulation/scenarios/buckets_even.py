"""Least connections with buckets: when a server is to take half of the load, buckets move to it from those that have more to do than
their weights say, by what the switches count, a few at a time; no connection breaks.

What buckets carry decides, not how many there are: the counters of their rules stand for the connections, which nobody counts.
"""

import secrets
import time

from emulation import bucketlab, load
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

_SETTINGS = {"associationIdle": 6, "linger": 3}
_COUNT = 16
_POLICY = "weighted-least-connections"
_CROWD = 200
_RATE = 60
# The load is looked at every ten seconds, and two buckets move at a time.
_UNTIL_EVEN = 90
_CONNECTIONS = 2000
_CONCURRENCY = 8


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    fields = {"granularity": "buckets", "policy": _POLICY, "buckets": {"count": _COUNT, **bucketlab.QUICK_MOVES}}
    lab.bring_up_lasting(plan, seed, _SETTINGS, **fields)
    for service in bucketlab.SERVICES:
        bucketlab.await_states(lab, service, bucketlab.SETTLED, 20)
    addresses = load.Addresses(lab.network)
    crowd = Crowd(lab, connections=_CROWD, rate=_RATE)
    favoured, others = plan.servers[0], plan.servers[1:]
    weights = [len(others), *[1] * len(others)]
    before = bucketlab.Buckets(lab, "web").per_server()
    crowd.mark()
    since = time.monotonic()
    lab.onos.configure(plan.lasting_configuration(seed, _SETTINGS, weights=weights, **fields))
    lab.step(f"{favoured.name} is to take half of the load; it has {before.get(favoured.ip, 0)} of {_COUNT} buckets")
    seen, most = [], [0]

    def even():
        buckets = bucketlab.Buckets(lab, "web")
        moving = sum(count for state, count in buckets.states().items() if state not in bucketlab.MOVED)
        most[0] = max(most[0], moving)
        seen[:] = [buckets]
        # Buckets are not alike: the one with the most to do may be worth two.
        return buckets.per_server().get(favoured.ip, 0) >= _COUNT // 2 - 2 and not moving

    wait_until(f"{favoured.name} has about half of the buckets", even, _UNTIL_EVEN, pause=0.5)
    took = time.monotonic() - since
    after = seen[0].per_server()
    lab.step(f"it has {after.get(favoured.ip, 0)} of {_COUNT} after {took:.0f} s; {most[0]} moved together at most")
    outcome = load.run(lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, count=_CONNECTIONS)
    share = outcome.servers[favoured.name] / max(1, outcome.done)
    lab.figures.update(
        secondsUntilEven=round(took, 1),
        bucketsBefore=before.get(favoured.ip, 0),
        bucketsAfter=after.get(favoured.ip, 0),
        movedTogether=most[0],
        shareAfter=round(share, 3),
    )
    crowd.end()
    bucketlab.judge_load(outcome, "after buckets had moved")
    if most[0] > _COUNT // 4:
        raise Broken(f"{most[0]} buckets moved together; a quarter of {_COUNT} may")
    if not 0.3 < share < 0.7:
        raise Broken(f"{favoured.name} served {100 * share:.0f} % of the connections; it is to take half")
    if any(not after.get(server.ip) for server in others):
        raise Broken("a server lost all its buckets, though it has a weight")
