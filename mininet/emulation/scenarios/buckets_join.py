"""Buckets that get their servers with their first connection, and a switch that comes back empty at full load: once bound, buckets
cost no packet-in, not even at the switch that joins, because it has their rules before it is in; no connection breaks, no bucket
changes its server, and those that the newcomer wins get it as owner or backup.

Each bucket's first connection waits for a server and for rules at every ILB; all its later ones go through untouched.
"""

import secrets
import time

from emulation import bucketlab, load, observe, ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken

_CONCURRENCY = 8
# Buckets are 64; so many connections leave none of them without one, but for once in ten thousand years.
_BINDING = 2000
_SECONDS = 14
_BEFORE = 3
# A bucket's connections that come while it is being bound are up to as many as there are at a time, and SYNs are sent again.
_PUNTS_PER_BUCKET = 3 * _CONCURRENCY


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed, granularity="buckets", buckets={"binding": "lazy"})
    addresses = load.Addresses(lab.network)
    first = bucketlab.Buckets(lab, "web").states()
    if not first.get("unbound"):
        raise Broken(f"buckets are {first} before anything happened; lazy ones get their servers later")
    bound = _bind(lab, plan, addresses)

    newcomer = plan.ilbs[-1]
    lab.network.kill_switch(newcomer)
    ownership.await_members(lab, plan.ilbs[:-1], 15)
    lab.step(f"{newcomer.name} is dead and out")
    crowd = Crowd(lab, rate=0)
    before = {service: bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES}
    # The newcomer's tables begin anew, and with them what they count.
    punts = observe.setup_punts(lab.network, lab.vip, but=newcomer)
    found = {}

    def revive():
        time.sleep(_BEFORE)
        crowd.mark()
        since = time.monotonic()
        lab.network.revive_switch(newcomer, lab.controller.openflow)
        found["joined"] = ownership.await_members(lab, plan.ilbs, 30, since)

    lab.step(f"{newcomer.name} comes back empty while new connections are made as fast as they go, {_CONCURRENCY} at a time")
    outcome = load.run(
        lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, seconds=_SECONDS, timeout=_SECONDS, meanwhile=revive
    )
    punts = observe.setup_punts(lab.network, lab.vip) - punts
    lab.step(f"{newcomer.name} was in after {1000 * found['joined']:.0f} ms; {outcome.rate:.0f} connections/s")
    after = {service: bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES}
    for service, buckets in after.items():
        bucketlab.judge_places(lab, buckets, plan.ilbs, seed)
        moved = {index for index, places in buckets.places.items() if places != before[service].places[index]}
        won = {index for index, places in buckets.places.items() if str(newcomer.ilb_id) in places}
        if moved != won:
            raise Broken(f"{len(moved)} buckets of {service} have another owner or backup; the newcomer won {len(won)}")
        if buckets.servers != before[service].servers:
            raise Broken(f"buckets of {service} changed their servers with an ILB that joined")
    lab.figures.update(
        packetInsOfBinding=bound,
        detectionMillis=round(1000 * found["joined"]),
        loadConnections=outcome.begun,
        loadFailed=outcome.failed,
        connectionsPerSecond=round(outcome.rate),
        setupPacketIns=punts,
    )
    crowd.end()
    bucketlab.judge_load(outcome, "while a switch came back")
    if punts:
        raise Broken(f"there were {punts} set-up packet-ins, when all buckets that had connections were bound")


def _bind(lab, plan, addresses):
    """Has every bucket of the web service bound by connections; returns what that cost."""
    punts = observe.setup_punts(lab.network, lab.vip)
    lab.step(f"{_BINDING} requests give every bucket its server")
    outcome = load.run(lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, count=_BINDING)
    punts = observe.setup_punts(lab.network, lab.vip) - punts
    bucketlab.judge_load(outcome, "while buckets were bound")
    buckets = bucketlab.await_states(lab, "web", bucketlab.SETTLED, 10)
    bucketlab.judge_spread(buckets, bucketlab.weigh(plan.servers, [1] * len(plan.servers)))
    lab.step(f"{len(buckets.entries)} buckets are bound, evenly, at the cost of {punts} set-up packet-ins")
    if not 0 < punts <= _PUNTS_PER_BUCKET * len(buckets.entries):
        raise Broken(f"binding {len(buckets.entries)} buckets took {punts} set-up packet-ins")
    return punts
