"""A server of services with buckets is drained under load: its living connections stay with it and none breaks, new ones
go to the others as soon as its buckets move, and the buckets are settled again when its last connections have ended.

Five hundred connections carry data both ways and new ones arrive throughout. New connections of the buckets that move cost a
packet-in each: a load at full speed before, during and after shows what that does to the rate.
"""

import secrets
import time

from emulation import bucketlab, load
from emulation.crowd import Crowd
from emulation.trouble import Broken

_SETTINGS = {"associationIdle": 6, "linger": 3}
_CONCURRENCY = 8
_LOAD_SECONDS = 3.0
# After this, a new connection is a packet-in of the move's second phase, which the next server gets.
_AT_ONCE = bucketlab.QUICK_MOVES["moveSynAfter"] + 3


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    addresses = bucketlab.bring_up(lab, plan, seed, settings=_SETTINGS, **bucketlab.QUICK_MOVES)
    crowd = Crowd(lab, rate=10)
    drained = plan.servers[0]
    weights = [0, *[1] * (len(plan.servers) - 1)]
    before = {service: bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES}
    living = lab.lasting_servers.sockets(drained)
    rates = {"before": _load(lab, addresses, "before the move")}
    crowd.mark()
    since, clock = time.monotonic(), time.time()
    bucketlab.configure(lab, plan, seed, weights=weights, settings=_SETTINGS, **bucketlab.QUICK_MOVES)
    lab.step(f"{drained.name}, which has {before['web'].per_server().get(drained.ip, 0)} of {len(before['web'].entries)} buckets and "
             f"{living} of the lasting connections, is drained")
    time.sleep(max(0.0, since + bucketlab.QUICK_MOVES["moveSynAfter"] + 1 - time.monotonic()))
    lab.step(f"buckets are {bucketlab.Buckets(lab, 'web').states()}")
    rates["during"] = _load(lab, addresses, "while buckets move")
    _, after = bucketlab.await_moved(lab, 40, bucketlab.weigh(plan.servers, weights))
    moved = time.monotonic() - since
    lab.step(f"no new connection goes to {drained.name}, and what is left there has rules of its own, after {moved:.1f} s: "
             + ", ".join(f"{name} {each.states()}" for name, each in after.items()))
    rates["after"] = _load(lab, addresses, "after the move")
    still = lab.lasting_servers.sockets(drained)
    for service, buckets in after.items():
        changed = [index for index, server in buckets.servers.items() if server != before[service].servers[index]]
        due = before[service].per_server().get(drained.ip, 0)
        if len(changed) != due:
            raise Broken(f"{len(changed)} buckets of {service} changed their server; {drained.name} had {due}")
    lab.figures.update(
        secondsUntilMoved=round(moved, 1), connectionsPerSecond=rates, livingBefore=living, livingAfter=still
    )
    crowd.end()
    late = [
        record for record in crowd.arrived if record["server"] == drained.name and record["start"] > clock + _AT_ONCE
    ]
    if late:
        raise Broken(
            f"{len(late)} new connections went to {drained.name} more than {_AT_ONCE} s after it was drained, the last "
            f"after {max(record['start'] for record in late) - clock:.1f} s"
        )
    if still < living:
        raise Broken(f"{drained.name} had {living} living connections when it was drained and {still} when its buckets had moved")
    settled = time.monotonic()
    for service in bucketlab.SERVICES:
        bucketlab.await_states(lab, service, bucketlab.SETTLED, 40)
    settled = time.monotonic() - settled
    lab.figures.update(secondsUntilSettled=round(settled, 1))
    lab.step(f"all buckets are settled {settled:.1f} s after the last of the lasting connections ended")


def _load(lab, addresses, when):
    outcome = load.run(lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, seconds=_LOAD_SECONDS)
    lab.step(f"  {outcome.rate:.0f} connections/s {when}, {outcome.failed} failed")
    bucketlab.judge_load(outcome, when)
    return round(outcome.rate)
