"""New connections of a service with buckets cost the controller nothing: twenty thousand of them at full speed, none fails, not one
set-up packet-in; servers get their weighted shares as closely as buckets can tell them apart, owners and backups are the oracle's.

Every connection has an address and a port that nobody used before, on the routed network.
"""

import secrets

from emulation import bucketlab, load, observe
from emulation.console import percent
from emulation.trouble import Broken, Trouble

_CONNECTIONS = 20_000
_CONCURRENCY = 32
_WEIGHTS = (3, 2, 2, 1)


def play(lab):
    count = lab.size("requests", _CONNECTIONS)
    plan = lab.routed_plan()
    most = load.MOST * min(len(plan.clients), _CONCURRENCY)
    if count > most:
        raise Trouble(f"{count} requests are more than these clients have addresses for; {most} is the most")
    seed = secrets.token_hex(8)
    weights = [_WEIGHTS[index % len(_WEIGHTS)] for index in range(len(plan.servers))]
    addresses = bucketlab.bring_up(lab, plan, seed, weights=weights)
    spread = bucketlab.weigh(plan.servers, weights)
    before = bucketlab.Buckets(lab, "web")
    bucketlab.judge_spread(before, spread)
    bucketlab.judge_places(lab, before, plan.ilbs, seed)

    punts = observe.setup_punts(lab.network, lab.vip)
    counted = lab.onos.ilb.counters()["packet-ins"]
    lab.step(f"{count} HTTP requests, each on a new connection, as fast as they go, {_CONCURRENCY} at a time")
    outcome = load.run(lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, count=count)
    punts = observe.setup_punts(lab.network, lab.vip) - punts
    after = bucketlab.Buckets(lab, "web")
    per_server = before.per_server()
    total = len(before.entries)
    lab.figures.update(
        connections=outcome.begun,
        failed=outcome.failed,
        seconds=round(outcome.seconds, 1),
        connectionsPerSecond=round(outcome.rate),
        setupPacketIns=punts,
        packetInsOfAllKinds=lab.onos.ilb.counters()["packet-ins"] - counted,
        switchMicrosPerConnection=round(1e6 * outcome.switch_cpu / max(1, outcome.done)),
        buckets=total,
        served=dict(outcome.servers),
    )
    lab.console.table(
        "which server served",
        ("server", "weight", "buckets", "share", "connections", "share", "its weight's share"),
        [
            (
                server.name,
                weight,
                per_server.get(server.ip, 0),
                percent(per_server.get(server.ip, 0), total),
                outcome.servers[server.name],
                percent(outcome.servers[server.name], outcome.done),
                percent(weight, sum(weights)),
            )
            for server, weight in zip(plan.servers, weights)
        ],
    )
    lab.console.line(f"\n{outcome.rate:.0f} connections/s; {outcome.failed} failed; {punts} set-up packet-ins\n")
    bucketlab.judge_load(outcome, "at full speed")
    if outcome.done != count:
        raise Broken(f"{outcome.done} of {count} connections were made")
    if punts:
        raise Broken(f"there were {punts} set-up packet-ins, when all buckets had their servers")
    if after.servers != before.servers:
        raise Broken("buckets changed their servers, though nothing else changed")
    _judge_shares(plan, spread, total, outcome)


def _judge_shares(plan, spread, total, outcome):
    for server in plan.servers:
        share, served = spread[server.ip], outcome.servers[server.name]
        # A bucket more or less than ideal, and five standard deviations of a fair draw.
        allowed = outcome.done / total + 5 * (outcome.done * share * (1 - share)) ** 0.5
        if abs(served - share * outcome.done) > allowed:
            raise Broken(f"{server.name} served {served} connections; its weight makes {share * outcome.done:.0f}")
