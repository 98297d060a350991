"""Live services change their granularity: into buckets, into more of them, into fewer, and back to connections of their own; and
into more and fewer while buckets move to other servers, in whatever state of their moves. No connection breaks, and none that
lives changes its server.

Two servers are drained one after the other under load, and meanwhile the number of buckets goes up and down in each state of a
move. In the end each server has the buckets that its weight says, and all of them are settled.
"""

import secrets
import time

from emulation import bucketlab, load
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

# A connection that was on its own when its service was gathered keeps its rule, which copies no FIN: it is known to have ended
# when it has been silent.
_SETTINGS = {"associationIdle": 6, "linger": 3, "ruleIdle": 6}
_MOVES = {"moveSynAfter": 1, "movePinAfter": 2}
_PAUSE = 2
# Uneven, so that the buckets that are to become one do not have one server by chance.
_WEIGHTS = [5, 3, 2, 1]
# Drains, one after the other, from equal weights: the weights, and how many buckets there shall be once some are in this state.
# All of a server's go to one other, and shares are whole, so that buckets that were one may become one again while they move.
_DRAINS = (
    ([0, 2, 1, 1], (("moving", 16), ("preparing", 64), ("pinning", 32))),
    ([2, 0, 1, 1], (("moving", 64), ("preparing", 16), ("pinning", 32))),
)
_CONCURRENCY = 8
# Until a drained server's buckets have moved, which the changes of their number make begin anew.
_LOAD_SECONDS = 15
_LOAD_MOST = 120_000


def play(lab):
    plan = lab.routed_plan(servers=4)
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed, _SETTINGS, weights=_WEIGHTS)
    addresses = load.Addresses(lab.network)
    crowd = Crowd(lab, connections=300, rate=10)
    living = _sockets(lab, plan)
    for count in (32, 64, 16):
        _gather(lab, plan, seed, count, _WEIGHTS)
        crowd.watch(_PAUSE)
    lab.onos.configure(plan.lasting_configuration(seed, _SETTINGS, weights=_WEIGHTS))
    lab.step("connections on their own again")
    # The buckets are remembered for the idle time, and a look after it.
    crowd.watch(_SETTINGS["associationIdle"] + 3)

    even = [1] * len(plan.servers)
    for count in (16, 32):
        _gather(lab, plan, seed, count, even)
    for weights, changes in _DRAINS:
        _drain(lab, plan, seed, addresses, weights, changes)
    after = _sockets(lab, plan)
    crowd.end()
    if after != living:
        raise Broken(f"the servers had {living} of the lasting connections before and {after} afterwards")
    for service in bucketlab.SERVICES:
        buckets = bucketlab.await_states(lab, service, bucketlab.SETTLED, 40)
        bucketlab.judge_spread(buckets, bucketlab.weigh(plan.servers, _DRAINS[-1][0]))
    lab.step("all buckets are settled when the last of the lasting connections have ended")
    answered = lab.onos.ilb.counters()
    lab.figures.update(bucketsMoved=answered["buckets-moved"], pinned=answered["pinned"], letGo=answered["let-go"])


def _gather(lab, plan, seed, count, weights):
    since = time.monotonic()
    bucketlab.configure(lab, plan, seed, weights=weights, settings=_SETTINGS, count=count, moving=count, **_MOVES)

    def there():
        found = _buckets(lab)
        return all(len(each.entries) == count and set(each.states()) <= bucketlab.MOVED for each in found)

    # Fewer buckets take a move for each sibling that has another server, some together.
    wait_until(f"both services have {count} buckets and none moves", there, 90)
    took = time.monotonic() - since
    lab.step(f"{count} buckets, after {took:.1f} s: {_said(_buckets(lab))}")
    lab.figures.setdefault("secondsUntilGathered", []).append((count, round(took, 1)))


def _drain(lab, plan, seed, addresses, weights, changes):
    """Gives a server's buckets to others, and changes the number of all while they move, under load."""
    spread = bucketlab.weigh(plan.servers, weights)
    drained = plan.servers[weights.index(0)]
    count = len(_buckets(lab)[0].entries)

    def configure(count):
        bucketlab.configure(lab, plan, seed, weights=weights, settings=_SETTINGS, count=count, moving=count, **_MOVES)

    def drain():
        configure(count)
        lab.step(f"{drained.name} is drained")
        for state, wanted in changes:
            wait_until(
                f"buckets of both services are {state}", lambda state=state: all(state in each.states() for each in _buckets(lab)), 20, 0.05
            )
            configure(wanted)
            seen = wait_until(f"both services have {wanted} buckets", lambda wanted=wanted: _of(lab, wanted), 10, 0.05)
            lab.step(f"  {wanted} buckets, when some were {state}: {_said(seen)}")
            if any(set(each.states()) <= bucketlab.MOVED for each in seen):
                raise Broken(f"there were {wanted} buckets only when none moved any more: {_said(seen)}")
        seconds, moved = bucketlab.await_moved(lab, 60, spread)
        lab.step(f"  no bucket moves any more {seconds:.1f} s later: {_said(moved.values())}")

    outcome = load.run(
        lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, seconds=_LOAD_SECONDS, count=_LOAD_MOST, meanwhile=drain
    )
    lab.step(f"  {outcome.rate:.0f} connections/s meanwhile, {outcome.failed} failed")
    lab.figures.setdefault("connectionsPerSecond", []).append(round(outcome.rate))
    bucketlab.judge_load(outcome, f"while {drained.name} was drained and the number of buckets changed")


def _buckets(lab):
    return [bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES]


def _of(lab, count):
    """The buckets of the services, once these have so many."""
    found = _buckets(lab)
    return found if all(len(each.entries) == count for each in found) else None


def _said(found):
    return "; ".join(f"{each.service} {each.states()}" for each in found)


def _sockets(lab, plan):
    return {server.name: lab.lasting_servers.sockets(server) for server in plan.servers}
