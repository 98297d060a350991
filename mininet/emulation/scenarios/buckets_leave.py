"""A switch is killed at full load, in front of services with buckets: no connection breaks, living or new, the others ask the controller
for nothing, and no bucket changes its server; only buckets that the dead ILB owned or backed up have another owner or backup.

Five hundred connections carry data both ways, and new ones are made as fast as they go. Where the dead switch's share enters from
then on, the same rules stand already: all that takes time is that the router and the replies look for another way.
"""

import secrets
import time

from emulation import bucketlab, load, observe, ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken

_CONCURRENCY = 8
_SECONDS = 14
_BEFORE = 4
# A segment that was lost is sent again after 0.2 s, then twice that; the machine may be busy.
_LONGEST_STALL = 5000


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    addresses = bucketlab.bring_up(lab, plan, seed)
    crowd = Crowd(lab, rate=0)
    leaver, rest = plan.ilbs[0], plan.ilbs[1:]
    before = {service: bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES}
    punts = observe.setup_punts(lab.network, lab.vip, but=leaver)
    counted = lab.onos.ilb.counters()["packet-ins"]
    found = {}

    def kill():
        time.sleep(_BEFORE)
        crowd.mark()
        since = time.monotonic()
        lab.network.kill_switch(leaver)
        found["detection"] = ownership.await_members(lab, rest, 15, since)

    lab.step(f"{leaver.name} is killed while new connections are made as fast as they go, {_CONCURRENCY} at a time")
    outcome = load.run(
        lab.network, addresses, [[lab.vip, 80]], _CONCURRENCY, seconds=_SECONDS, timeout=_SECONDS, meanwhile=kill
    )
    lab.step(f"{leaver.name} was out after {1000 * found['detection']:.0f} ms; {outcome.rate:.0f} connections/s")
    punts = observe.setup_punts(lab.network, lab.vip, but=leaver) - punts
    counted = lab.onos.ilb.counters()["packet-ins"] - counted
    after = {service: bucketlab.Buckets(lab, service) for service in bucketlab.SERVICES}
    for service, buckets in after.items():
        bucketlab.judge_places(lab, buckets, rest, seed)
        moved = {index for index, places in buckets.places.items() if places != before[service].places[index]}
        due = {index for index, places in before[service].places.items() if str(leaver.ilb_id) in places}
        if moved != due:
            raise Broken(f"{len(moved)} buckets of {service} have another owner or backup; the dead ILB concerned {len(due)}")
        if buckets.servers != before[service].servers:
            raise Broken(f"buckets of {service} changed their servers with an ILB that left")
    lab.figures.update(
        detectionMillis=round(1000 * found["detection"]),
        loadConnections=outcome.begun,
        loadFailed=outcome.failed,
        connectionsPerSecond=round(outcome.rate),
        setupPacketIns=punts,
        packetInsOfAllKinds=counted,
    )
    figures = crowd.end()
    bucketlab.judge_load(outcome, "while a switch was killed")
    if punts:
        raise Broken(f"there were {punts} set-up packet-ins on the ILBs that stayed")
    if figures["stallMillis"]["max"] > _LONGEST_STALL:
        raise Broken(f"a connection stood still for {figures['stallMillis']['max']:.0f} ms")
