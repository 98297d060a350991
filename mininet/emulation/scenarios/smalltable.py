"""Flow tables far smaller than the number of open connections are enough: no ILB has more exact rules than it may, the busy
connections keep theirs, the idle ones cost a packet-in when they speak, and none breaks.
"""

import secrets

from emulation import observe, topology
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

_IDLE = 2000
_BUSY = 100
_RULES = 150
_IDLE_INTERVAL = 12
_WATCH = 26


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed, settings={"maxRules": _RULES})
    idle = lab.traffic(
        "lasting", port=topology.LASTING_PORT, count=_IDLE, interval=_IDLE_INTERVAL, ramp=160, patience=20
    )
    lab.step(f"{_IDLE} connections that speak every {_IDLE_INTERVAL} s; each of the {len(plan.ilbs)} ILBs may have {_RULES} rules")
    wait_until("every connection stands", lambda: idle.progress()[0] >= _IDLE, 60)
    crowd = Crowd(lab, connections=_BUSY, rate=5)
    counted = lab.onos.ilb.counters()
    most = 0
    for _ in range(_WATCH // 2):
        crowd.watch(2)
        counts = _rules(lab)
        most = max(most, *counts.values())
    packet_ins = lab.onos.ilb.counters()["packet-ins"] - counted["packet-ins"]
    known = len(lab.onos.ilb.connections())
    lab.step(f"{known} associations, at most {most} rules on an ILB; {packet_ins} packet-ins in {_WATCH} s")
    idle.stop()
    records = idle.records()
    broken = [record for record in records if record["error"]]
    lab.broken += broken
    figures = crowd.end()
    lab.figures.update(
        openConnections=known,
        mostRules=most,
        allowedRules=_RULES,
        packetIns=packet_ins,
        broken=figures["broken"] + len(broken),
        idleFrames=sum(record["frames"] for record in records),
    )
    if broken:
        raise Broken(f"{len(broken)} of {_IDLE} idle connections broke: {broken[0]['error']}")
    if most > _RULES:
        raise Broken(f"an ILB had {most} exact rules; {_RULES} are allowed")
    if known < _IDLE + _BUSY:
        raise Broken(f"only {known} associations are known of {_IDLE + _BUSY} open connections")


def _rules(lab):
    counts = {switch.name: 0 for switch in lab.plan.ilbs}
    for names in observe.exact_rules(lab.network, lab.vip).values():
        for name in names:
            counts[name] += 1
    return counts
