"""A server is added to services with buckets, under load, and one is taken to half its weight: as few buckets move as can, new
connections go where the weights say, and no connection breaks.

Five hundred connections carry data both ways and new ones arrive throughout.
"""

import secrets
import time

from emulation import bucketlab, load
from emulation.crowd import Crowd
from emulation.trouble import Broken

_SETTINGS = {"associationIdle": 6, "linger": 3}
_CONCURRENCY = 8
_LOAD_SECONDS = 3.0


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    servers = plan.servers
    few = servers[:-1]
    addresses = bucketlab.bring_up(lab, plan, seed, servers=few, settings=_SETTINGS, **bucketlab.QUICK_MOVES)
    crowd = Crowd(lab, rate=10)
    times = []
    for name, weights in (
        (f"{servers[-1].name} is added", [2] * len(servers)),
        (f"{servers[0].name} gets half its weight", [1, *[2] * (len(servers) - 1)]),
    ):
        before = {service: bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES}
        spread = bucketlab.weigh(servers, weights)
        since = time.monotonic()
        lab.step(name)
        bucketlab.configure(lab, plan, seed, servers=servers, weights=weights, settings=_SETTINGS, **bucketlab.QUICK_MOVES)
        _load(lab, addresses, "meanwhile")
        _, after = bucketlab.await_moved(lab, 60, spread)
        times.append(round(time.monotonic() - since, 1))
        for service, buckets in after.items():
            bucketlab.judge_spread(buckets, spread)
            _judge_few(before[service], buckets)
        lab.step(f"  moved after {times[-1]} s: " + ", ".join(f"{each.service} {each.states()}" for each in after.values()))
    outcome = _load(lab, addresses, "with the new server")
    lab.figures.update(secondsUntilMoved=times, served=dict(outcome.servers))
    crowd.end()
    if not outcome.servers[servers[-1].name]:
        raise Broken(f"no new connection reached {servers[-1].name}")


def _judge_few(before, after):
    """Every bucket that moved, moved from a server that had too many to one that had too few."""
    one, other = before.per_server(), after.per_server()
    moved = sum(server != before.servers[index] for index, server in after.servers.items())
    least = sum(max(0, count - one.get(address, 0)) for address, count in other.items())
    if moved != least:
        raise Broken(f"{moved} buckets of {after.service} moved where {least} would do")


def _load(lab, addresses, when):
    outcome = load.run(lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, seconds=_LOAD_SECONDS)
    lab.step(f"  {outcome.rate:.0f} connections/s {when}, {outcome.failed} failed")
    bucketlab.judge_load(outcome, when)
    return outcome
