"""Buckets on switches with one flow table and without rules on TCP flags: a server is drained under load, its living connections
get rules of their own at once, new ones go to the others, and none breaks.

Such switches cannot tell a SYN from other segments, so that every segment of a moving bucket that has no rule is punted.
"""

import secrets
import time

from emulation import bucketlab, load
from emulation.crowd import Crowd
from emulation.trouble import Broken

_CROWD = 200
_CONCURRENCY = 8
_LOAD_SECONDS = 3.0


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    settings = {
        "associationIdle": 6,
        "linger": 3,
        "synFlags": False,
        "endFlags": False,
        "singleTable": [switch.device for switch in plan.switches],
    }
    addresses = bucketlab.bring_up(lab, plan, seed, settings=settings, **bucketlab.QUICK_MOVES)
    crowd = Crowd(lab, connections=_CROWD, rate=10)
    drained = plan.servers[0]
    weights = [0, *[1] * (len(plan.servers) - 1)]
    living = lab.lasting_servers.sockets(drained)
    _load(lab, addresses, "before the move")
    crowd.mark()
    since = time.monotonic()
    bucketlab.configure(lab, plan, seed, weights=weights, settings=settings, **bucketlab.QUICK_MOVES)
    lab.step(f"{drained.name}, which has {living} of the lasting connections, is drained")
    _load(lab, addresses, "while buckets move")
    bucketlab.await_moved(lab, 40, bucketlab.weigh(plan.servers, weights))
    moved = time.monotonic() - since
    lab.step(f"no new connection goes to {drained.name}, and what is left there has rules of its own, after {moved:.1f} s")
    _load(lab, addresses, "after the move", never=drained.name)
    still = lab.lasting_servers.sockets(drained)
    lab.figures.update(secondsUntilMoved=round(moved, 1), livingBefore=living, livingAfter=still)
    tables = {flow.table for switch in plan.switches for flow in lab.network.flows(switch)}
    crowd.end()
    if tables != {0}:
        raise Broken(f"rules lie in tables {sorted(tables)}, though switches have one only")
    if still < living:
        raise Broken(f"{drained.name} had {living} living connections when it was drained and {still} when its buckets had moved")


def _load(lab, addresses, when, never=None):
    outcome = load.run(lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, seconds=_LOAD_SECONDS)
    lab.step(f"  {outcome.rate:.0f} connections/s {when}, {outcome.failed} failed")
    bucketlab.judge_load(outcome, when)
    if never and outcome.servers[never]:
        raise Broken(f"{outcome.servers[never]} connections went to {never} {when}")
